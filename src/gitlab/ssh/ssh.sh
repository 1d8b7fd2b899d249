# shellcheck shell=bash
# The port of git over SSH. The machine's own sshd serves it, beside 22, which the network's rules then leave closed.

SSHD_PORTS=/etc/ssh/sshd_config.d/60-gitlab-port.conf

# On newer releases systemd listens in sshd's place, at the ports that a generator reads from sshd's configuration.
restart_sshd() {
  sshd -t >>"$LOG" 2>&1 || die "sshd does not take its configuration, see $LOG on the machine; mend what is in /etc/ssh, then run this step again"
  systemctl daemon-reload
  if systemctl is-enabled --quiet ssh.socket 2>/dev/null; then
    systemctl restart ssh.socket >>"$LOG" 2>&1
  fi
  systemctl try-reload-or-restart ssh.service >>"$LOG" 2>&1
}

is_listening() { [ -n "$(ss --no-header --listening --tcp --numeric "sport = :$1")" ]; }

serve_ssh_port() {
  if [ -z "${SSH_PORT-}" ]; then
    if [ -f "$SSHD_PORTS" ]; then
      rm -f "$SSHD_PORTS"
      restart_sshd
      say "git over SSH is served at port 22 alone"
    fi
    return 0
  fi
  write_file "$SSHD_PORTS" 644 <<CONF
# written by the stack that made this server, and again by its applies.
Port 22
Port $SSH_PORT
CONF
  # an earlier run may have been cut off after it had written the file.
  if [ -n "$CHANGED" ] || ! is_listening "$SSH_PORT"; then
    restart_sshd
    say "git over SSH is served at port $SSH_PORT"
  fi
  local tries=0
  until is_listening "$SSH_PORT"; do
    tries=$((tries + 1))
    [ "$tries" -lt 12 ] || die "nothing listens at port $SSH_PORT; see systemctl status ssh.service ssh.socket on the machine, then run this step again"
    pause 1 "waiting for sshd"
  done
}

on mounted serve_ssh_port
