# shellcheck shell=bash
# The files of secrets as gitlab.rb knows them: what it reads itself, and what it only names, which GitLab reads as git.

SECRETS_READ=/etc/gitlab/secrets
SECRETS_NAMED=/etc/gitlab/secret-files

# Of all values as they are on the machine.
secrets_digest() {
  find "$SECRETS_READ" "$SECRETS_NAMED" -type f -exec sha256sum {} + 2>/dev/null | sort -k 2 || true
}

# A file that gitlab.rb only names is read when its reader starts, and a reconfigure sees nothing new in it.
restart_secret_readers() {
  local before after
  [ -f "$OS_STATE/secrets" ] || return 0
  before=$(grep "  $SECRETS_NAMED/" "$OS_STATE/secrets" || true)
  after=$(secrets_digest | grep "  $SECRETS_NAMED/" || true)
  [ "$before" != "$after" ] || return 0
  run "letting Puma read its secrets' files anew" gitlab-ctl restart puma || die "Puma cannot be restarted, the lines above say why; run this step again"
  run "letting Sidekiq read them anew" gitlab-ctl restart sidekiq || die "Sidekiq cannot be restarted, the lines above say why; run this step again"
}

# For the timer, after it has fetched them.
load_secrets() {
  if [ ! -f "$DATA_STATE/set-up" ] || [ ! -f "$OS_STATE/secrets" ] || [ "$(cat "$OS_STATE/secrets")" = "$(secrets_digest)" ]; then
    return 0
  fi
  reconfigure
  # Let's Encrypt may have made GitLab configure itself meanwhile.
  secrets_digest >"$OS_STATE/secrets"
  say "GitLab has the secrets of its Key Vaults as they are now"
}

# What gitlab.rb, as it is now, does not speak of any more.
remove_old_secrets() {
  local file
  for file in "$SECRETS_READ"/* "$SECRETS_NAMED"/*; do
    grep -qF "\"$file\"" "$GITLAB_RB_FILE" || rm -f "$file"
  done
  if [ -f /etc/systemd/system/gitlab-secrets.timer ] && ! grep -qE "\"($SECRETS_READ|$SECRETS_NAMED)/" "$GITLAB_RB_FILE"; then
    systemctl disable --now gitlab-secrets.timer >>"$LOG" 2>&1 || true
    rm -f /etc/systemd/system/gitlab-secrets.{timer,service} "$LIBRARY"/secrets.{sh,env}
    systemctl daemon-reload
  fi
  # where earlier versions of this script kept the mail server's password.
  rm -f /etc/gitlab/smtp-password
}
