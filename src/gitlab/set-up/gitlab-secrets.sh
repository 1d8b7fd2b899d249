# shellcheck shell=bash
# GitLab's own secrets, which its database is encrypted with: on the data disk, and in the server's Key Vault.

SECRETS_FILE=/etc/gitlab/gitlab-secrets.json

# Without its secrets GitLab makes new ones, and what the database holds encrypted is lost without a word.
restore_secrets() {
  if ! has_database || [ -f "$SECRETS_FILE" ]; then
    return 0
  fi
  vault_get_file "$SERVER_VAULT" gitlab-secrets-json "$WORK/secrets" || die "gitlab-secrets-json in Key Vault $SERVER_VAULT cannot be read; restore an older" \
    "version of it, then run this step again"
  if [ ! -s "$WORK/secrets" ]; then
    die "the data disk has a database but neither it nor Key Vault $SERVER_VAULT has gitlab-secrets.json;" \
      "put that file back into /etc/gitlab from a backup, then run this step again"
  fi
  write_file "$SECRETS_FILE" 600 <"$WORK/secrets"
  say "gitlab-secrets.json is restored from Key Vault $SERVER_VAULT"
}

keep_secrets() { vault_put_file "$SERVER_VAULT" gitlab-secrets-json "$SECRETS_FILE"; }
