# shellcheck shell=bash
# The server's own machine once its nodes are gone. That users' keys are asked for in the database stays: GitLab's setting says so too.

forget_nodes() {
  if [ ! -d /etc/gitlab/nodes ]; then
    return 0
  fi
  { grep -vF 'by the stack of this GitLab' /etc/hosts || true; } >"$WORK/hosts"
  write_file /etc/hosts 644 <"$WORK/hosts"
  rm -rf /etc/gitlab/nodes /etc/gitlab/redis-password /etc/gitlab/trusted-certs/node-authority.crt "$LIBRARY/release.py" "$OS_STATE/node-certificate"
  say "this machine serves all of GitLab again"
}

on ready forget_nodes
