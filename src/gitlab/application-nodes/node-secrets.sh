# shellcheck shell=bash
# What a node gets from the server's Key Vault. Nothing of it is in a plan, a state or a parameter.

SSL=/etc/gitlab/ssl
SECRETS_FILE=/etc/gitlab/gitlab-secrets.json
# there while the certificate is one that everybody's browser knows.
LETS_ENCRYPT_SWITCH=$SSL/use-lets-encrypt
AUTHORITIES=/etc/ssl/certs/ca-certificates.crt

# What the server's own machine has not put there is no reason to go on without.
not_there() { die "Key Vault $SERVER_VAULT has no secret $1, which the server's own machine puts there; give another rerun and apply"; }

# fetch NAME: SECRET.
fetch() {
  vault_get "$SERVER_VAULT" "$1"
  [ -n "$SECRET" ] || not_there "$1"
}

# fetch_file NAME FILE
fetch_file() {
  vault_get_file "$SERVER_VAULT" "$1" "$2" || die "the secret $1 of Key Vault $SERVER_VAULT cannot be read; give another rerun and apply, and the server's own machine puts it there anew"
  [ -s "$2" ] || not_there "$1"
}

take_shared_secrets() {
  fetch_file gitlab-secrets-json "$WORK/secrets.json"
  write_file "$SECRETS_FILE" 600 <"$WORK/secrets.json"
  fetch gitlab-redis-password
  write_file "$REDIS_PASSWORD_FILE" 600 <<<"$SECRET"
  fetch gitlab-node-authority
  write_file "$NODE_AUTHORITY" 644 <<<"$SECRET"
  SECRET=''
}

# Clients see one host, whichever machine answers.
take_host_keys() {
  local key changed=''
  fetch_file gitlab-ssh-host-keys "$WORK/host-keys.tar"
  rm -rf "$WORK/host-keys"
  mkdir "$WORK/host-keys"
  tar -C "$WORK/host-keys" --no-same-owner -xf "$WORK/host-keys.tar"
  for key in /etc/ssh/ssh_host_*; do
    if [ ! -f "$WORK/host-keys/${key##*/}" ]; then
      rm -f "$key"
      changed=yes
    fi
  done
  for key in "$WORK"/host-keys/ssh_host_*; do
    cmp -s "$key" "/etc/ssh/${key##*/}" && continue
    install -m "$(stat -c %a "$key")" "$key" "/etc/ssh/${key##*/}"
    changed=yes
  done
  rm -rf "$WORK/host-keys" "$WORK/host-keys.tar"
  if [ -n "$changed" ]; then
    systemctl try-reload-or-restart ssh.service >>"$LOG" 2>&1 || true
    say "the SSH host keys are those of the server's own machine"
  fi
}

take_web_certificate() {
  fetch gitlab-web-certificate
  install -d -m 755 "$SSL"
  openssl pkey -out "$WORK/web.key" <<<"$SECRET" 2>>"$LOG" || die "the secret gitlab-web-certificate of Key Vault $SERVER_VAULT has no private key; give another" \
    "rerun and apply, and the server's own machine puts it there anew"
  sed -n '/-BEGIN CERTIFICATE-/,/-END CERTIFICATE-/p' <<<"$SECRET" >"$WORK/web.crt"
  SECRET=''
  write_file "$SSL/server.key" 600 <"$WORK/web.key"
  write_file "$SSL/server.crt" 644 <"$WORK/web.crt"
  if openssl verify -CAfile "$AUTHORITIES" -untrusted "$SSL/server.crt" "$SSL/server.crt" >>"$LOG" 2>&1; then
    touch "$LETS_ENCRYPT_SWITCH"
  else
    rm -f "$LETS_ENCRYPT_SWITCH"
  fi
}

# nginx takes it over without dropping a request. Judged by what was shown last: an earlier run may have been cut off before it came to this.
show_web_certificate() {
  local shown=$OS_STATE/web-certificate now
  now=$(sha256sum <"$SSL/server.crt")
  if [ "$(cat "$shown" 2>/dev/null)" != "$now" ] && gitlab-ctl hup nginx >>"$LOG" 2>&1; then
    echo "$now" >"$shown"
    say "the certificate is good until $(openssl x509 -in "$SSL/server.crt" -noout -enddate | cut -d = -f 2)"
  fi
}
