# shellcheck shell=bash
# The server's own machine, for its nodes: what they sign in with, the certificates between the machines, and the gate that keeps them from serving
# another release than the database's.

NODES_FOLDER=/etc/gitlab/nodes
GIT_ID=700
REDIS_ID=702

# Files that nodes would look for in vain. GitLab moves them itself, kind by kind.
refuse_files_on_disk() {
  local shared=/var/opt/gitlab/gitlab-rails found
  [ -d "$shared" ] || return 0
  found=$(find "$shared/uploads" "$shared"/shared/{artifacts,external-diffs,lfs-objects,packages,dependency_proxy,terraform_state,ci_secure_files} \
    -type f -not -path '*/tmp/*' -not -path '*/@hashed/tmp/*' -not -name '.*' -print -quit 2>/dev/null) || true
  [ -z "$found" ] || die "$found is still on the data disk, where nodes do not find it; migrate what is there to Blob storage with GitLab's own tasks," \
    "https://docs.gitlab.com/administration/object_storage/#migrate-to-object-storage, then run this step again"
}

# An authority for the machines alone. Its key never leaves this one.
make_node_authority() {
  if openssl x509 -in "$NODES_FOLDER/authority.crt" -noout -checkend 31536000 >/dev/null 2>&1 && [ -f "$NODES_FOLDER/authority.key" ]; then
    return 0
  fi
  say "making a certificate authority for this server's machines"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj "/CN=GitLab machines' authority $(openssl rand -hex 4)" \
    -addext 'basicConstraints = critical, CA:TRUE, pathlen:0' -addext 'keyUsage = critical, keyCertSign, cRLSign' \
    -keyout "$WORK/authority.key" -out "$WORK/authority.crt" 2>>"$LOG" \
    || die "no certificate authority could be made; see $LOG on the machine, then run this step again"
  rm -f "$NODES_FOLDER/server.crt"
  write_file "$NODES_FOLDER/authority.key" 600 <"$WORK/authority.key"
  write_file "$NODES_FOLDER/authority.crt" 644 <"$WORK/authority.crt"
}

make_machine_certificate() {
  if openssl verify -CAfile "$NODES_FOLDER/authority.crt" -verify_ip "$NODE_SERVER" "$NODES_FOLDER/server.crt" >/dev/null 2>&1 \
    && openssl x509 -in "$NODES_FOLDER/server.crt" -noout -checkend 7776000 >/dev/null 2>&1 && [ -f "$NODES_FOLDER/server.key" ]; then
    return 0
  fi
  say "making a certificate for Gitaly and Redis at $NODE_SERVER"
  printf '%s\n' 'basicConstraints = critical, CA:FALSE' 'keyUsage = critical, digitalSignature' 'extendedKeyUsage = serverAuth' \
    "subjectAltName = IP:$NODE_SERVER" >"$WORK/machine.conf"
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=GitLab server machine' \
    -keyout "$WORK/machine.key" -out "$WORK/machine.csr" 2>>"$LOG" || die "no certificate request could be made; see $LOG on the machine, then run this step again"
  openssl x509 -req -in "$WORK/machine.csr" -CA "$NODES_FOLDER/authority.crt" -CAkey "$NODES_FOLDER/authority.key" -set_serial "0x$(openssl rand -hex 16)" \
    -days 825 -extfile "$WORK/machine.conf" -out "$WORK/machine.crt" 2>>"$LOG" \
    || die "no certificate could be made; see $LOG on the machine, then run this step again"
  write_file "$NODES_FOLDER/server.key" 600 <"$WORK/machine.key"
  write_file "$NODES_FOLDER/server.crt" 644 <"$WORK/machine.crt"
}

# hand_certificate SERVICE USER: each reads its own.
hand_certificate() {
  write_file "$NODES_FOLDER/$1.key" 400 <"$NODES_FOLDER/server.key"
  chown "$2" "$NODES_FOLDER/$1.key"
  write_file "$NODES_FOLDER/$1.crt" 644 <"$NODES_FOLDER/server.crt"
}

# The vault's is the one that counts: another value there is a new password.
take_redis_password() {
  vault_password "$SERVER_VAULT" gitlab-redis-password
  write_file "$REDIS_PASSWORD_FILE" 600 <<<"$SECRET"
  SECRET=''
}

gitaly_token() { json_field "$SECRETS_FILE" gitlab_rails.gitaly_token || true; }

# Gitaly answers whoever knows it, and Omnibus makes none. A file with nothing but it would pass for the secrets that the database needs.
lacks_gitaly_token() { [ -f "$SECRETS_FILE" ] && [ -z "$(gitaly_token)" ]; }

add_gitaly_token() {
  openssl rand -hex 32 | python3 -c '
import json, sys
with open(sys.argv[1]) as file:
    secrets = json.load(file)
secrets.setdefault("gitlab_rails", {})["gitaly_token"] = sys.stdin.read().strip()
json.dump(secrets, sys.stdout, indent=2)' "$SECRETS_FILE" >"$WORK/secrets-with-token"
  write_file "$SECRETS_FILE" 600 <"$WORK/secrets-with-token"
  rm -f "$WORK/secrets-with-token"
}

