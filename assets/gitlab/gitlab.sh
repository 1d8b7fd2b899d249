# shellcheck shell=bash
# GitLab itself: the package in the wanted version, its certificate, its configuration, and the proof that it answers.

GITLAB_RB_FILE=/etc/gitlab/gitlab.rb
DATABASE=/var/opt/gitlab/postgresql/data

write_gitlab_rb() {
  printf '%s\n' "$GITLAB_RB" >"$WORK/gitlab.rb"
  if [ -x /opt/gitlab/embedded/bin/ruby ] && ! /opt/gitlab/embedded/bin/ruby -c "$WORK/gitlab.rb" >>"$LOG" 2>&1; then
    die "the wanted gitlab.rb is not valid Ruby, see $LOG on the machine; mend omnibusSettings, then apply again"
  fi
  write_file "$GITLAB_RB_FILE" 600 <"$WORK/gitlab.rb"
}

fingerprint() {
  {
    # shellcheck disable=SC2016 # dpkg's own variables
    dpkg-query -W -f '${Package} ${Version}\n' 'gitlab-[ce]e' 2>/dev/null | grep ' [0-9]' || true
    cat "$GITLAB_RB_FILE"
    cat /etc/gitlab/trusted-certs/server-authority.crt 2>/dev/null || true
    [ ! -f "$LETS_ENCRYPT_SWITCH" ] || echo lets-encrypt
  } | sha256sum
}

# The stamp is on the OS disk: on a new machine with old data nothing is configured, whatever the data disk says.
reconfigure() {
  if [ "$(cat "$OS_STATE/reconfigured" 2>/dev/null)" = "$(fingerprint)" ]; then
    return 0
  fi
  RECONFIGURED=yes
  local code=0
  if [ -f "$DATA_STATE/set-up" ]; then
    run "configuring GitLab" gitlab-ctl reconfigure || code=$?
  else
    prepare_root_password
    GITLAB_ROOT_PASSWORD=$ROOT_PASSWORD run "setting GitLab up" gitlab-ctl reconfigure || code=$?
    ROOT_PASSWORD=''
  fi
  # also after a failure: the secrets are made early, and the database already depends on them.
  [ ! -f "$SECRETS_FILE" ] || keep_secrets
  [ "$code" = 0 ] || die "GitLab cannot be configured, the lines above say why; the whole output is in $LOG on the machine; apply again once that is mended"
  wait_ready
  RECONFIGURED=''
  [ -f "$DATA_STATE/set-up" ] || touch "$DATA_STATE/set-up"
  fingerprint >"$OS_STATE/reconfigured"
}

is_ready() {
  curl --silent --fail --insecure --noproxy '*' --max-time 20 --connect-to '::127.0.0.1:' "$SCHEME://$SERVER_HOST/-/readiness?all=1" >"$WORK/readiness" 2>"$WORK/curl-error"
}

# Right after its start GitLab answers and falls silent again, so three answers in a row count.
wait_ready() {
  local good=0 started=$SECONDS wanted=1 announced=''
  [ -z "$RECONFIGURED" ] || wanted=3
  while [ "$good" -lt "$wanted" ]; do
    if is_ready; then
      good=$((good + 1))
      [ "$good" -ge "$wanted" ] || pause 5 "waiting for GitLab to be ready"
      continue
    fi
    good=0 wanted=3
    if [ -z "$announced" ]; then
      say "waiting for GitLab to be ready"
      announced=yes
    fi
    if [ $((SECONDS - started)) -gt 1200 ]; then
      die "GitLab is configured but does not get ready ($(cut -c 1-200 <"$WORK/curl-error" | tr -d '\n')); see gitlab-ctl status and gitlab-ctl tail on the machine, then apply again"
    fi
    pause 5 "waiting for GitLab to be ready"
  done
}

begin gitlab "$@"
# shellcheck disable=SC2153 # a parameter
PACKAGE=gitlab-$EDITION
RECONFIGURED=''
unset EXTERNAL_URL
require_data_disk
if [ "${1-}" = certificate ]; then
  put_certificate_in_place
  try_lets_encrypt
  exit 0
fi
restore_secrets
install -d -m 755 "$SSL"
put_certificate_in_place
put_package_in_place
hold_package "$PACKAGE"
write_gitlab_rb
reconfigure
wait_ready
keep_secrets
write_file "$DATA_STATE/version" 644 <<<"$EDITION $VERSION"
save_step DEADLINE_SECONDS IDENTITY_CLIENT_ID SERVER_VAULT RUNNER_VAULT SCHEME SERVER_HOST CERTIFICATE CERTIFICATE_VAULT CERTIFICATE_SECRET \
  LETS_ENCRYPT EDITION VERSION UBUNTU_CODENAME
write_certificate_timer
try_lets_encrypt
say "GitLab $VERSION ($EDITION) is ready at $SCHEME://$SERVER_HOST"
