# shellcheck shell=bash
# Backups beside the step of GitLab: one before each upgrade, and none once the stack wants none any more.

# The package backs up the database alone, so where there are backups, one of all comes first.
back_up_before_upgrade() {
  local made=''
  if [ -z "${BACKUP-}" ] || [ ! -f "$LIBRARY/backup.sh" ]; then
    return 0
  fi
  [ ! -f "$DATA_STATE/backed-up" ] || made=$(cat "$DATA_STATE/backed-up")
  # an upgrade that ran out of time does not start with the same backup again.
  if [ "${made% *}" = "$INSTALLED-$INSTALLED_EDITION" ] && [ $(($(date +%s) - ${made##* })) -lt 21600 ]; then
    return 0
  fi
  LOCK_IS_HELD=yes run "backing up before the upgrade" /bin/bash "$LIBRARY/backup.sh" create \
    || die "no backup could be made, so nothing is upgraded; mend what the lines above say, or take backup out of the stack, then run this step again"
}

# Where backups were taken out of the stack, there is nowhere to put them any more.
remove_backup_timer() {
  if [ -z "${BACKUP-}" ] && remove_timer gitlab-backup; then
    rm -f "$LIBRARY"/backup.{sh,env}
    say "no backups are made any more"
  fi
}

keep BACKUP
on before-upgrade back_up_before_upgrade
on timers remove_backup_timer