# A new server has its secrets only now.
configure_gitaly_token() {
  if lacks_gitaly_token; then
    add_gitaly_token
    run "configuring Gitaly with its token" gitlab-ctl reconfigure || die "GitLab cannot be configured, the lines above say why; run this step again once that is mended"
  fi
}

prepare_for_nodes() {
  write_release_program
  refuse_files_on_disk
  install -d -m 755 "$NODES_FOLDER"
  make_node_authority
  make_machine_certificate
  hand_certificate gitaly "$GIT_ID"
  hand_certificate redis "$REDIS_ID"
  write_file "$NODE_AUTHORITY" 644 <"$NODES_FOLDER/authority.crt"
  take_redis_password
  find_server 127.0.0.1
  if lacks_gitaly_token; then
    add_gitaly_token
  fi
}

show_node_files() {
  sha256sum "$REDIS_PASSWORD_FILE" "$NODES_FOLDER/authority.crt" "$NODES_FOLDER/server.crt"
  gitaly_token
}

# Neither looks for a new certificate by itself.
restart_for_certificate() {
  local name
  if [ ! -f "$OS_STATE/node-certificate" ] || [ "$(cat "$OS_STATE/node-certificate")" = "$(sha256sum <"$NODES_FOLDER/server.crt")" ]; then
    return 0
  fi
  for name in gitaly redis; do
    run "restarting $name" gitlab-ctl restart "$name" || die "$name cannot be restarted, the lines above say why; run this step again"
  done
}

remember_certificate() { sha256sum <"$NODES_FOLDER/server.crt" >"$OS_STATE/node-certificate"; }

# What nodes fetch. Host keys are the same on all, since a client cannot tell the machines apart.
publish_to_nodes() {
  local served=$SSL/server
  local -a files=(/etc/ssh/ssh_host_*)
  if [ -f "$LETS_ENCRYPT_SWITCH" ] && [ -f "$SSL/$SERVER_HOST.crt" ]; then
    served=$SSL/$SERVER_HOST
  fi
  tar -C /etc/ssh --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf "$WORK/host-keys.tar" "${files[@]##*/}"
  vault_put "$SERVER_VAULT" gitlab-node-authority "$(cat "$NODES_FOLDER/authority.crt")" application/x-pem-file
  vault_put_file "$SERVER_VAULT" gitlab-ssh-host-keys "$WORK/host-keys.tar"
  rm -f "$WORK/host-keys.tar"
  vault_put "$SERVER_VAULT" gitlab-web-certificate "$(cat "$served.crt" "$served.key")" application/x-pem-file
}

# Nodes at work, by their names.
working_nodes() {
  local key value
  for key in $(ask_redis KEYS 'gitlab-server:node:*'); do
    value=$(ask_redis GET "$key")
    case $value in
      '' | stopped) ;;
      *) echo "${key#gitlab-server:node:}" ;;
    esac
  done
}

# set_gate VALUE: also on the disk, since a Redis that is cut off comes back with what it had there.
set_gate() {
  [ "$(ask_redis SET "$RELEASE_KEY" "$1")" = OK ] && [ "$(ask_redis SAVE)" = OK ]
}

# From here on no node starts, and none is at work. A gitlab.rb without Redis' port is of a time before there were nodes.
close_gate() {
  local started=$SECONDS nodes
  grep -q '^redis\["tls_port"\]' "$GITLAB_RB_FILE" 2>/dev/null || return 0
  until set_gate "upgrading $VERSION-$EDITION"; do
    [ $((SECONDS - started)) -le "$PATIENCE" ] || die "Redis does not take the gate's new state ($(redis_complaint)); see gitlab-ctl status on the machine," \
      "then run this step again"
    pause 5 "closing the gate for nodes"
  done
  say "nodes are told to stop"
  started=$SECONDS
  while :; do
    nodes=$(working_nodes) || nodes='unknown: Redis does not answer'
    nodes=$(xargs <<<"$nodes")
    [ -n "$nodes" ] || break
    [ $((SECONDS - started)) -le "$PATIENCE" ] || die "nodes do not stop: $nodes; see journalctl --unit gitlab-release there, or switch them off, then run" \
      "this step again"
    pause 2 "waiting for nodes to stop"
  done
  say "no node is at work"
}

open_gate() {
  local release
  release=$(own_release)
  [ "$(ask_redis GET "$RELEASE_KEY" || true)" != "$release" ] || return 0
  set_gate "$release" || die "Redis does not take the gate's new state ($(redis_complaint)); see gitlab-ctl status on the machine, then run this step again"
  say "nodes may serve $release"
}

# The older release goes on, on nodes too.
open_gate_again() {
  local release
  release=$(own_release)
  set_gate "$release" || say "WARNING: nodes rest until this step has run again"
}

on package prepare_for_nodes
on upgrading close_gate
on upgrade-failed open_gate_again
on fingerprint show_node_files
on configured configure_gitaly_token
on configured restart_for_certificate
on ready remember_certificate
on ready open_gate
on end publish_to_nodes
on end open_gate
on command-certificate publish_to_nodes
on command-before-restore close_gate
# an apply opens the gate too, after a restore by hand: the vaults are up to date only then.
on command-after-restore publish_to_nodes
on command-after-restore open_gate
