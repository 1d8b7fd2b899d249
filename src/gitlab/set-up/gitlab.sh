# shellcheck shell=bash
# GitLab itself: its configuration, and the proof that it answers. What features add, their scripts say themselves. The moments, in their order:
#   package      before GitLab is installed or upgraded, while an older one may run
#   configured   right after each configuration, before GitLab is asked whether it is ready
#   ready        it is, and what it was configured with is about to be remembered
#   timers       the step is kept for units of the machine, and they are written
#   end          all else is in place
# `fingerprint` prints what GitLab has to be configured for again, and `command-NAME` is what a unit of the machine asks for. upgrade.sh has its own.

write_gitlab_rb() {
  printf '%s\n' "$GITLAB_RB" >"$WORK/gitlab.rb"
  if [ -x /opt/gitlab/embedded/bin/ruby ] && ! /opt/gitlab/embedded/bin/ruby -c "$WORK/gitlab.rb" >>"$LOG" 2>&1; then
    die "the wanted gitlab.rb is not valid Ruby, see $LOG on the machine; mend omnibusSettings, then run this step again"
  fi
  write_file "$GITLAB_RB_FILE" 600 <"$WORK/gitlab.rb"
}

fingerprint() {
  {
    # shellcheck disable=SC2016 # dpkg's own variables
    dpkg-query -W -f '${Package} ${Version}\n' 'gitlab-[ce]e' 2>/dev/null | grep ' [0-9]' || true
    cat "$GITLAB_RB_FILE"
    show_database_access
    at fingerprint
    # what Omnibus computes Puma's processes, PostgreSQL's buffers and others from; the kernel keeps a little of the memory for itself.
    nproc
    awk '/^MemTotal:/ { printf "%.0f GB\n", $2 / 1048576 }' /proc/meminfo
  } | sha256sum
}

# The stamp is on the OS disk: on a new machine with old data nothing is configured, whatever the data disk says, nor on a new disk
# in an old machine.
reconfigure() {
  if [ -f "$DATA_STATE/set-up" ] && [ "$(cat "$OS_STATE/reconfigured" 2>/dev/null)" = "$(fingerprint)" ]; then
    return 0
  fi
  prepare_database
  require_database
  restore_secrets
  RECONFIGURED=yes
  local code=0
  if [ -f "$DATA_STATE/set-up" ]; then
    run "configuring GitLab" gitlab-ctl reconfigure || code=$?
  else
    # a new machine has to know, even if this is cut off.
    find_versions
    write_file "$DATA_STATE/version" 644 <<<"$INSTALLED_EDITION $INSTALLED"
    # GitLab takes it only while it sets up its database, and a weak one leaves an instance without an administrator.
    vault_password "$SERVER_VAULT" gitlab-root-password
    GITLAB_ROOT_PASSWORD=$SECRET run "setting GitLab up" gitlab-ctl reconfigure || code=$?
    SECRET=''
  fi
  # also after a failure: the secrets are made early, and the database already depends on them.
  [ ! -f "$SECRETS_FILE" ] || keep_secrets
  [ "$code" = 0 ] || die "GitLab cannot be configured, the lines above say why; the whole output is in $LOG on the machine; run this step again once that" \
    "is mended"
  at configured
  wait_ready
  RECONFIGURED=''
  [ -f "$DATA_STATE/set-up" ] || touch "$DATA_STATE/set-up"
  at ready
  fingerprint >"$OS_STATE/reconfigured"
}

# somebody else's set-up is not for a timer to finish.
configure_again() { [ ! -f "$DATA_STATE/set-up" ] || reconfigure; }
on command-reconfigure configure_again

# Around the package that is in place.
configure() {
  hold_package "$PACKAGE"
  move_database
  write_gitlab_rb
  reconfigure
  wait_ready
  keep_secrets
  write_file "$DATA_STATE/version" 644 <<<"$EDITION $VERSION"
}

begin gitlab "$@"
# shellcheck disable=SC2153 # a parameter
PACKAGE=gitlab-$EDITION
# a minor version of which VERSION becomes the patch to install, or the same.
WANTED=${WANTED:-$VERSION} VERSION=$WANTED
RECONFIGURED=''
unset EXTERNAL_URL
require_data_disk
if [ -n "${1-}" ]; then
  at "command-$1"
  exit 0
fi
if database_is_askable; then
  require_database
  restore_secrets
fi
at package
put_package_in_place
configure
save_step DEADLINE_SECONDS IDENTITY_CLIENT_ID KEY_VAULT_DOMAIN SERVER_VAULT RUNNER_VAULT SCHEME SERVER_HOST EDITION WANTED UBUNTU_CODENAME
at timers
at end
say "GitLab $VERSION ($EDITION) is ready at ${SERVER_URL:-$SCHEME://$SERVER_HOST}"
