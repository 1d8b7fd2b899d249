# shellcheck shell=bash
# SAML's certificates: what Entra ID publishes of each tenant becomes files that gitlab.rb reads. TLS to Microsoft is what is trusted.

SAML=/etc/gitlab/saml

# certificates_of FILE ENTITY FOLDER: the certificates by which the identity provider of that name signs, a file each. Says what is wrong.
certificates_of() {
  python3 -I -c '
import base64, hashlib, os, sys, textwrap
import xml.etree.ElementTree as tree

path, entity, folder = sys.argv[1:]
metadata, signature = "{urn:oasis:names:tc:SAML:2.0:metadata}", "{http://www.w3.org/2000/09/xmldsig#}"
text = open(path, "rb").read()
if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
    sys.exit("it has a document type, which metadata must not have")
try:
    root = tree.fromstring(text)
except (tree.ParseError, ValueError, LookupError):
    sys.exit("it is not XML")
if root.tag != metadata + "EntityDescriptor":
    sys.exit("it is not the metadata of one entity")
named = root.get("entityID")
if named != entity:
    sys.exit(f"it belongs to {ascii(named)[:200]}, not to {entity}")
found = 0
# another role repeats the certificates for another protocol.
for key in root.findall(f"{metadata}IDPSSODescriptor/{metadata}KeyDescriptor[@use=\"signing\"]"):
    for certificate in key.iter(signature + "X509Certificate"):
        try:
            der = base64.b64decode("".join((certificate.text or "").split()), validate=True)
        except ValueError:
            sys.exit("one of its certificates is not base64")
        lines = textwrap.wrap(base64.b64encode(der).decode(), 64)
        with open(os.path.join(folder, hashlib.sha256(der).hexdigest() + ".pem"), "w") as file:
            file.write("\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""]))
        found += 1
if found == 0:
    sys.exit("it lists no signing certificate")
' "$1" "$2" "$3" 2>"$WORK/reason"
}

# fetch NAME URL ENTITY: new certificates in $WORK/NAME, or what is wrong in REASON. bash forgets about errors where this is asked for.
fetch() {
  local name=$1 url=$2 entity=$3 file
  rm -rf "${WORK:?}/$name"
  mkdir "$WORK/$name" || return 1
  : >"$WORK/answer"
  HTTP_STATUS=$(printf 'url = "%s"\nproto = "=https"\nsilent\nshow-error\nconnect-timeout = 10\nmax-time = 60\nmax-filesize = 4000000\noutput = "%s"\nwrite-out = "%%{http_code}"\n' \
    "$url" "$WORK/answer" | curl --config - 2>"$WORK/curl-error") || true
  HTTP_STATUS=${HTTP_STATUS:-000}
  if [ "$HTTP_STATUS" != 200 ]; then
    REASON="$url answered with status $HTTP_STATUS $(tr -d '\n' <"$WORK/curl-error" | cut -c 1-200)"
    return 1
  fi
  if ! certificates_of "$WORK/answer" "$entity" "$WORK/$name"; then
    REASON="the metadata at $url cannot be used: $(tail -n 1 "$WORK/reason" | cut -c 1-300)"
    return 1
  fi
  for file in "$WORK/$name"/*.pem; do
    if ! openssl x509 -in "$file" -noout 2>/dev/null; then
      REASON="the metadata at $url cannot be used: one of its certificates is not valid"
      return 1
    fi
  done
}

# fetch_patiently NAME URL ENTITY: what waiting may heal is waited for, but not long where GitLab has certificates.
fetch_patiently() {
  local started=$SECONDS patience=$PATIENCE
  local -a known=("$SAML/$1"/*.pem)
  [ "${#known[@]}" = 0 ] || patience=30
  until fetch "$@"; do
    case $HTTP_STATUS in
      000 | 408 | 429 | 5??) ;;
      *) return 1 ;;
    esac
    if [ $((SECONDS - started)) -gt "$patience" ]; then
      return 1
    fi
    pause 5 "fetching the certificates of SAML provider $1"
  done
}

# The new ones come first, so that at no moment one is missing that is in use.
put_in_place() {
  local name=$1 file changed=''
  local -a now
  for file in "$WORK/$name"/*.pem; do
    write_file "$SAML/$name/${file##*/}" 644 <"$file"
    changed=$changed$CHANGED
  done
  for file in "$SAML/$name"/*.pem; do
    if [ ! -f "$WORK/$name/${file##*/}" ]; then
      rm -f "$file"
      changed=yes
    fi
  done
  if [ -n "$changed" ]; then
    now=("$SAML/$name"/*.pem)
    say "SAML provider $name has ${#now[@]} certificates"
  fi
}

warn_of_end() {
  local file
  for file in "$SAML/$1"/*.pem; do
    if openssl x509 -in "$file" -noout -checkend 2592000 >/dev/null; then
      return 0
    fi
  done
  say "WARNING: no certificate of SAML provider $1 is valid for another 30 days; create a new one in Entra ID and activate it a day later"
}

# Never an outage: what was good stays, whatever happens. FAILED tells which ones got nothing new.
take_certificates() {
  local name url entity
  local -a known
  FAILED=''
  while read -r name url entity; do
    if fetch_patiently "$name" "$url" "$entity"; then
      put_in_place "$name"
    else
      known=("$SAML/$name"/*.pem)
      [ "${#known[@]}" -gt 0 ] || die "SAML provider $name has no certificates: $REASON; fix that, then run this step again"
      FAILED="${FAILED:+$FAILED, }$name"
      say "WARNING: the certificates of SAML provider $name were not renewed: $REASON; GitLab keeps using the ${#known[@]} it has and tries again each day"
    fi
    warn_of_end "$name"
  done <<<"$SAML_SOURCES"
}

# gitlab.sh compares, so that also what an earlier run was cut off from is made good.
show_to_gitlab() {
  if [ -f "$LIBRARY/gitlab.sh" ]; then
    LOCK_IS_HELD=yes run "passing the certificates to GitLab" /bin/bash "$LIBRARY/gitlab.sh" reconfigure \
      || die "GitLab cannot be configured, the lines above say why; run this step again once that is mended"
  fi
}

write_saml_timer() {
  write_settings_timer gitlab-saml "Renews the certificates by which people sign in to GitLab" "*-*-* 03:00:00" 'sign-in.sh refresh' \
    RandomizedDelaySec=1h Persistent=true
}

begin sign-in "$@"
require_data_disk
take_certificates
if [ "${1-}" = refresh ]; then
  show_to_gitlab
  if [ -n "$FAILED" ]; then
    logger --priority daemon.alert --tag gitlab-saml "the certificates of SAML provider $FAILED were not renewed; see journalctl --unit gitlab-saml" || true
    die "the certificates of SAML provider $FAILED were not renewed, the lines above say why; GitLab keeps using those it has, and the server" \
      "asks again by itself the next night"
  fi
  exit 0
fi
save_step DEADLINE_SECONDS SAML_SOURCES
write_saml_timer
say "SAML providers that people can sign in with: $(cut -d ' ' -f 1 <<<"$SAML_SOURCES" | tr '\n' ' ')"
