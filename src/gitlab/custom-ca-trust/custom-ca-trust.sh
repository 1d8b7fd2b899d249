# shellcheck shell=bash
# Authorities of the user's: in Ubuntu's store before anything is asked of the network, and in GitLab's, which has its own, before GitLab is configured.

AUTHORITIES=/usr/local/share/ca-certificates/gitlab-server
AUTHORITIES_PENDING=$OS_STATE/authorities-pending
# Each file is called by what is in it: GitLab keeps links by subject, and those of an earlier list would lead to other certificates.
AUTHORITY=custom-ca-trust-
TRUSTED=/etc/gitlab/trusted-certs

# split_authorities: those that are wanted, in $WORK/authorities.
split_authorities() {
  local part digest
  install -d -m 755 "$WORK/authorities"
  awk -v "prefix=$WORK/part-" '
    /BEGIN CERTIFICATE/ { n++; on = 1 }
    on { print > (prefix sprintf("%03d", n)) }
    /END CERTIFICATE/ { on = 0 }' <<<"${CUSTOM_CA_TRUST//$'\r'/}"
  for part in "$WORK"/part-*; do
    openssl x509 -in "$part" -out "$WORK/authority" 2>>"$LOG" || die "certificate ${part##*-} of customCaTrustCertificates cannot be read; give it as PEM" \
      "and apply"
    openssl x509 -in "$WORK/authority" -noout -checkend 0 >/dev/null \
      || say "WARNING: the authority $(openssl x509 -in "$WORK/authority" -noout -subject) has expired; give its successor too"
    digest=$(sha256sum <"$WORK/authority")
    install -m 644 "$WORK/authority" "$WORK/authorities/$AUTHORITY${digest:0:16}.crt"
  done
  rm -f "$WORK"/part-*
  [ -n "$(ls "$WORK/authorities")" ] || die "customCaTrustCertificates has no certificate; give each as PEM, -----BEGIN CERTIFICATE----- and on, and apply"
}

# The mark says that the store may be neither what it was nor what it shall be.
trust_authorities() {
  if [ -n "${CUSTOM_CA_TRUST-}" ]; then
    split_authorities
    if [ ! -e "$AUTHORITIES_PENDING" ] && diff -r "$WORK/authorities" "$AUTHORITIES" >/dev/null 2>&1; then
      return 0
    fi
  elif [ ! -e "$AUTHORITIES_PENDING" ] && [ ! -e "$AUTHORITIES" ]; then
    return 0
  fi
  touch "$AUTHORITIES_PENDING"
  rm -rf "$AUTHORITIES"
  if [ -n "${CUSTOM_CA_TRUST-}" ]; then
    install -d -m 755 "$AUTHORITIES"
    install -m 644 "$WORK/authorities"/* "$AUTHORITIES"
  fi
  run "telling this machine whom it trusts" update-ca-certificates --fresh \
    || die "the authorities that this machine trusts cannot be renewed, the lines above say why; run this step again once that is mended"
  rm -f "$AUTHORITIES_PENDING"
}

# Programs that run know whom they trusted when they began.
note_authorities() { [ ! -f "$OS_STATE/reconfigured" ] || touch "$OS_STATE/authorities-anew"; }

share_authorities() {
  local file
  for file in "$TRUSTED/$AUTHORITY"*.crt; do
    if [ ! -f "$AUTHORITIES/${file##*/}" ]; then
      note_authorities
      rm -f "$file"
    fi
  done
  for file in "$AUTHORITIES"/*.crt; do
    [ -f "$TRUSTED/${file##*/}" ] || note_authorities
    write_file "$TRUSTED/${file##*/}" 644 <"$file"
  done
}

show_authorities() {
  local file
  for file in "$TRUSTED/$AUTHORITY"*.crt; do
    echo "${file##*/}"
  done
}

restart_for_authorities() {
  if [ -f "$OS_STATE/authorities-anew" ]; then
    run "having GitLab's services know whom they trust" gitlab-ctl restart || die "GitLab cannot be restarted, the lines above say why; run this step again"
    rm -f "$OS_STATE/authorities-anew"
  fi
}

on started trust_authorities
on package share_authorities
on mounted share_authorities
on fingerprint show_authorities
on configured restart_for_authorities
