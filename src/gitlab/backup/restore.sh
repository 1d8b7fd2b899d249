# shellcheck shell=bash
# A backup comes back: onto a server that is set up, of the same release, and has no projects yet.

# restore NAME [ACCOUNT [overwrite]]
restore() {
  local name=${1-}
  BACKUP_ACCOUNT=${2:-$BACKUP_ACCOUNT}
  # people copy the name of the archive as well.
  name=${name%_gitlab_backup.tar}
  require_release "$name"
  require_no_projects "${3-}"
  fetch_configuration "$name"
  fetch_archive "$name"
  restore_configuration
  load_backup
  restore_state runners/list
  start_restored
  secrets_fit || die "$(other_secrets "$name"), then restore again, with overwrite after the storage account's name"
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
    die "this server has $projects projects, which a restore would replace; if that is meant, restore again with overwrite after the storage" \
    "account's name"
  fi
}

# Secrets and host keys are the backup's; gitlab.rb and certificates stay those of the stack, which may have moved.
restore_configuration() {
  local key
  write_file /etc/gitlab/gitlab-secrets.json 600 <"$WORK/configuration/etc/gitlab/gitlab-secrets.json"
  install -d -m 700 "$DATA_ROOT/ssh"
  # a backup of a server that was set up by hand has them where they are used, or, in GitLab's own container image, beside the secrets.
  for key in "$WORK/configuration"{"$DATA_ROOT"/ssh,/etc/ssh,/etc/gitlab}/ssh_host_*; do
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

# tell_gitlab MOMENT: what GitLab's own step does around a restore.
tell_gitlab() {
  LOCK_IS_HELD=yes run "telling GitLab's set-up: $1" /bin/bash "$LIBRARY/gitlab.sh" "$1" || die "GitLab's set-up does not follow, the lines above say why;" \
    "restore again once that is mended"
}

load_backup() {
  tell_gitlab before-restore
  run "configuring GitLab with the restored secrets" gitlab-ctl reconfigure || die "GitLab cannot be configured, the lines above say why; restore" \
    "again once that is mended"
  run "stopping what writes to the database" gitlab-ctl stop puma || die "puma cannot be stopped, the lines above say why; restore again"
  run "stopping the background jobs" gitlab-ctl stop sidekiq || die "sidekiq cannot be stopped, the lines above say why; restore again"
  # without a name it takes what is unpacked.
  GITLAB_ASSUME_YES=1 run "restoring" gitlab-backup restore || die "the backup cannot be restored, the lines above say why; restore again once" \
    "that is mended"
  remove_backup_parts
  ON_FAILURE=''
}

start_restored() {
  run "configuring GitLab" gitlab-ctl reconfigure || die "GitLab cannot be configured, the lines above say why; restore" \
    "again once that is mended"
  run "starting GitLab" gitlab-ctl restart || die "GitLab cannot be started, the lines above say why; restore again once that is mended"
  RECONFIGURED=yes
  wait_ready
}

# doctor_count LINE: the number in what the doctor says of a kind of row, or of all.
doctor_count() { sed -nE "s/.*$1.*/\1/p" "$WORK/doctor" | tail -n 1 | grep . || echo 0; }

# Some rows that nobody can decrypt may be as old as the data. If they are all, the secrets are another server's.
secrets_fit() {
  local broken kept
  : >"$WORK/doctor"
  RUN_OUTPUT=$WORK/doctor run "checking that the secrets fit the data" gitlab-rake gitlab:doctor:secrets || say "WARNING: GitLab cannot check its secrets"
  cat "$WORK/doctor" >>"$LOG"
  # it says success whatever it has found.
  broken=$(doctor_count 'Total: ([0-9]+) row')
  [ "$broken" != 0 ] || return 0
  kept=$(database_sql 'SELECT (SELECT count(*) FROM ci_runners) + (SELECT count(*) FROM ci_variables)') || kept=999999
  if [ "$kept" -le $(($(doctor_count 'Ci::Runner failures: ([0-9]+)') + $(doctor_count 'Ci::Variable failures: ([0-9]+)'))) ]; then
    return 1
  fi
  say "WARNING: rows that the secrets do not decrypt, as on the server that made the backup: $broken; see gitlab-rake gitlab:doctor:secrets VERBOSE=1 on the" \
    "machine"
}

other_secrets() {
  echo "the secrets in $SECRETS_CONTAINER/$1.tar.gz decrypt nothing of the backup, so they are of another server; put those of the server that made the backup there"
}

check_restored() {
  run "checking GitLab" gitlab-rake gitlab:check SANITIZE=true || say "WARNING: gitlab:check found faults; see $LOG on the machine"
  say "collecting the database's statistics"
  database_sql ANALYZE >>"$LOG" || say "WARNING: the database's statistics are not up to date"
}
