# shellcheck shell=bash
# Backups: GitLab's own, and beside them the configuration with its secrets, which GitLab leaves out.

# beside GitLab's own folder, which the package uses for its own backup before an upgrade, and on the same mount.
OUTGOING=/var/opt/gitlab/backup-outgoing

# a database whose disk is full stops, so a backup must not fill it.
require_space_for_backup() {
  local files database
  files=$(du -sm --total /var/opt/gitlab/git-data /var/opt/gitlab/gitlab-rails /var/opt/gitlab/registry 2>/dev/null | tail -n 1 | cut -f 1) || true
  database=$(database_megabytes) || true
  require_space /var/opt/gitlab $((${files:-0} + ${database:-0} / 2 + 1000))
}

make_backup() {
  local release name part
  local -a parts configuration=(/etc/gitlab "$DATA_ROOT/ssh")
  ON_FAILURE=clean_up_backup
  release=$(installed_release)
  [ -n "$release" ] || die "GitLab is not installed; give another rerun and apply"
  name=$(date -u +%Y%m%dT%H%M%SZ)-$release
  [ -d "$BACKUPS" ] || install -d -m 700 -o git -g git "$BACKUPS"
  remove_backup_parts
  rm -rf "$OUTGOING"
  require_space_for_backup
  run "backing GitLab up as $name" gitlab-backup create "BACKUP=$name" "SKIP=${EXCLUDED_PARTS:+$EXCLUDED_PARTS,}remote,tar" \
    || die "GitLab cannot be backed up, the lines above say why; run this step again once that is mended"
  [ -f "$BACKUPS/backup_information.yml" ] || die "GitLab said it made a backup but left none in $BACKUPS; leave gitlab_rails.backup_path as it is, and apply"
  mkdir -m 700 "$OUTGOING"
  backup_parts -exec mv -t "$OUTGOING" {} +
  # what belongs to the database: the list of runners, whose ids it holds, and what was set or given once, and is the administrators' since.
  for part in runners settings-once sign-in/promoted; do
    [ ! -e "$DATA_STATE/$part" ] || configuration+=("$DATA_STATE/$part")
  done
  say "uploading the configuration to $BACKUP_ACCOUNT/$SECRETS_CONTAINER"
  blob_upload "$SECRETS_CONTAINER/$name.tar.gz" tar -C / -czf - "${configuration[@]#/}"
  # what is left to do only reads what is finished, so other steps need not wait for it.
  [ -n "${LOCK_IS_HELD-}" ] || flock --unlock 9
  parts=("$OUTGOING"/*)
  say "uploading $(du -sh "$OUTGOING" | cut -f 1) to $BACKUP_ACCOUNT/$BACKUP_CONTAINER"
  blob_upload "$BACKUP_CONTAINER/${name}_gitlab_backup.tar" tar -C "$OUTGOING" -cf - -- "${parts[@]##*/}"
  rm -rf "$OUTGOING"
  ON_FAILURE=''
  write_file "$DATA_STATE/backed-up" 644 <<<"$release $(date +%s)"
  say "the backup $name is in the storage account $BACKUP_ACCOUNT"
}

clean_up_backup() { rm -rf "$OUTGOING"; }

# A backup that failed, also one that was killed, is told of where the backups are looked for.
tell_of_failure() {
  journalctl --sync || true
  journalctl --unit=gitlab-backup --lines=60 --output=cat --no-pager >"$WORK/failure"
  PATIENCE=30
  blob_put "$BACKUP_CONTAINER/failures/$(date -u +%Y%m%dT%H%M%SZ).log" "$WORK/failure"
}

# so that an apply that ends well has seen the way there open.
check_storage() {
  local container
  printf 'Backups of %s, by the machine %s.\n' "$SERVER_HOST" "$(hostname)" >"$WORK/about"
  for container in "$BACKUP_CONTAINER" "$SECRETS_CONTAINER"; do
    blob_put "$container/README" "$WORK/about"
  done
}

write_backup_timer() {
  write_file /etc/systemd/system/gitlab-backup-failed.service 644 <<UNIT
[Unit]
Description=Tells of a backup of GitLab that failed
[Service]
Type=oneshot
ExecStart=/usr/bin/logger --priority daemon.alert --tag gitlab-backup "GitLab was not backed up; see journalctl --unit gitlab-backup"
ExecStart=/bin/bash $LIBRARY/backup.sh failed
UNIT
  write_timer gitlab-backup "Backs GitLab up to Blob storage" "$BACKUP_SCHEDULE UTC" Persistent=true <<UNIT
Wants=network-online.target
After=network-online.target gitlab-runsvdir.service
RequiresMountsFor=/var/opt/gitlab /etc/gitlab
ConditionPathIsMountPoint=/var/opt/gitlab
ConditionPathIsMountPoint=/etc/gitlab
OnFailure=gitlab-backup-failed.service
[Service]
Type=oneshot
Nice=10
ExecStart=/bin/bash $LIBRARY/backup.sh create
UNIT
}

begin backup "$@"
RECONFIGURED=''
require_data_disk
case ${1-} in
  create)
    make_backup
    exit 0
    ;;
  failed)
    tell_of_failure
    exit 0
    ;;
  restore)
    restore "${@:2}"
    exit 0
    ;;
esac
check_storage
# a backup may take as long as it takes, until the next day's.
DEADLINE_SECONDS=82800
save_step DEADLINE_SECONDS IDENTITY_CLIENT_ID KEY_VAULT_DOMAIN BLOB_DOMAIN SCHEME SERVER_HOST BACKUP_ACCOUNT BACKUP_CONTAINER SECRETS_CONTAINER EXCLUDED_PARTS
write_backup_timer
if systemctl is-failed --quiet gitlab-backup.service; then
  say "WARNING: the last backup failed; see journalctl --unit gitlab-backup on the machine"
fi
# which systemd does not say while one is made, whose upload no step waits for.
due=$(systemctl show --property NextElapseUSecRealtime --value gitlab-backup.timer)
say "the next backup is due ${due:-once this one is made}"
