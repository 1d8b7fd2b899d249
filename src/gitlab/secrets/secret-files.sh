# shellcheck shell=bash
# The files of secrets: those that gitlab.rb reads, and those that it names.

SECRETS_READ=/etc/gitlab/secrets
SECRETS_NAMED=/etc/gitlab/secret-files

secrets_digest() {
  find "$SECRETS_READ" "$SECRETS_NAMED" -type f -exec sha256sum {} + 2>/dev/null | sort -k 2 || true
}

# A file that is only named is read when its reader starts; reconfigure sees nothing new in it.
restart_secret_readers() {
  local name
  if [ ! -f "$OS_STATE/secrets" ] || [ "$(grep "$SECRETS_NAMED/" "$OS_STATE/secrets")" = "$(secrets_digest | grep "$SECRETS_NAMED/")" ]; then
    return 0
  fi
  for name in puma sidekiq; do
    run "restarting $name" gitlab-ctl restart "$name" || die "$name cannot be restarted, the lines above say why; run this step again"
  done
}

remember_secrets() { secrets_digest >"$OS_STATE/secrets"; }

# For the timer.
load_secrets() {
  if [ ! -f "$OS_STATE/secrets" ] || [ "$(cat "$OS_STATE/secrets")" = "$(secrets_digest)" ]; then
    return 0
  fi
  reconfigure
  # Let's Encrypt may have done it already.
  remember_secrets
}

# What gitlab.rb does not speak of any more.
remove_old_secrets() {
  local file
  for file in "$SECRETS_READ"/* "$SECRETS_NAMED"/*; do
    grep -qF "\"$file\"" /etc/gitlab/gitlab.rb || rm -f "$file"
  done
  if ! grep -qE "\"$SECRETS_READ/|\"$SECRETS_NAMED/" /etc/gitlab/gitlab.rb; then
    remove_timer gitlab-secrets || true
  fi
  # of earlier versions.
  rm -f /etc/gitlab/smtp-password
}

on fingerprint secrets_digest
on configured restart_secret_readers
on ready remember_secrets
on timers remove_old_secrets
on command-secrets load_secrets
