# shellcheck shell=bash
# A node: GitLab's package in the release that the server's own machine runs, configured to serve what that one holds. Moments as in the step gitlab.

write_gitlab_rb() {
  printf '%s\n' "$GITLAB_RB" >"$WORK/gitlab.rb"
  if [ -x /opt/gitlab/embedded/bin/ruby ] && ! /opt/gitlab/embedded/bin/ruby -c "$WORK/gitlab.rb" >>"$LOG" 2>&1; then
    die "the wanted gitlab.rb is not valid Ruby, see $LOG on the machine; mend omnibusSettings, then run this step again"
  fi
  write_file "$GITLAB_RB_FILE" 600 <"$WORK/gitlab.rb"
}

# Neither a backup of the database nor migrations: these are the server's own machine's.
hold_back_package() {
  touch /etc/gitlab/skip-auto-reconfigure /etc/gitlab/skip-auto-backup
}

install_release() {
  local version=${RELEASE%-*} edition=${RELEASE##*-}
  find_versions
  if [ "$INSTALLED-$INSTALLED_EDITION" = "$RELEASE" ] && [ -z "$(dpkg --audit)" ]; then
    return 0
  fi
  say "GitLab ${INSTALLED:-(none)} becomes $version ($edition)"
  refresh_packages "$edition"
  if [ -n "$INSTALLED_EDITION" ] && [ "$INSTALLED_EDITION" != "$edition" ]; then
    apt-mark unhold "gitlab-$INSTALLED_EDITION" >>"$LOG"
  fi
  rm -f "$OS_STATE/reconfigured"
  UPGRADED=${INSTALLED:+yes}
  install_package "$edition" "$version"
}

fingerprint() {
  {
    own_release
    cat "$GITLAB_RB_FILE" "$SECRETS_FILE" "$REDIS_PASSWORD_FILE" "$NODE_AUTHORITY"
    show_database_access
    [ ! -f "$LETS_ENCRYPT_SWITCH" ] || echo lets-encrypt
    at fingerprint
    nproc
    awk '/^MemTotal:/ { printf "%.0f GB\n", $2 / 1048576 }' /proc/meminfo
  } | sha256sum
}

configure() {
  [ "$(own_release)" = "$(ask_redis GET "$RELEASE_KEY")" ] || die "the server's own machine runs another release by now; run this step again"
  RECONFIGURED=yes
  run "configuring GitLab" gitlab-ctl reconfigure || die "GitLab cannot be configured, the lines above say why; run this step again once that is mended"
  if [ -n "$UPGRADED" ]; then
    run "restarting GitLab" gitlab-ctl restart || die "GitLab cannot be restarted, the lines above say why; run this step again"
  fi
  at configured
  wait_ready
  RECONFIGURED='' UPGRADED=''
  at ready
  fingerprint >"$OS_STATE/reconfigured"
}

reconfigure() {
  [ "$(cat "$OS_STATE/reconfigured" 2>/dev/null)" = "$(fingerprint)" ] || at_work configure
}

write_node_timer() {
  write_timer gitlab-node "Brings what a node has from the server's own machine up to date" "*-*-* *:$(printf '%02d' $((NODE_INDEX - 1)))/10:00" <<UNIT
Wants=network-online.target
After=network-online.target
[Service]
Type=oneshot
ExecStart=/bin/bash $LIBRARY/node.sh refresh
UNIT
}

take_all() {
  take_shared_secrets
  take_web_certificate
  take_host_keys
  at access
}

# For the timer: a new patch release, a renewed certificate, another password.
refresh() {
  PATIENCE=60
  take_all
  RELEASE=$(ask_redis GET "$RELEASE_KEY") || RELEASE=''
  case $RELEASE in
    '' | upgrading*) ;;
    *)
      install_release
      reconfigure
      ;;
  esac
  show_web_certificate
}

begin node "$@"
RECONFIGURED='' UPGRADED=''
# shellcheck disable=SC2153 # parameters
PACKAGE=gitlab-$EDITION WANTED=$VERSION
unset EXTERNAL_URL
require_data_disk
rm -f "$CONFIGURING"
case ${1-} in
  refresh) refresh ;;
  '')
    find_server "$NODE_SERVER"
    write_release_program
    at mounted
    take_all
    hold_back_package
    wait_for_release
    write_release_units
    write_gitlab_rb
    install_release
    hold_package "gitlab-${RELEASE##*-}"
    start_release_units
    reconfigure
    wait_ready
    show_web_certificate
    save_step DEADLINE_SECONDS IDENTITY_CLIENT_ID KEY_VAULT_DOMAIN SERVER_VAULT SCHEME SERVER_HOST EDITION VERSION UBUNTU_CODENAME NODE_NAME NODE_INDEX
    # other steps ask for GitLab's by that name.
    ln -sfn node.sh "$LIBRARY/gitlab.sh"
    write_node_timer
    at timers
    say "the node $NODE_NAME serves GitLab $RELEASE"
    ;;
  *) at "command-$1" ;;
esac
