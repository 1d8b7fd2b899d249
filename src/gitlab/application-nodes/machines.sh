# shellcheck shell=bash
# What all machines of a GitLab have that consists of several.

# find_server ADDRESS: where this machine finds GitLab. Its name leads to the load balancer, which does not send a machine to itself.
find_server() { name_host "$1" "$SERVER_HOST" "$SERVER_HOST, by the stack of this GitLab"; }

# A user's keys are asked for in the database, so that each machine knows them all.
serve_authorized_keys() {
  write_file /etc/ssh/sshd_config.d/61-gitlab-keys.conf 644 <<'CONF'
# written by the stack that made this server, and again by its applies.
Match User git
  AuthorizedKeysCommand /opt/gitlab/embedded/service/gitlab-shell/bin/gitlab-shell-authorized-keys-check git %u %k
  AuthorizedKeysCommandUser git
Match all
CONF
  if [ -n "$CHANGED" ]; then
    sshd -t >>"$LOG" 2>&1 || die "sshd does not take its configuration, see $LOG on the machine; mend what is in /etc/ssh, then run this step again"
    systemctl try-reload-or-restart ssh.service >>"$LOG" 2>&1 || true
  fi
}

on configured serve_authorized_keys
