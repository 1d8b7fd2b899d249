# shellcheck shell=bash
# The password of the mail server: from a Key Vault into a file that gitlab.rb reads.

SMTP_PASSWORD_FILE=/etc/gitlab/smtp-password

put_smtp_password_in_place() {
  [ -n "${SMTP_VAULT-}" ] || return 0
  vault_get "$SMTP_VAULT" "$SMTP_SECRET"
  [ -n "$SECRET" ] || die "Key Vault $SMTP_VAULT has no secret $SMTP_SECRET with the mail server's password; put it there, then run this step again"
  case $SECRET in
    *[\'\"\\]* | *$'\n'*) die "the secret $SMTP_SECRET of Key Vault $SMTP_VAULT has quotes, backslashes or several lines, which GitLab does not take in the" \
      "mail server's password; choose another one, then run this step again" ;;
  esac
  write_file "$SMTP_PASSWORD_FILE" 600 <<<"$SECRET"
  SECRET=''
}

# Once gitlab.rb does not read it any more.
remove_smtp_password() {
  [ -n "${SMTP_VAULT-}" ] || rm -f "$SMTP_PASSWORD_FILE"
}
