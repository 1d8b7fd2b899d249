# shellcheck shell=bash
# The two blobs of a backup: the archive of gitlab-backup, and the configuration that it leaves out.

BACKUPS=/var/opt/gitlab/backups

# backup_parts ACTION…: what a backup leaves in GitLab's folder for somebody else to take away: all but finished archives. GitLab owns that folder,
# so the names in it may be anything, also lines and options.
backup_parts() {
  find "$BACKUPS" -mindepth 1 -maxdepth 1 ! -name '*_gitlab_backup.tar' ! -name tmp "$@"
}

remove_backup_parts() { backup_parts -exec rm -rf {} +; }

# find_part CONTAINER NAME: SIZE of a blob that has to be there.
find_part() {
  blob_size "$1/$2"
  [ -n "$SIZE" ] || die "the storage account $BACKUP_ACCOUNT has no $1/$2; put it there or choose another backup, then run this step again"
}

# fetch_configuration NAME: what was in the second blob, in $WORK/configuration.
fetch_configuration() {
  local blob=$SECRETS_CONTAINER/$1.tar.gz secrets=$WORK/configuration/etc/gitlab/gitlab-secrets.json
  find_part "$SECRETS_CONTAINER" "$1.tar.gz"
  rm -rf "$WORK/configuration"
  mkdir "$WORK/configuration"
  say "fetching the configuration"
  blob_download "$blob" tar -C "$WORK/configuration" -xzf -
  # none of ours is one, and root would take what it leads to.
  find "$WORK/configuration" -type l -delete
  [ -f "$secrets" ] || die "$blob in $BACKUP_ACCOUNT holds no etc/gitlab/gitlab-secrets.json; put the file with it there or choose another backup," \
    "then run this step again"
  [ -n "$(json_field "$secrets" gitlab_rails.db_key_base)" ] || die "the gitlab-secrets.json in $blob in $BACKUP_ACCOUNT holds none of GitLab's secrets; put" \
    "the one of the server that made the backup there, then run this step again"
}

# check_archive NAME: a tape archive ends with two blocks of zeros, which one that was cut off lacks.
check_archive() {
  local archive=$BACKUP_CONTAINER/${1}_gitlab_backup.tar
  find_part "$BACKUP_CONTAINER" "${1}_gitlab_backup.tar"
  [ "$SIZE" -lt 1024 ] || blob_call GET "$archive" '' "x-ms-range: bytes=$((SIZE - 1024))-$((SIZE - 1))"
  if [ "$SIZE" -lt 1024 ] || [ "$(tr -d '\0' <"$WORK/answer" | wc -c)" != 0 ]; then
    die "$archive in $BACKUP_ACCOUNT is cut off after $SIZE bytes; upload it again, or choose another backup, then run this step again"
  fi
}

# fetch_archive NAME: unpacked where GitLab looks for it.
fetch_archive() {
  local archive=${1}_gitlab_backup.tar
  find_part "$BACKUP_CONTAINER" "$archive"
  [ -d "$BACKUPS" ] || install -d -m 700 -o git -g git "$BACKUPS"
  remove_backup_parts
  ON_FAILURE=remove_backup_parts
  require_space /var/opt/gitlab $((SIZE * 22 / 10485760 + 1000))
  say "fetching $((SIZE / 1048576)) MB"
  # as the user whose folder it is: he could put a link in root's way.
  blob_download "$BACKUP_CONTAINER/$archive" setpriv --reuid=git --regid=git --clear-groups tar -C "$BACKUPS" -xf -
  require_own_name "$archive"
}

# What GitLab would refuse after the secrets were exchanged. RELEASE is what the name says; of the Community Edition the archive says the version alone.
require_own_name() {
  local stated
  [ -f "$BACKUPS/backup_information.yml" ] || die "$1 in $BACKUP_ACCOUNT is no archive of gitlab-backup: it has no backup_information.yml;" \
    "upload the archive, then run this step again"
  stated=$(sed -nE 's/^:?gitlab_version: *["'\'']?([0-9.]+(-ee)?).*/\1/p' "$BACKUPS/backup_information.yml" | head -n 1)
  [[ $stated == *-ee ]] || stated+=-ce
  [ "$stated" = "$RELEASE" ] || die "$1 in $BACKUP_ACCOUNT is of GitLab ${stated%-*} (${stated##*-}), whatever its name says; give both blobs their own" \
    "names again and the program that version and edition, then run this step again"
}
