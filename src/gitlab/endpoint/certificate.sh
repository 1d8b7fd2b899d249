# shellcheck shell=bash
# The certificate: of an authority of our own, from a Key Vault, or, afterwards, of Let's Encrypt.

SSL=/etc/gitlab/ssl
LETS_ENCRYPT_SWITCH=$SSL/use-lets-encrypt
# Pages have a switch of their own: a name of theirs that Let's Encrypt refuses must not cost GitLab its certificate.
LETS_ENCRYPT_PAGES_SWITCH=$SSL/use-lets-encrypt-for-pages

# The server's own name, and that of Pages where they share the certificate.
certificate_names() { echo "$SERVER_HOST${SHARED_NAME:+ ${SHARED_NAME-}}"; }

# subject_names PREFIX SUFFIX: as openssl wants them, which takes an address where it does not take a name, and the other way round.
subject_names() {
  local name separator=''
  local -a names
  read -ra names <<<"$(certificate_names)"
  for name in "${names[@]}"; do
    if [[ $name =~ ^[0-9.]+$ ]]; then
      printf '%s' "$separator$1IP:$name$2"
    else
      printf '%s' "$separator$1DNS:$name"
    fi
    separator=', '
  done
}

# An authority for these names alone: whoever trusts it trusts it for nothing else.
make_authority() {
  if [ -f "$SSL/ca.key" ] && [ "$(cat "$SSL/ca.host" 2>/dev/null)" = "$(certificate_names)" ] \
    && openssl x509 -in "$SSL/ca.crt" -noout -checkend 5184000 >/dev/null 2>&1; then
    return 0
  fi
  say "making a certificate authority for $SERVER_HOST"
  cat >"$WORK/ca.conf" <<CONF
[req]
distinguished_name = dn
x509_extensions = ca
prompt = no
[dn]
CN = GitLab server authority $(openssl rand -hex 4)
[ca]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
nameConstraints = critical, $(subject_names 'permitted;' /255.255.255.255)
CONF
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -config "$WORK/ca.conf" \
    -keyout "$WORK/ca.key" -out "$WORK/ca.crt" 2>>"$LOG" \
    || die "no certificate authority could be made; see $LOG on the machine, then run this step again"
  rm -f "$SSL/server.crt" "$SSL/ca.host"
  write_file "$SSL/ca.key" 600 <"$WORK/ca.key"
  write_file "$SSL/ca.crt" 644 <"$WORK/ca.crt"
  write_file "$SSL/ca.host" 644 <<<"$(certificate_names)"
}

# 30 days: no longer than a lost key should be good for. Half of them are left when the timer renews.
generate_certificate() {
  make_authority
  if [ -f "$SSL/server.key" ] && openssl verify -CAfile "$SSL/ca.crt" "$SSL/server.crt" >/dev/null 2>&1 \
    && openssl x509 -in "$SSL/server.crt" -noout -checkend 1296000 >/dev/null; then
    return 0
  fi
  say "making a certificate for $SERVER_HOST"
  cat >"$WORK/leaf.conf" <<CONF
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = $(subject_names '' '')
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
CONF
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=GitLab server' \
    -keyout "$WORK/server.key" -out "$WORK/server.csr" 2>>"$LOG" \
    || die "no certificate request could be made; see $LOG on the machine, then run this step again"
  openssl x509 -req -in "$WORK/server.csr" -CA "$SSL/ca.crt" -CAkey "$SSL/ca.key" -set_serial "0x$(openssl rand -hex 16)" -days 30 \
    -extfile "$WORK/leaf.conf" -out "$WORK/leaf.crt" 2>>"$LOG" \
    || die "no certificate could be made; see $LOG on the machine, then run this step again"
  cat "$WORK/leaf.crt" "$SSL/ca.crt" >"$WORK/server.crt"
  install_certificate "$SSL/server" "$SERVER_HOST"
}

