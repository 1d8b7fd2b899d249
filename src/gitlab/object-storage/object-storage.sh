# shellcheck shell=bash
# Object storage: nothing to fetch, since GitLab signs in by a managed identity; but long-lived processes have lost that sign-in
# after a day, so they begin anew each night.

write_object_storage_timer() {
  if [ -z "${OBJECT_STORAGE-}" ]; then
    if [ -f /etc/systemd/system/gitlab-sign-in.timer ]; then
      systemctl disable --now gitlab-sign-in.timer >>"$LOG" 2>&1 || true
      rm -f /etc/systemd/system/gitlab-sign-in.{timer,service}
      systemctl daemon-reload
    fi
    return 0
  fi
  write_file /etc/systemd/system/gitlab-sign-in.service 644 <<'UNIT'
[Unit]
Description=Lets GitLab sign in to Blob storage anew
ConditionPathIsMountPoint=/var/opt/gitlab
[Service]
Type=oneshot
Environment=HOME=/root LANG=C.UTF-8
ExecStart=/opt/gitlab/bin/gitlab-ctl hup puma
ExecStart=/opt/gitlab/bin/gitlab-ctl restart sidekiq
UNIT
  write_file /etc/systemd/system/gitlab-sign-in.timer 644 <<'UNIT'
[Unit]
Description=Lets GitLab sign in to Blob storage anew
[Timer]
OnCalendar=*-*-* 01:15:00 UTC
[Install]
WantedBy=timers.target
UNIT
  start_timer gitlab-sign-in
}
