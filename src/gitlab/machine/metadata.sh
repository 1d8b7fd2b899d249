# shellcheck shell=bash
# Azure's metadata service gives tokens of all of the machine's identities to whoever asks, and WireServer what the machine was set up with. Only root
# may ask, whose scripts need it; GitLab, which strangers talk to, may not. For object storage GitLab gets tokens of one identity, which opens that alone.

METADATA_RULES=/etc/gitlab-server/metadata.nft
# Agents of an administrator's that do not run as root are let in by files of this folder.
METADATA_USERS=/etc/gitlab-server/metadata.d
TOKEN_USER=gitlab-objects
TOKEN_PROGRAM=/usr/local/lib/gitlab-objects/token.py
# below 1024, so that nobody but root can take it; the id is git's, which gitlab.rb fixes.
TOKEN_PORT=254
GIT_ID=700

install_nftables() {
  if [ -x /usr/sbin/nft ]; then
    return 0
  fi
  run_apt "reading all lists of packages" update || true
  run_apt "installing nftables" install nftables || true
  [ -x /usr/sbin/nft ] || die "nftables cannot be installed, the lines above say why; let this machine reach Ubuntu's packages, then run this step again"
}

# Rejected and not dropped: nobody shall wait for an answer. Only the ports of WireServer, since by the same address come DNS, DHCP and the probes
# of load balancers. Packets of no process, such as the last ones of a closed connection, pass.
metadata_rules() {
  local objects=${OBJECTS_CLIENT_ID:+yes}
  cat <<RULES
table ip gitlab_metadata
delete table ip gitlab_metadata
table ip gitlab_metadata {
  set may_ask {
    type uid
    elements = { 0${objects:+, $TOKEN_USER} }
  }
RULES
  [ -z "$objects" ] || cat <<RULES
  chain objects {
    type nat hook output priority -100; policy accept;
    ip daddr 169.254.169.254 tcp dport 80 meta skuid $GIT_ID redirect to :$TOKEN_PORT
  }
RULES
  cat <<RULES
  chain output {
    type filter hook output priority 0; policy accept;
    ip daddr 169.254.169.254 meta skuid != @may_ask jump refuse
    ip daddr 168.63.129.16 tcp dport { 80, 32526 } meta skuid != 0 jump refuse
    ip daddr 127.0.0.0/8 tcp dport $TOKEN_PORT meta skuid != $GIT_ID jump refuse
  }
  chain refuse {
    meta l4proto tcp reject with tcp reset
    reject with icmp type admin-prohibited
  }
}
include "$METADATA_USERS/*.nft"
RULES
}

# GitLab does not start without the table. An administrator's own firewall begins and ends by emptying nftables, which takes the table along.
write_metadata_units() {
  write_file /etc/systemd/system/gitlab-metadata.service 644 <<UNIT
[Unit]
Description=Keeps all but root from Azure's metadata service and WireServer
DefaultDependencies=no
After=local-fs.target nftables.service
Wants=network-pre.target
Before=network-pre.target gitlab-runsvdir.service shutdown.target
Conflicts=shutdown.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f $METADATA_RULES
ExecReload=/usr/sbin/nft -f $METADATA_RULES
[Install]
WantedBy=sysinit.target
UNIT
  write_file /etc/systemd/system/gitlab-runsvdir.service.d/metadata.conf 644 <<UNIT
[Unit]
Wants=gitlab-metadata.service
After=gitlab-metadata.service
[Service]
ExecStartPre=/usr/sbin/nft -f $METADATA_RULES
UNIT
  write_file /etc/systemd/system/nftables.service.d/gitlab-metadata.conf 644 <<UNIT
[Service]
ExecStartPost=/usr/sbin/nft -f $METADATA_RULES
ExecReload=/usr/sbin/nft -f $METADATA_RULES
ExecStopPost=/usr/sbin/nft -f $METADATA_RULES
UNIT
}