# fetch_certificate VAULT SECRET FILE NAME…: FILE.crt and FILE.key, for all of the names.
# A Key Vault certificate reads as a secret: PEM, or a PKCS #12 file in base64 without a password.
fetch_certificate() {
  local vault=$1 secret=$2 target=$3 file name
  local -a files
  shift 3
  rm -f "$WORK"/part-*
  vault_get "$vault" "$secret"
  [ -n "$SECRET" ] || die "Key Vault $vault has no certificate $secret; put it there, then run this step again"
  if [[ $SECRET == *-----BEGIN* ]]; then
    cat <<<"$SECRET" >"$WORK/all.pem"
  else
    base64 -d <<<"$SECRET" >"$WORK/all.pfx" 2>/dev/null || true
    # older writers encrypt with what openssl 3 takes on demand only.
    openssl pkcs12 -in "$WORK/all.pfx" -passin pass: -nodes -out "$WORK/all.pem" 2>/dev/null \
      || openssl pkcs12 -legacy -in "$WORK/all.pfx" -passin pass: -nodes -out "$WORK/all.pem" 2>/dev/null \
      || die "the certificate $secret of Key Vault $vault is neither PEM nor PKCS #12 without a password; import it as" \
        "one of these, then run this step again"
  fi
  openssl pkey -in "$WORK/all.pem" -out "$WORK/server.key" 2>/dev/null \
    || die "the certificate $secret of Key Vault $vault comes without its private key; make it with an exportable key," \
      "then run this step again"
  awk -v "prefix=$WORK/part-" '
    /BEGIN CERTIFICATE/ { n++; on = 1 }
    on { print > (prefix sprintf("%03d", n)) }
    /END CERTIFICATE/ { on = 0 }' "$WORK/all.pem"
  files=("$WORK"/part-*)
  : >"$WORK/server.crt"
  # the server's own comes first, whatever the order in the vault.
  for file in ${files[@]+"${files[@]}"}; do
    if [ "$(openssl x509 -in "$file" -noout -pubkey)" = "$(openssl pkey -in "$WORK/server.key" -pubout)" ]; then
      cat "$file" >"$WORK/server.crt"
      rm -f "$file"
      break
    fi
  done
  [ -s "$WORK/server.crt" ] || die "none of the certificates in $secret of Key Vault $vault fits the private key; import" \
    "them anew, then run this step again"
  cat "$WORK"/part-* >>"$WORK/server.crt" </dev/null
  openssl x509 -in "$WORK/server.crt" -noout -checkend 0 >/dev/null || die "the certificate $secret of Key Vault $vault" \
    "has expired; renew it there, then run this step again"
  for name in "$@"; do
    # a wildcard is judged by a name that it has to cover.
    if openssl x509 -in "$WORK/server.crt" -noout -checkhost "${name/#\*/any}" | grep -q 'does NOT match'; then
      die "the certificate $secret of Key Vault $vault is not for $name; use one that is, then run this step again"
    fi
  done
  install_certificate "$target" "$1"
}

# install_certificate FILE NAME
install_certificate() {
  local changed=''
  write_file "$1.key" 600 <"$WORK/server.key"
  changed=$CHANGED
  write_file "$1.crt" 644 <"$WORK/server.crt"
  changed=$changed$CHANGED
  if [ -n "$changed" ]; then
    say "the certificate for $2 is good until $(openssl x509 -in "$1.crt" -noout -enddate | cut -d = -f 2)"
  fi
}

# Judged by time and not by what this run changed: an earlier one may have been cut off before it came to this.
show_certificate() {
  local newer
  [ -f "$OS_STATE/reconfigured" ] || return 0
  newer=$(find "$SSL" \( -name server.crt -o -name pages.crt \) -newer "$OS_STATE/reconfigured")
  if [ -n "$newer" ] && gitlab-ctl hup nginx >>"$LOG" 2>&1; then
    touch "$OS_STATE/reconfigured"
  fi
}

put_certificate_in_place() {
  local -a names
  install -d -m 755 "$SSL"
  read -ra names <<<"$(certificate_names)"
  if [ -n "${PAGES_CERTIFICATE_VAULT-}" ]; then
    fetch_certificate "$PAGES_CERTIFICATE_VAULT" "$PAGES_CERTIFICATE_SECRET" "$SSL/pages" "$PAGES_CERTIFICATE_NAME"
  fi
  # a name that is new to the certificate is asked for behind the reconfiguration, where a refusal does no harm.
  if [ -f "$LETS_ENCRYPT_PAGES_SWITCH" ] && ! lets_encrypt_lasts 0 "${LETS_ENCRYPT_PAGES:-none}"; then
    rm -f "$LETS_ENCRYPT_PAGES_SWITCH" "$OS_STATE/lets-encrypt-tried-for-pages"
  fi
  case $CERTIFICATE in
    generated) generate_certificate ;;
    key-vault) fetch_certificate "$CERTIFICATE_VAULT" "$CERTIFICATE_SECRET" "$SSL/server" "${names[@]}" ;;
    none) return 0 ;;
  esac
  show_certificate
  if [ "$CERTIFICATE" = generated ]; then
    # GitLab calls itself by its own address too.
    write_file /etc/gitlab/trusted-certs/server-authority.crt 644 <"$SSL/ca.crt"
    vault_put "$RUNNER_VAULT" gitlab-ca-certificate "$(cat "$SSL/ca.crt")" application/x-pem-file
  else
    vault_put "$RUNNER_VAULT" gitlab-ca-certificate "$(cat "$SSL/server.crt")" application/x-pem-file
  fi
}

