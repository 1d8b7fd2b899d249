# shellcheck shell=bash
# An empty server becomes the one of the backup, once. The work is done by a unit of the machine, which may take longer than a step: the step waits for
# it, and a later run waits on.

UNIT=gitlab-recovery.service
OUTPUT=$RUN/recovery.output

recover() {
  local name
  read -r _ name _ <"$CHOSEN"
  require_release "$name"
  if [ ! -f "$RESTORING" ] || [ "$(cat "$RESTORING")" != "$name loaded" ]; then
    # projects that a load has begun to bring are nobody's work.
    [ -f "$RESTORING" ] || require_empty
    fetch_configuration "$name"
    fetch_archive "$name"
    require_database_part
    restore_configuration
    write_file "$RESTORING" 600 <<<"$name"
    load_backup
    restore_state runners/list
    write_file "$RESTORING" 600 <<<"$name loaded"
  fi
  start_restored
  if ! secrets_fit; then
    # the next run begins anew, with what is there then.
    write_file "$RESTORING" 600 <<<"$name"
    die "$(other_secrets "$name"), then apply"
  fi
  keep_secrets
  tell_gitlab after-restore
  check_restored
  tell_of_runners
  write_file "$RESTORED" 600 <<<"$name"
  rm -f "$RESTORING"
  say "the backup $name is restored; root's password is the one from there, not the one in Key Vault $SERVER_VAULT"
}

require_empty() {
  local projects
  projects=$(database_sql 'SELECT count(*) FROM projects') || die "the database does not answer; see gitlab-ctl status on the machine"
  [ "$projects" = 0 ] || die "this server has $projects projects already, so nothing is restored; take restoreFrom out of the program, or apply it where" \
    "there is no server yet"
}

# GitLab would restore the rest without a word, and all of it would be nobody's.
require_database_part() {
  [ -d "$BACKUPS/db" ] || die "the backup holds no database, so it was made with SKIP=db or the like; choose one that has all parts, then apply"
}

# Those of a server that this library did not make are nobody's to remove.
tell_of_runners() {
  local count
  [ ! -f "$DATA_STATE/runners/list" ] || return 0
  count=$(database_sql 'SELECT count(*) FROM ci_runners') || count=0
  [ "$count" = 0 ] || say "runners that came along from the earlier server and stay as they are: $count; see docs/moving-in.md"
}

# The unit runs side by side with this script, and takes the lock from it.
start_unit() {
  flock --unlock 9
  if systemctl is-active --quiet "$UNIT"; then
    return 0
  fi
  systemctl reset-failed "$UNIT" 2>>"$LOG" || true
  rm -f "$OUTPUT"
  systemd-run --quiet --unit="$UNIT" --property="StandardOutput=append:$OUTPUT" /bin/bash "$LIBRARY/recovery.sh" run 2>>"$LOG" 9>&- \
    || die "the restore cannot be started; see $LOG on the machine, then run this step again"
}

await_unit() {
  local reason
  while systemctl is-active --quiet "$UNIT"; do
    pause 1 "restoring the backup, which goes on by itself,"
  done
  touch "$OUTPUT"
  sed -nE '/^exit:|^[0-9:]+ failed: /!p' "$OUTPUT" | tail -n 40
  if [ "$(tail -n 1 "$OUTPUT")" != exit:0 ]; then
    reason=$(sed -nE 's/^[0-9:]+ failed: //p' "$OUTPUT" | tail -n 1)
    die "${reason:-the restore was cut off; run this step again to go on}"
  fi
}

begin recovery "$@"
RECONFIGURED=''
require_data_disk
leave_if_restored
if [ "${1-}" = run ]; then
  recover
  exit 0
fi
choose_backup
keep_choice
own=$DEADLINE_SECONDS
DEADLINE_SECONDS=82800
save_step DEADLINE_SECONDS IDENTITY_CLIENT_ID KEY_VAULT_DOMAIN BLOB_DOMAIN SCHEME SERVER_HOST SERVER_VAULT BACKUP_ACCOUNT BACKUP_CONTAINER SECRETS_CONTAINER
DEADLINE_SECONDS=$own
start_unit
await_unit
