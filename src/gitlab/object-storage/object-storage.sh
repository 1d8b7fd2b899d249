# shellcheck shell=bash
# Object storage: nothing to fetch, since GitLab signs in by a managed identity; but long-lived processes have lost that sign-in
# after a day, so they begin anew each night.

write_object_storage_timer() {
  if [ -z "${OBJECT_STORAGE-}" ]; then
    remove_timer gitlab-sign-in || true
    return 0
  fi
  write_timer gitlab-sign-in "Lets GitLab sign in to Blob storage anew" "*-*-* 01:15:00 UTC" <<'UNIT'
ConditionPathIsMountPoint=/var/opt/gitlab
[Service]
Type=oneshot
Environment=HOME=/root LANG=C.UTF-8
ExecStart=/opt/gitlab/bin/gitlab-ctl hup puma
ExecStart=/opt/gitlab/bin/gitlab-ctl restart sidekiq
UNIT
}

on timers write_object_storage_timer
