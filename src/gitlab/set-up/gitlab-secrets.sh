# shellcheck shell=bash
# GitLab's own secrets, which its database is encrypted with: on the data disk, and in the server's Key Vault.

SECRETS_FILE=/etc/gitlab/gitlab-secrets.json

# Without its secrets GitLab makes new ones, and what the database holds encrypted is lost without a word.
restore_secrets() {
  if ! has_database || [ -f "$SECRETS_FILE" ]; then
    return 0
  fi
  vault_get "$SERVER_VAULT" gitlab-secrets-json
  if [ -z "$SECRET" ]; then
    die "the data disk has a database but neither it nor Key Vault $SERVER_VAULT has gitlab-secrets.json;" \
      "put that file back into /etc/gitlab from a backup, then run this step again"
  fi
  base64 -d <<<"$SECRET" | gunzip >"$WORK/secrets" || die "gitlab-secrets-json in Key Vault $SERVER_VAULT cannot be read; restore an older" \
    "version of it, then run this step again"
  write_file "$SECRETS_FILE" 600 <"$WORK/secrets"
  say "gitlab-secrets.json is restored from Key Vault $SERVER_VAULT"
}

keep_secrets() {
  local packed
  packed=$(gzip -9n <"$SECRETS_FILE" | base64 -w 0)
  if [ "${#packed}" -gt 25000 ]; then
    die "gitlab-secrets.json is too long for a secret of Key Vault (${#packed} of 25000 characters); GitLab runs, but keep a copy of that file by" \
      "other means"
  fi
  vault_put "$SERVER_VAULT" gitlab-secrets-json "$packed" application/gzip
}
