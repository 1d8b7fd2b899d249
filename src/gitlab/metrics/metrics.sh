# shellcheck shell=bash
# What alerts have to know of this server beyond what GitLab's exporters tell: a text file for the node exporter. And a token for GitLab's Prometheus,
# which may not ask the metadata service: it opens nothing but the way of the metrics. Beside these two, nothing is changed.

METRICS_RUN=/run/gitlab-metrics
# gitlab.rb names it.
METRICS_TOKEN=$METRICS_RUN/token
METRICS_USER=gitlab-prometheus
COLLECTOR=/var/opt/gitlab/node-exporter/textfile_collector
METRICS_FILE=$COLLECTOR/gitlab_server.prom
SSL=/etc/gitlab/ssl
# apt would write its caches down.
APT=(-o Debug::NoLocking=true -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=)

# gauge NAME VALUE HELP [LABEL]: what is not known is left out, and so is what is no number.
gauge() {
  local name=gitlab_server_$1
  [[ $2 =~ ^[0-9]+$ ]] || return 0
  grep -q "^# TYPE $name " "$WORK/metrics" || printf '# HELP %s %s\n# TYPE %s gauge\n' "$name" "$3" "$name" >>"$WORK/metrics"
  printf '%s%s %s\n' "$name" "${4:+{$4\}}" "$2" >>"$WORK/metrics"
}

# What takes longer than a minute is not waited for.
briefly() { timeout 60 "$@" </dev/null 2>>"$LOG"; }

# date takes no text at all for midnight.
seconds_of() { [ -z "$1" ] || date -u -d "$1" +%s 2>>"$LOG" || true; }

modified() { stat -c %Y "$1" 2>/dev/null || true; }

tell_backup() {
  local at=''
  [ -f /etc/systemd/system/gitlab-backup.timer ] || return 0
  [ ! -f "$DATA_STATE/backed-up" ] || read -r _ at <"$DATA_STATE/backed-up" || true
  gauge backup_last_success_timestamp_seconds "$at" "When the last good backup was finished."
  gauge backup_set_up_timestamp_seconds "$(modified /etc/systemd/system/gitlab-backup.timer)" "When backups were set up as they are."
}

# The machine's own units that a timer starts: backups, certificates, patches and others.
tell_tasks() {
  local timer name failed
  for timer in /etc/systemd/system/gitlab-*.timer; do
    name=$(basename "$timer" .timer)
    failed=0
    ! systemctl is-failed --quiet "$name.service" || failed=1
    gauge task_failed "$failed" "Whether the task failed when it was last done." "task=\"$name\""
  done
}

