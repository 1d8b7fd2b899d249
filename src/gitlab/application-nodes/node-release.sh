# shellcheck shell=bash
# The node's side of the gate, and what drains it before it goes down.

CONFIGURING=/run/gitlab-configuring
DRAINING=/run/gitlab-draining

# The server's authority too, where it has one of its own: GitLab calls itself by its own address.
write_release_units() {
  write_release_program
  write_file /etc/systemd/system/gitlab-release.service 644 <<UNIT
[Unit]
Description=Starts and stops GitLab's application by the release that the server's own machine allows
Wants=network-online.target
After=network-online.target
[Service]
ExecStart=/usr/bin/python3 -I $RELEASE_PROGRAM watch $NODE_SERVER $NODE_NAME
Restart=always
RestartSec=5
NotifyAccess=main
WatchdogSec=30
TimeoutAbortSec=5
[Install]
WantedBy=multi-user.target
UNIT
  # not wanted by a target, which would wait for it: GitLab's own unit waits for multi-user.target, and systemd drops one of those that wait in a circle.
  write_file /etc/systemd/system/gitlab-drain.service 644 <<UNIT
[Unit]
Description=Has the load balancer send nothing more before GitLab stops
After=gitlab-runsvdir.service network-online.target ssh.service ssh.socket
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/bin/true
ExecStop=/usr/bin/python3 -I $RELEASE_PROGRAM drain
TimeoutStopSec=60
[Install]
WantedBy=gitlab-runsvdir.service
UNIT
  # GitLab does not start before its release may.
  write_file /etc/systemd/system/gitlab-runsvdir.service.d/release.conf 644 <<UNIT
[Service]
ExecCondition=/usr/bin/python3 -I $RELEASE_PROGRAM may-start $NODE_SERVER $NODE_NAME
UNIT
  systemctl daemon-reload
}

start_release_units() {
  systemctl enable --now gitlab-drain.service >>"$LOG" 2>&1
  systemctl enable gitlab-release.service >>"$LOG" 2>&1
  systemctl restart gitlab-release.service
}

# RELEASE: what the server's own machine runs, once it is done with an upgrade. Waited for, since after that the step has to run again anyway.
wait_for_release() {
  local announced=''
  while :; do
    RELEASE=$(ask_redis GET "$RELEASE_KEY") || RELEASE=''
    case $RELEASE in
      '' | upgrading*) ;;
      *) return 0 ;;
    esac
    if [ -z "$announced" ]; then
      say "waiting for the server's own machine (${RELEASE:-no answer from Redis at $NODE_SERVER: $(redis_complaint)})"
      announced=yes
    fi
    pause 5 "waiting for the server's own machine"
  done
}

# Whether others serve while this node does not.
others_serve() {
  local key value
  for key in $(ask_redis KEYS 'gitlab-server:node:*' || true); do
    value=$(ask_redis GET "$key") || value=stopped
    case $value in
      '' | stopped) ;;
      *) [ "${key#gitlab-server:node:}" = "$NODE_NAME" ] || return 0 ;;
    esac
  done
  return 1
}

# at_work COMMAND…: with the gate told that GitLab is being configured, which may start what has to rest.
at_work() {
  echo "$$" >"$CONFIGURING"
  if [ ! -f "$OS_STATE/reconfigured" ]; then
    # nobody is sent to a release before it is configured.
    : >"$DRAINING"
  elif [ ! -f /run/gitlab-stopped ] && others_serve; then
    say "the load balancer sends nothing to this node meanwhile"
    python3 -I "$RELEASE_PROGRAM" drain
  fi
  "$@"
  rm -f "$CONFIGURING" "$DRAINING"
}