# As a user of its own, that may ask the metadata service and has nothing else.
write_token_units() {
  write_file "$TOKEN_PROGRAM" 644 <<<"$OBJECTS_TOKEN_PY"
  write_file /etc/systemd/system/gitlab-objects.socket 644 <<UNIT
[Unit]
Description=Tokens for GitLab's object storage
[Socket]
ListenStream=127.0.0.1:$TOKEN_PORT
[Install]
WantedBy=sockets.target
UNIT
  write_file /etc/systemd/system/gitlab-objects.service 644 <<UNIT
[Unit]
Description=Hands GitLab tokens for its object storage
After=gitlab-metadata.service
[Service]
User=$TOKEN_USER
ExecStart=/usr/bin/python3 -I $TOKEN_PROGRAM $OBJECTS_CLIENT_ID
CapabilityBoundingSet=
LockPersonality=yes
MemoryDenyWriteExecute=yes
NoNewPrivileges=yes
PrivateDevices=yes
PrivateTmp=yes
ProtectHome=yes
ProtectSystem=strict
RestrictAddressFamilies=AF_INET
RestrictNamespaces=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
MemoryMax=256M
TasksMax=64
UNIT
}

remove_token_units() {
  if [ -f /etc/systemd/system/gitlab-objects.socket ]; then
    systemctl disable --now gitlab-objects.socket >>"$LOG" 2>&1 || true
    systemctl stop gitlab-objects.service >>"$LOG" 2>&1 || true
    rm -rf /etc/systemd/system/gitlab-objects.{socket,service} "${TOKEN_PROGRAM%/*}"
    systemctl daemon-reload
  fi
  ! getent passwd "$TOKEN_USER" >/dev/null || userdel "$TOKEN_USER"
}

# Processes that run keep tokens of the identity that they began with, which may have been another one.
remember_objects_identity() {
  if [ "$(cat "$OS_STATE/objects-identity" 2>/dev/null)" != "$OBJECTS_CLIENT_ID" ]; then
    ! systemctl is-active --quiet gitlab-runsvdir.service || touch "$OS_STATE/sign-in-anew"
    write_file "$OS_STATE/objects-identity" 600 <<<"$OBJECTS_CLIENT_ID"
  fi
}

sign_in_anew() {
  if [ -f "$OS_STATE/sign-in-anew" ]; then
    run "letting GitLab sign in to Blob storage anew" gitlab-ctl restart || die "GitLab cannot be restarted, the lines above say why; run this step again"
    rm -f "$OS_STATE/sign-in-anew"
  fi
}

begin metadata "$@"
# before anything is asked of the network.
at started
write_apt_proxy
install_nftables
if [ -n "${OBJECTS_CLIENT_ID-}" ]; then
  getent passwd "$TOKEN_USER" >/dev/null || useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$TOKEN_USER"
  write_token_units
  remember_objects_identity
fi
metadata_rules >"$WORK/rules"
write_file "$METADATA_RULES" 644 <"$WORK/rules"
write_metadata_units
# an earlier run may have been cut off after it had written a unit.
systemctl daemon-reload
systemctl is-enabled --quiet gitlab-metadata.service 2>/dev/null || systemctl enable gitlab-metadata.service >>"$LOG" 2>&1
# also where nothing is new: somebody may have emptied nftables meanwhile.
systemctl reload-or-restart gitlab-metadata.service || die "Azure's metadata service cannot be closed to GitLab; see journalctl --unit gitlab-metadata on the" \
  "machine, mend what is in $METADATA_USERS or whatever else it names, then run this step again"
if [ -n "${OBJECTS_CLIENT_ID-}" ]; then
  systemctl is-enabled --quiet gitlab-objects.socket 2>/dev/null || systemctl enable gitlab-objects.socket >>"$LOG" 2>&1
  systemctl start gitlab-objects.socket
  # one that began before the files of now is an earlier one.
  systemctl try-restart gitlab-objects.service
  sign_in_anew
else
  remove_token_units
fi
say "only root reaches Azure's metadata service${OBJECTS_CLIENT_ID:+, and GitLab the tokens of its object storage}"