# What nginx shows; where it shows nothing, what it would.
tell_certificate() {
  local end file=$SSL/server.crt
  [ "$SCHEME" = https ] || return 0
  [ ! -f "$SSL/use-lets-encrypt" ] || file=$SSL/$SERVER_HOST.crt
  end=$(briefly openssl s_client -connect 127.0.0.1:443 -servername "$SERVER_HOST" | openssl x509 -noout -enddate 2>/dev/null) || true
  [ -n "$end" ] || end=$(openssl x509 -noout -enddate -in "$file" 2>/dev/null) || true
  gauge certificate_not_after_timestamp_seconds "$(seconds_of "${end#*=}")" "When the certificate of GitLab's web server ends."
}

# Nothing is told of a database that does not answer.
tell_database() {
  local rows
  database_is_askable || return 0
  export PGOPTIONS='-c statement_timeout=30s'
  rows=$(database_sql "SELECT count(*), count(*) FILTER (WHERE status = 4) FROM batched_background_migrations WHERE status NOT IN (3, 6)") || return 0
  gauge migrations_unfinished "${rows%%|*}" "Batched background migrations that are not finished, failed ones included."
  gauge migrations_failed "${rows#*|}" "Batched background migrations that have failed."
  rows=$(database_sql 'SELECT count(*), min(created_at) FROM ci_pending_builds') || return 0
  gauge pending_jobs "${rows%%|*}" "CI jobs that wait for a runner."
  gauge oldest_pending_job_timestamp_seconds "$(seconds_of "${rows#*|}")" "Since when the oldest of these waits."
}

# Whether there are updates is a long question, so it is asked once an hour, and again once something was installed.
tell_packages() {
  local known=$METRICS_RUN/updates status=/var/lib/dpkg/status
  if [ -z "$(find "$known" -mmin -60 -newer "$status" 2>/dev/null)" ]; then
    { briefly apt-get "${APT[@]}" --simulate --with-new-pkgs upgrade >"$WORK/upgrade" && grep -ciE '^Inst .*security' "$WORK/upgrade" >"$known"; } || true
  fi
  gauge security_updates_pending "$(cat "$known" 2>/dev/null)" "Security updates of Ubuntu that are there and not installed."
  gauge packages_changed_timestamp_seconds "$(modified "$status")" "When a package was last installed, changed or removed."
  gauge reboot_required_timestamp_seconds "$(modified /run/reboot-required)" "Since when a restart is due."
}

# Set-up, patches and backups hold the lock.
tell_work() {
  local working=0
  flock --nonblock --shared "$RUN/lock" true 2>/dev/null || working=1
  gauge step_working "$working" "Whether a set-up step, a patch or a backup is at work."
  gauge collected_timestamp_seconds "$(date +%s)" "When all of this was found out."
}

# As the one whose folder it is: root does not write where others could have put a link.
publish() {
  [ -d "$COLLECTOR" ] || die "GitLab's node exporter is not set up: $COLLECTOR is missing; see gitlab-ctl status on the machine, then run this step again"
  # shellcheck disable=SC2016 # its own
  runuser -u "$METRICS_USER" -- /bin/sh -c 'umask 022 && cat >"$1.new" && mv -f "$1.new" "$1"' sh "$METRICS_FILE" <"$WORK/metrics" \
    || die "$METRICS_FILE cannot be written; see $LOG on the machine"
}

hand_out_token() {
  PATIENCE=60
  # with a slash at the end, as whom Azure's own clients name.
  identity_token "$MONITOR_DOMAIN%2F"
  printf '%s' "$TOKEN" >"$METRICS_RUN/token.new"
  chgrp "$METRICS_USER" "$METRICS_RUN/token.new"
  chmod 640 "$METRICS_RUN/token.new"
  mv -f "$METRICS_RUN/token.new" "$METRICS_TOKEN"
}

collect() {
  install -d -m 750 -g "$METRICS_USER" "$METRICS_RUN"
  # a set-up and the timer may come at once, and the files that they put in place have one name.
  exec 8>"$METRICS_RUN/lock"
  flock --wait "$(time_left)" 8 || die "this server's metrics are still collected after $SECONDS seconds; see journalctl --unit gitlab-metrics on the" \
    "machine, then run this step again"
  : >"$WORK/metrics"
  tell_backup
  tell_tasks
  tell_certificate
  tell_database
  tell_packages
  tell_work
  publish
  hand_out_token
}

# Once GitLab sends nothing any more there is no step left that could take this back.
retire() {
  remove_timer gitlab-metrics || true
  runuser -u "$METRICS_USER" -- rm -f "$METRICS_FILE" || true
  rm -rf "$METRICS_RUN" "$LIBRARY"/metrics.{sh,env}
}

# Beside a step that works, whose lock it does not wait for: what it tells is wanted then too, and a token is good for hours only.
write_metrics_timer() {
  write_timer gitlab-metrics "Tells of this server in metrics" "*:0/5" OnBootSec=30s <<UNIT
Wants=network-online.target
After=network-online.target
RequiresMountsFor=/var/opt/gitlab /etc/gitlab
ConditionPathIsMountPoint=/var/opt/gitlab
ConditionPathIsMountPoint=/etc/gitlab
[Service]
Type=oneshot
Nice=10
TimeoutStartSec=240
Environment=LOCK_IS_HELD=yes
ExecStart=/bin/bash $LIBRARY/metrics.sh collect
UNIT
}

begin metrics "$@"
require_data_disk
if [ "${1-}" = collect ]; then
  if grep -qF "$METRICS_TOKEN" /etc/gitlab/gitlab.rb; then
    collect
  else
    retire
  fi
  exit 0
fi
save_step IDENTITY_CLIENT_ID SCHEME SERVER_HOST MONITOR_DOMAIN
collect
write_metrics_timer
say "this server tells of itself each five minutes, in $METRICS_FILE"