write_certificate_timer() {
  if [ "$CERTIFICATE" = none ]; then
    remove_timer gitlab-certificate || true
    return 0
  fi
  write_settings_timer gitlab-certificate "Renews the certificate of GitLab's web server" "*-*-* 02,14:00:00" 'gitlab.sh certificate' \
    RandomizedDelaySec=2h Persistent=true
}

# lets_encrypt_lasts SECONDS [NAME]
lets_encrypt_lasts() {
  [ -z "${2-}" ] || ! openssl x509 -in "$SSL/$SERVER_HOST.crt" -noout -checkhost "$2" 2>/dev/null | grep -q 'does NOT match' || return 1
  [ -f "$SSL/$SERVER_HOST.crt" ] && openssl x509 -in "$SSL/$SERVER_HOST.crt" -noout -issuer | grep -qi "let's encrypt" \
    && openssl x509 -in "$SSL/$SERVER_HOST.crt" -noout -checkend "$1" >/dev/null
}

# ask_lets_encrypt SWITCH NAME STAMP: asked for once all else is in place, every six hours at most, and never a reason to fail: for names below
# azure.com all of Azure shares one quota. The switch is off afterwards if the certificate did not come.
ask_lets_encrypt() {
  if [ -n "$(find "$OS_STATE" -path "$3" -mmin -360)" ]; then
    return 0
  fi
  [ "$1" = "$LETS_ENCRYPT_PAGES_SWITCH" ] || rm -f "$LETS_ENCRYPT_PAGES_SWITCH"
  # what an earlier attempt left there would pass for a fresh certificate.
  lets_encrypt_lasts 259200 || rm -f "$SSL/$SERVER_HOST".{crt,key}{,-staging}
  touch "$3" "$1"
  run "asking Let's Encrypt for a certificate for $2" gitlab-ctl reconfigure || true
  if lets_encrypt_lasts 0 "$2"; then
    say "the certificate for $2 is Let's Encrypt's"
  else
    rm -f "$1"
    say "WARNING: Let's Encrypt gave no certificate for $2; it goes on with that of the server's own authority, and is asked for again twice a day." \
      "Port 80 must be open to all and $2 must lead here; names in Azure's domain often meet a quota, an own domain does not"
    run "going back to the certificate of the own authority" gitlab-ctl reconfigure || die "GitLab cannot be configured, the lines above say why;" \
      "run this step again once that is mended"
  fi
  wait_ready
  fingerprint >"$OS_STATE/reconfigured"
}

try_lets_encrypt() {
  if [ -z "${LETS_ENCRYPT-}" ]; then
    rm -f "$LETS_ENCRYPT_SWITCH" "$LETS_ENCRYPT_PAGES_SWITCH"
    return 0
  fi
  if [ ! -f "$LETS_ENCRYPT_SWITCH" ] || ! lets_encrypt_lasts 259200; then
    ask_lets_encrypt "$LETS_ENCRYPT_SWITCH" "$SERVER_HOST" "$OS_STATE/lets-encrypt-tried"
  elif ! lets_encrypt_lasts 1728000; then
    # GitLab's own timer should have renewed it by now. The command says success whatever happens, so the certificate is judged.
    run "renewing the certificate of Let's Encrypt" gitlab-ctl renew-le-certs || true
  fi
  # a second name in GitLab's certificate, once that is there.
  if [ -n "${LETS_ENCRYPT_PAGES-}" ] && [ -f "$LETS_ENCRYPT_SWITCH" ] && [ ! -f "$LETS_ENCRYPT_PAGES_SWITCH" ]; then
    ask_lets_encrypt "$LETS_ENCRYPT_PAGES_SWITCH" "$LETS_ENCRYPT_PAGES" "$OS_STATE/lets-encrypt-tried-for-pages"
  fi
}

show_certificates() {
  cat /etc/gitlab/trusted-certs/server-authority.crt 2>/dev/null || true
  [ ! -f "$LETS_ENCRYPT_SWITCH" ] || echo lets-encrypt
  [ ! -f "$LETS_ENCRYPT_PAGES_SWITCH" ] || echo lets-encrypt-for-pages
}

keep CERTIFICATE CERTIFICATE_VAULT CERTIFICATE_SECRET LETS_ENCRYPT LETS_ENCRYPT_PAGES
keep SHARED_NAME PAGES_CERTIFICATE_VAULT PAGES_CERTIFICATE_SECRET PAGES_CERTIFICATE_NAME
on package put_certificate_in_place
on fingerprint show_certificates
on timers write_certificate_timer
on end try_lets_encrypt
on command-certificate put_certificate_in_place
on command-certificate try_lets_encrypt
