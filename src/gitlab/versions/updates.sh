# shellcheck shell=bash
# Patch releases: where the stack names a minor version, its newest patch, once a week in the second half of the maintenance window. The first half is
# Ubuntu's, which may end with a restart.

# An update that a restart cut off goes on when the machine is up again.
UPDATE_MARK=$OS_STATE/updating

# update: systemd has the lock before it starts this, so script and data are those of the last apply.
update() {
  local found edition
  # what has begun goes on to its end: a restart waits for it.
  trap '' HUP INT TERM
  if ! follows_minor; then
    say "nothing to do: the stack wants exactly GitLab $WANTED"
    return 0
  fi
  # for a week: who has given that up does not want to be without patches.
  if [ -n "$(awaited_version)" ] && [ -n "$(find "$DATA_STATE/recovery/chosen" -mtime -7)" ]; then
    say "nothing to do: the backup that is to be restored needs GitLab $(awaited_version)"
    return 0
  fi
  [ -f "$DATA_STATE/set-up" ] || die "GitLab is not set up; apply the stack"
  uncover_gitlab_rb
  GITLAB_RB=$(cat "$GITLAB_RB_FILE")
  find_versions
  found=${INSTALLED:-$DATA} edition=${INSTALLED_EDITION:-$DATA_EDITION}
  if [ "$(minor_of "$found") $edition" != "$WANTED $EDITION" ]; then
    die "this server runs GitLab $found ($edition), and its stack wants $WANTED ($EDITION); apply the stack"
  fi
  TAKES_NEWEST=yes
  put_package_in_place
  configure
  forget_update
  say "GitLab $VERSION ($EDITION) is the newest $WANTED"
}

# Set as a unit alone: what an apply began, the next apply ends.
mark_update() { [ -z "$AS_UNIT" ] || touch "$UPDATE_MARK"; }

forget_update() { rm -f "$UPDATE_MARK"; }

# UPDATE_START: day and time, as systemd takes them.
find_update_start() {
  UPDATE_START=$(date -u -d "$UPDATE_DAY $UPDATE_TIME $((UPDATE_WINDOW_MINUTES / 2)) minutes" '+%a %H:%M') \
    || die "no time is $UPDATE_DAY $UPDATE_TIME and half of $UPDATE_WINDOW_MINUTES minutes; give maintenanceWindow another value and apply"
}

remove_update_timer() {
  if [ -f /etc/systemd/system/gitlab-update.timer ]; then
    systemctl disable --now gitlab-update.timer >>"$LOG" 2>&1 || true
    rm -f /etc/systemd/system/gitlab-update.timer
    systemctl daemon-reload
  fi
}

remove_update_units() {
  remove_update_timer
  if [ -f /etc/systemd/system/gitlab-update.service ]; then
    systemctl disable gitlab-update-resume.service >>"$LOG" 2>&1 || true
    rm -f /etc/systemd/system/gitlab-update{,-failed,-resume}.service "$UPDATE_MARK"
    systemctl daemon-reload
  fi
}

write_update_units() {
  # the lock first: what an apply puts there meanwhile is what then runs.
  write_file /etc/systemd/system/gitlab-update.service 644 <<UNIT
[Unit]
Description=Installs GitLab's newest patch release
Wants=network-online.target
After=network-online.target gitlab-runsvdir.service
RequiresMountsFor=/var/opt/gitlab /etc/gitlab
ConditionPathIsMountPoint=/var/opt/gitlab
ConditionPathIsMountPoint=/etc/gitlab
OnFailure=gitlab-update-failed.service
[Service]
Type=oneshot
Environment=LOCK_IS_HELD=yes
RuntimeDirectory=${RUN#/run/}
RuntimeDirectoryMode=0700
RuntimeDirectoryPreserve=yes
ExecStart=/usr/bin/flock --no-fork --wait 5400 $RUN/lock /bin/bash $LIBRARY/gitlab.sh update
TimeoutStopSec=${DEADLINE_SECONDS:-3300}
UNIT
  write_file /etc/systemd/system/gitlab-update-failed.service 644 <<'UNIT'
[Unit]
Description=Tells of a patch release of GitLab that was not installed
[Service]
Type=oneshot
ExecStart=/usr/bin/logger --priority daemon.alert --tag gitlab-update "GitLab was not updated; see journalctl --unit gitlab-update"
UNIT
  write_file /etc/systemd/system/gitlab-update-resume.service 644 <<UNIT
[Unit]
Description=Goes on with a patch release of GitLab that a restart cut off
ConditionPathExists=$UPDATE_MARK
[Service]
Type=oneshot
ExecStart=/usr/bin/systemctl start --no-block gitlab-update.service
[Install]
WantedBy=multi-user.target
UNIT
  systemctl is-enabled --quiet gitlab-update-resume.service 2>/dev/null || systemctl enable gitlab-update-resume.service >>"$LOG" 2>&1
}

write_update_timer() {
  if ! follows_minor; then
    remove_update_units
    return 0
  fi
  write_update_units
  if [ -z "${UPDATE_DAY-}" ]; then
    remove_update_timer
    return 0
  fi
  find_update_start
  # not persistent: a window that was missed is no reason to be away outside of it.
  write_file /etc/systemd/system/gitlab-update.timer 644 <<UNIT
[Unit]
Description=Installs GitLab's newest patch release
[Timer]
OnCalendar=$UPDATE_START UTC
[Install]
WantedBy=timers.target
UNIT
  start_timer gitlab-update
  if systemctl is-failed --quiet gitlab-update.service; then
    say "WARNING: the last patch release was not installed; see journalctl --unit gitlab-update on the machine"
  fi
}

on upgrading mark_update
on upgrade-failed forget_update
on timers write_update_timer
on command-update update
