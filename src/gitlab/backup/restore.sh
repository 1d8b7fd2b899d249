# shellcheck shell=bash
# A backup comes back: onto a server that is set up, of the same release, and has no projects yet.

BACKUPS=/var/opt/gitlab/backups

# backup_parts ACTION…: what a backup leaves in GitLab's folder for somebody else to take away: all but finished archives. GitLab owns that folder,
# so the names in it may be anything, also lines and options.
backup_parts() {
  find "$BACKUPS" -mindepth 1 -maxdepth 1 ! -name '*_gitlab_backup.tar' ! -name tmp "$@"
}

remove_backup_parts() { backup_parts -exec rm -rf {} +; }

# restore NAME [ACCOUNT [overwrite]]
restore() {
  local name=${1-}
  BACKUP_ACCOUNT=${2:-$BACKUP_ACCOUNT}
  # people copy the name of the archive as well.
  name=${name%_gitlab_backup.tar}
  require_release "$name"
  require_no_projects "${3-}"
  restore_configuration "$name"
  fetch_backup "$name"
  load_backup
  restore_state runners/list
  start_restored
  check_restored
  # so that the next apply configures, keeps the secrets and hands out the runners' tokens, whatever its stamps say.
  rm -f "$OS_STATE/reconfigured"
  say "the backup $name is restored; give another rerun and apply, which brings the vaults and the runners up to date"
}

require_release() {
  local installed
  backup_release "$1"
  installed=$(installed_release)
  [ "$installed" = "$RELEASE" ] || die "the backup is of GitLab $RELEASE and this server runs ${installed:-none};" \
    "set version and edition to those, apply, then restore"
}

# A restore that failed may have dropped the tables, and has to come again.
require_no_projects() {
  local tables projects=0 silent='the database does not answer; see gitlab-ctl status on the machine'
  tables=$(database_sql "SELECT count(to_regclass('public.projects'))") || die "$silent"
  if [ "$tables" != 0 ]; then
    projects=$(database_sql 'SELECT count(*) FROM projects') || die "$silent"
  fi
  if [ "$projects" != 0 ] && [ "$1" != overwrite ]; then
    die "this server has $projects projects, which a restore would replace; say overwrite after the storage account's name if that is meant"
  fi
}

# Secrets and host keys are the backup's; gitlab.rb and certificates stay those of the stack, which may have moved.
restore_configuration() {
  local archive=$SECRETS_CONTAINER/$1.tar.gz key
  blob_size "$archive"
  [ -n "$SIZE" ] || die "the storage account $BACKUP_ACCOUNT has no $archive; choose another backup"
  mkdir "$WORK/configuration"
  say "fetching the configuration"
  blob_download "$archive" tar -C "$WORK/configuration" -xzf -
  # none of ours is one, and root would take what it leads to.
  find "$WORK/configuration" -type l -delete
  [ -s "$WORK/configuration/etc/gitlab/gitlab-secrets.json" ] || die "$archive holds no gitlab-secrets.json; choose another backup"
  write_file /etc/gitlab/gitlab-secrets.json 600 <"$WORK/configuration/etc/gitlab/gitlab-secrets.json"
  install -d -m 700 "$DATA_ROOT/ssh"
  # a backup of a server that was set up by hand has them where they are used.
  for key in "$WORK/configuration$DATA_ROOT"/ssh/ssh_host_* "$WORK/configuration"/etc/ssh/ssh_host_*; do
    install -m "$(stat -c %a "$key")" "$key" "/etc/ssh/${key##*/}"
    install -m "$(stat -c %a "$key")" "$key" "$DATA_ROOT/ssh/${key##*/}"
  done
  systemctl try-reload-or-restart ssh.service >>"$LOG" 2>&1 || true
  # the list that is here names runners of a database that goes. Without one they are looked for by their notes, for which the key is enough.
  rm -f "$DATA_STATE/runners/list"
  restore_state runners/key
  restore_state settings-once
  restore_state sign-in/promoted
}

# restore_state FILE: backups of earlier releases lack some of them, and those of other servers all.
restore_state() {
  local kept=$WORK/configuration$DATA_STATE/$1
  [ ! -f "$kept" ] || write_file "$DATA_STATE/$1" 600 <"$kept"
}

fetch_backup() {
  local archive=$BACKUP_CONTAINER/${1}_gitlab_backup.tar
  blob_size "$archive"
  [ -n "$SIZE" ] || die "the storage account $BACKUP_ACCOUNT has no $archive; choose another backup"
  [ -d "$BACKUPS" ] || install -d -m 700 -o git -g git "$BACKUPS"
  remove_backup_parts
  require_space /var/opt/gitlab $((SIZE * 22 / 10485760 + 1000))
  say "fetching $((SIZE / 1048576)) MB"
  # as the user whose folder it is: he could put a link in root's way.
  blob_download "$archive" setpriv --reuid=git --regid=git --clear-groups tar -C "$BACKUPS" -xf -
}

load_backup() {
  ON_FAILURE=remove_backup_parts
  run "configuring GitLab with the restored secrets" gitlab-ctl reconfigure || die "GitLab cannot be configured, the lines above say why"
  run "stopping what writes to the database" gitlab-ctl stop puma || die "puma cannot be stopped, the lines above say why"
  run "stopping the background jobs" gitlab-ctl stop sidekiq || die "sidekiq cannot be stopped, the lines above say why"
  # without a name it takes what is unpacked.
  GITLAB_ASSUME_YES=1 run "restoring" gitlab-backup restore || die "the backup cannot be restored, the lines above say why; restore again once" \
    "that is mended"
  remove_backup_parts
  ON_FAILURE=''
}

start_restored() {
  run "configuring GitLab" gitlab-ctl reconfigure || die "GitLab cannot be configured, the lines above say why"
  run "starting GitLab" gitlab-ctl restart || die "GitLab cannot be started, the lines above say why"
  RECONFIGURED=yes
  wait_ready
}

check_restored() {
  run "checking GitLab" gitlab-rake gitlab:check SANITIZE=true || say "WARNING: gitlab:check found faults; see $LOG on the machine"
  run "checking that the secrets fit the data" gitlab-rake gitlab:doctor:secrets \
    || say "WARNING: gitlab:doctor:secrets found faults; see $LOG on the machine"
  say "collecting the database's statistics"
  database_sql ANALYZE >>"$LOG" || say "WARNING: the database's statistics are not up to date"
}
