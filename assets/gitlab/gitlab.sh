# shellcheck shell=bash
# GitLab itself: the package in the wanted version, its certificate, its configuration, and the proof that it answers.

SIGNING_KEY=F6403F6544A38863DAA0B6E03F01618A51312F3F
SSL=/etc/gitlab/ssl
GITLAB_RB_FILE=/etc/gitlab/gitlab.rb
SECRETS_FILE=/etc/gitlab/gitlab-secrets.json
DATABASE=/var/opt/gitlab/postgresql/data
LETS_ENCRYPT_SWITCH=$SSL/use-lets-encrypt

# --- secrets and the first password

# Without its secrets GitLab makes new ones, and what the database holds encrypted is lost without a word.
restore_secrets() {
  if [ ! -f "$DATABASE/PG_VERSION" ] || [ -f "$SECRETS_FILE" ]; then
    return 0
  fi
  vault_get "$SERVER_VAULT" gitlab-secrets-json
  if [ -z "$SECRET" ]; then
    die "the data disk has a database but neither it nor Key Vault $SERVER_VAULT has gitlab-secrets.json;" \
      "put that file back into /etc/gitlab from a backup, then apply again"
  fi
  base64 -d <<<"$SECRET" | gunzip >"$WORK/secrets" || die "gitlab-secrets-json in Key Vault $SERVER_VAULT cannot be read; restore an older version of it, then apply again"
  write_file "$SECRETS_FILE" 600 <"$WORK/secrets"
  say "gitlab-secrets.json is restored from Key Vault $SERVER_VAULT"
}

keep_secrets() {
  local packed
  packed=$(gzip -9n <"$SECRETS_FILE" | base64 -w 0)
  if [ "${#packed}" -gt 25000 ]; then
    die "gitlab-secrets.json is too long for a secret of Key Vault (${#packed} of 25000 characters); GitLab runs, but keep a copy of that file by other means"
  fi
  vault_put "$SERVER_VAULT" gitlab-secrets-json "$packed"
}

# GitLab takes the password only while it sets up its database, so it is in the vault before that.
prepare_root_password() {
  vault_get "$SERVER_VAULT" gitlab-root-password
  ROOT_PASSWORD=$SECRET
  # a password that GitLab finds weak leaves an instance without an administrator.
  while [ "${#ROOT_PASSWORD}" -lt 24 ]; do
    ROOT_PASSWORD=$(openssl rand -base64 48 | tr -dc 'A-Za-z0-9' | cut -c 1-32)
  done
  vault_put "$SERVER_VAULT" gitlab-root-password "$ROOT_PASSWORD"
}

# --- packages

APT=(apt-get -y -q -o DPkg::Lock::Timeout=600 -o Acquire::Retries=5 -o Dpkg::Options::=--force-confold)

# Machines update themselves right after their first boot. dpkg, unlike apt, does not wait for the lock.
mend_packages() {
  local started=$SECONDS
  while [ -n "$(dpkg --audit)" ]; do
    if run "finishing what dpkg had begun" dpkg --configure -a; then
      return 0
    fi
    if ! tail -n 5 "$LOG" | grep -qi lock || [ $((SECONDS - started)) -gt "$PATIENCE" ]; then
      die "dpkg cannot finish what it had begun, the lines above say why; mend it on the machine with: dpkg --configure -a; then apply again"
    fi
    pause 10 "waiting for dpkg"
  done
}

fetch_signing_key() {
  local started=$SECONDS prints
  until curl -fsSL --retry 3 --max-time 60 -o "$WORK/key" https://packages.gitlab.com/gpgkey/gpg.key 2>"$WORK/curl-error"; do
    if [ $((SECONDS - started)) -gt "$PATIENCE" ]; then
      die "packages.gitlab.com cannot be reached ($(tr -d '\n' <"$WORK/curl-error" | cut -c 1-200));" \
        "let this machine reach it and storage.googleapis.com by https, then apply again"
    fi
    pause 10 "fetching GitLab's signing key"
  done
  mkdir -p "$WORK/gpg"
  prints=$(gpg --homedir "$WORK/gpg" --batch --quiet --show-keys --with-colons "$WORK/key" 2>/dev/null | awk -F: '$1 == "pub" { p = 1 } $1 == "fpr" && p { print $10; p = 0 }')
  [ "$prints" = "$SIGNING_KEY" ] || die "packages.gitlab.com gave a signing key with another fingerprint ($(xargs <<<"$prints"), not $SIGNING_KEY); do not go on before GitLab has announced it"
  write_file /etc/apt/keyrings/gitlab.asc 644 <"$WORK/key"
}

refresh_packages() {
  local started=$SECONDS list=/etc/apt/sources.list.d/gitlab.list
  fetch_signing_key
  write_file "$list" 644 <<<"deb [arch=$(dpkg --print-architecture) signed-by=/etc/apt/keyrings/gitlab.asc] https://packages.gitlab.com/gitlab/$PACKAGE/ubuntu/$UBUNTU_CODENAME $UBUNTU_CODENAME main"
  until run "reading GitLab's list of packages" apt-get -q update -o Dir::Etc::sourcelist="$list" -o Dir::Etc::sourceparts=- \
    -o APT::Get::List-Cleanup=0 -o APT::Update::Error-Mode=any -o Acquire::Retries=5; do
    if [ $((SECONDS - started)) -gt "$PATIENCE" ]; then
      die "GitLab's list of packages cannot be read, the lines above say why; let this machine reach packages.gitlab.com by https, then apply again"
    fi
    pause 15 "reading GitLab's list of packages"
  done
}

# INSTALLED and INSTALLED_EDITION: what dpkg has wholly installed. DATA and DATA_EDITION: what last ran on the data disk.
# shellcheck disable=SC2153 # a parameter
find_versions() {
  local edition status
  INSTALLED='' INSTALLED_EDITION='' DATA='' DATA_EDITION=''
  for edition in ce ee; do
    # shellcheck disable=SC2016 # dpkg's own variables
    status=$(dpkg-query -W -f '${db:Status-Status} ${Version}' "gitlab-$edition" 2>/dev/null) || status=''
    if [ "${status%% *}" = installed ]; then
      INSTALLED=${status#* }
      INSTALLED=${INSTALLED%%-*}
      INSTALLED_EDITION=$edition
    fi
  done
  if [ -f "$DATA_STATE/version" ]; then
    read -r DATA_EDITION DATA <"$DATA_STATE/version"
  elif [ -f "$DATABASE/PG_VERSION" ] && [ -f /var/opt/gitlab/gitlab-rails/VERSION ]; then
    DATA=$(cut -d - -f 1 /var/opt/gitlab/gitlab-rails/VERSION)
    DATA_EDITION=$EDITION
  fi
}

require_space() {
  local path=$1 wanted=$2 free
  free=$(df --output=avail -B1M "$path" | tail -n 1)
  [ "$free" -ge "$wanted" ] || die "$path has only $((free)) MB free and $wanted MB are needed; make room or enlarge the disk, then apply again"
}

# install_package EDITION VERSION
install_package() {
  local package=gitlab-$1 version=$2-$1.0 attempt status
  local -a again=()
  require_space /opt 5000
  mend_packages
  # shellcheck disable=SC2016 # dpkg's own variables
  status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || status=''
  # cut off while unpacking, apt calls the package installed and does nothing.
  if [ "$status" = half-installed ]; then
    again=(--reinstall)
  fi
  for attempt in 1 2; do
    if run "installing $package $version" "${APT[@]}" --allow-change-held-packages install ${again[@]+"${again[@]}"} "$package=$version"; then
      break
    fi
    if [ "$attempt" = 2 ]; then
      if ! apt-cache madison "$package" | grep -qF " $version "; then
        die "GitLab publishes no $package $version for Ubuntu $UBUNTU_CODENAME; choose a version of https://packages.gitlab.com/gitlab/$package"
      fi
      die "$package $version cannot be installed, the lines above say why; apply again once that is mended"
    fi
    mend_packages
    run "reading all lists of packages" "${APT[@]}" update || true
  done
  # shellcheck disable=SC2016 # dpkg's own variables
  [ "$(dpkg-query -W -f '${db:Status-Status} ${Version}' "$package")" = "installed $version" ] || die "$package $version is not installed although apt said so; apply again"
  hold_package "$package"
  apt-get clean
}

# only this script may upgrade it, not the machine's own updates.
hold_package() {
  # shellcheck disable=SC2016 # dpkg's own variables
  if [ "$(dpkg-query -W -f '${db:Status-Want}' "$1")" != hold ]; then
    apt-mark hold "$1" >>"$LOG"
  fi
}

# Where gitlab.rb has an address, the package sets GitLab up inside dpkg, and a failure there leaves dpkg in pieces.
install_bare() {
  # where it was configured before, its services may run, and then the package wants the true one.
  if [ -f "$GITLAB_RB_FILE" ] && [ ! -f "$OS_STATE/reconfigured" ]; then
    mv -f "$GITLAB_RB_FILE" "$GITLAB_RB_FILE.aside"
  fi
  install_package "$1" "$2"
  uncover_gitlab_rb
}

uncover_gitlab_rb() {
  [ ! -f "$GITLAB_RB_FILE.aside" ] || mv -f "$GITLAB_RB_FILE.aside" "$GITLAB_RB_FILE"
}

# shellcheck disable=SC2153 # parameters
put_package_in_place() {
  uncover_gitlab_rb
  find_versions
  if [ -z "$INSTALLED" ] || [ "$INSTALLED $INSTALLED_EDITION" != "$VERSION $EDITION" ]; then
    refresh_packages
  fi
  # a package that lacks only its configuration step counts as not installed here, and dpkg finishes it.
  if [ -z "$INSTALLED" ] && [ -n "$(dpkg --audit)" ] && [ -f "$OS_STATE/reconfigured" ]; then
    mend_packages
    find_versions
  fi
  if [ -z "$INSTALLED" ]; then
    if [ -z "$DATA" ]; then
      install_bare "$EDITION" "$VERSION"
      return 0
    fi
    # newer code must not meet older data unprepared, so what last ran on the disk comes first.
    say "the data disk is of GitLab $DATA ($DATA_EDITION)"
    install_bare "$DATA_EDITION" "$DATA"
    if [ "$DATA $DATA_EDITION" = "$VERSION $EDITION" ]; then
      return 0
    fi
    [ -f "$GITLAB_RB_FILE" ] || die "the data disk has no gitlab.rb to start GitLab $DATA with; set the version to $DATA, apply, then set it to $VERSION"
    reconfigure
    find_versions
  fi
  if [ "$INSTALLED $INSTALLED_EDITION" != "$VERSION $EDITION" ]; then
    upgrade
  fi
}

# --- upgrade, one required stop at a time

pending_migrations() {
  gitlab-psql -At -c "SELECT count(*), count(*) FILTER (WHERE status = 4) FROM batched_background_migrations WHERE status NOT IN (3, 6)" 2>>"$LOG"
}

finish_background_migrations() {
  local pending last=''
  while :; do
    pending=$(pending_migrations) || die "the database does not answer, so it is not known whether the last upgrade is finished; see gitlab-ctl status on the machine, then apply again"
    case $pending in
      '0|0') return 0 ;;
      *'|0') ;;
      *'|'*) die "a background migration of GitLab $INSTALLED has failed; open Admin, Monitoring, Background migrations, retry it, then apply again" ;;
      *) die "the database gave no number of background migrations ($pending); apply again" ;;
    esac
    if [ "$pending" != "$last" ]; then
      say "waiting for ${pending%|*} background migrations of GitLab $INSTALLED"
      last=$pending
    fi
    if [ "$(time_left)" -le 600 ]; then
      die "${pending%|*} background migrations of GitLab $INSTALLED are still running; they go on by themselves, apply again later"
    fi
    pause 10 "waiting for background migrations"
  done
}

# The wanted package itself says from which version it may be installed.
check_hop() {
  local file floor stop database
  run "downloading $PACKAGE $VERSION" "${APT[@]}" --download-only --allow-change-held-packages install "$PACKAGE=$VERSION-$EDITION.0" \
    || die "$PACKAGE $VERSION cannot be downloaded, the lines above say why; choose a version of https://packages.gitlab.com/gitlab/$PACKAGE and apply again"
  file=$(find /var/cache/apt/archives -maxdepth 1 -name "${PACKAGE}_$VERSION-$EDITION.0_*.deb" -print -quit)
  [ -n "$file" ] || die "the downloaded $PACKAGE $VERSION is not in /var/cache/apt/archives; apply again"
  dpkg-deb -e "$file" "$WORK/control"
  floor=$(sed -n "s/^ *MIN_VERSION=[\"']*\([0-9.]*\).*/\1/p" "$WORK/control/preinst" | head -n 1)
  if [ -n "$floor" ] && dpkg --compare-versions "$(cut -d . -f 1-2 <<<"$INSTALLED")" lt "$floor"; then
    stop=$(apt-cache madison "$PACKAGE" | awk '{ print $3 }' | grep -E "^${floor//./[.]}[.][0-9]+-" | sort -V | tail -n 1 | cut -d - -f 1) || stop=''
    die "GitLab $INSTALLED cannot become $VERSION in one step; set the version to ${stop:-the newest $floor} and apply (should that be too far as well, the apply names the stop before it), then set it to $VERSION"
  fi
  floor=$(sed -n "s/^ *PG_MIN_VERSION=[\"']*\([0-9.]*\).*/\1/p" "$WORK/control/preinst" | head -n 1)
  database=$(cat "$DATABASE/PG_VERSION")
  if [ -n "$floor" ] && dpkg --compare-versions "$database" lt "${floor%%.*}"; then
    die "GitLab $VERSION needs PostgreSQL $floor and the data are of PostgreSQL $database; run gitlab-ctl pg-upgrade on the machine, then apply again"
  fi
}

upgrade() {
  if [ "$INSTALLED_EDITION $EDITION" = 'ee ce' ]; then
    die "this server runs the Enterprise Edition, and going back to the Community Edition needs steps by hand; set the edition to EE"
  fi
  if [ "$INSTALLED_EDITION" != "$EDITION" ] && [ "$INSTALLED" != "$VERSION" ]; then
    die "the edition and the version cannot change in one step; set the version to $INSTALLED, apply, then set it to $VERSION"
  fi
  if dpkg --compare-versions "$VERSION" lt "$INSTALLED"; then
    die "this server runs GitLab $INSTALLED and cannot go back to $VERSION; set the version to $INSTALLED or later, or restore a backup of $VERSION onto a new data disk"
  fi
  say "GitLab $INSTALLED ($INSTALLED_EDITION) becomes $VERSION ($EDITION)"
  # the package backs the database up first, and that needs its services.
  gitlab-ctl start >>"$LOG" 2>&1 || true
  wait_ready
  ON_FAILURE=return_to_installed
  if [ "$INSTALLED_EDITION" != "$EDITION" ]; then
    # apt does not let a held package go, whatever it is told.
    apt-mark unhold "gitlab-$INSTALLED_EDITION" >>"$LOG"
  fi
  check_hop
  finish_background_migrations
  require_space /var/opt/gitlab $((2 * $(du -sm "$DATABASE" | cut -f 1) + 1000))
  cp -p "$GITLAB_RB_FILE" "$WORK/gitlab.rb.before"
  write_gitlab_rb
  install_package "$EDITION" "$VERSION"
  ON_FAILURE=''
}

# After a failure the older version has to go on, with the gitlab.rb it knows.
return_to_installed() {
  find_versions
  if [ -n "$INSTALLED" ] && [ "$INSTALLED $INSTALLED_EDITION" != "$VERSION $EDITION" ]; then
    hold_package "gitlab-$INSTALLED_EDITION"
    [ ! -f "$WORK/gitlab.rb.before" ] || cp -p "$WORK/gitlab.rb.before" "$GITLAB_RB_FILE"
  fi
}

# --- certificate

# openssl takes an address where it does not take a name, and the other way round.
subject_name() {
  if [[ $SERVER_HOST =~ ^[0-9.]+$ ]]; then
    echo "IP:$SERVER_HOST$1"
  else
    echo "DNS:$SERVER_HOST"
  fi
}

# An authority for this one name: whoever trusts it trusts it for nothing else.
make_authority() {
  if [ -f "$SSL/ca.key" ] && [ "$(cat "$SSL/ca.host" 2>/dev/null)" = "$SERVER_HOST" ] \
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
nameConstraints = critical, permitted;$(subject_name /255.255.255.255)
CONF
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -config "$WORK/ca.conf" -keyout "$WORK/ca.key" -out "$WORK/ca.crt" 2>>"$LOG" \
    || die "no certificate authority could be made; see $LOG on the machine, then apply again"
  rm -f "$SSL/server.crt" "$SSL/ca.host"
  write_file "$SSL/ca.key" 600 <"$WORK/ca.key"
  write_file "$SSL/ca.crt" 644 <"$WORK/ca.crt"
  write_file "$SSL/ca.host" 644 <<<"$SERVER_HOST"
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
subjectAltName = $(subject_name '')
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
CONF
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=GitLab server' -keyout "$WORK/server.key" -out "$WORK/server.csr" 2>>"$LOG" \
    || die "no certificate request could be made; see $LOG on the machine, then apply again"
  openssl x509 -req -in "$WORK/server.csr" -CA "$SSL/ca.crt" -CAkey "$SSL/ca.key" -set_serial "0x$(openssl rand -hex 16)" -days 30 \
    -extfile "$WORK/leaf.conf" -out "$WORK/leaf.crt" 2>>"$LOG" \
    || die "no certificate could be made; see $LOG on the machine, then apply again"
  cat "$WORK/leaf.crt" "$SSL/ca.crt" >"$WORK/server.crt"
  install_certificate
}

# A Key Vault certificate reads as a secret: PEM, or a PKCS #12 file in base64 without a password.
fetch_certificate() {
  local file
  local -a files
  vault_get "$CERTIFICATE_VAULT" "$CERTIFICATE_SECRET"
  [ -n "$SECRET" ] || die "Key Vault $CERTIFICATE_VAULT has no certificate $CERTIFICATE_SECRET; put it there, then apply again"
  if [[ $SECRET == *-----BEGIN* ]]; then
    cat <<<"$SECRET" >"$WORK/all.pem"
  else
    base64 -d <<<"$SECRET" >"$WORK/all.pfx" 2>/dev/null || true
    # older writers encrypt with what openssl 3 takes on demand only.
    openssl pkcs12 -in "$WORK/all.pfx" -passin pass: -nodes -out "$WORK/all.pem" 2>/dev/null \
      || openssl pkcs12 -legacy -in "$WORK/all.pfx" -passin pass: -nodes -out "$WORK/all.pem" 2>/dev/null \
      || die "the certificate $CERTIFICATE_SECRET of Key Vault $CERTIFICATE_VAULT is neither PEM nor PKCS #12 without a password; import it as one of these, then apply again"
  fi
  openssl pkey -in "$WORK/all.pem" -out "$WORK/server.key" 2>/dev/null \
    || die "the certificate $CERTIFICATE_SECRET of Key Vault $CERTIFICATE_VAULT comes without its private key; make it with an exportable key, then apply again"
  awk -v "prefix=$WORK/part-" '/BEGIN CERTIFICATE/ { n++; on = 1 } on { print > (prefix sprintf("%03d", n)) } /END CERTIFICATE/ { on = 0 }' "$WORK/all.pem"
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
  [ -s "$WORK/server.crt" ] || die "none of the certificates in $CERTIFICATE_SECRET of Key Vault $CERTIFICATE_VAULT fits the private key; import them anew, then apply again"
  cat "$WORK"/part-* >>"$WORK/server.crt" </dev/null
  openssl x509 -in "$WORK/server.crt" -noout -checkend 0 >/dev/null || die "the certificate $CERTIFICATE_SECRET of Key Vault $CERTIFICATE_VAULT has expired; renew it there, then apply again"
  if openssl x509 -in "$WORK/server.crt" -noout -checkhost "$SERVER_HOST" | grep -q 'does NOT match'; then
    die "the certificate $CERTIFICATE_SECRET of Key Vault $CERTIFICATE_VAULT is not for $SERVER_HOST; use one that is, then apply again"
  fi
  install_certificate
}

install_certificate() {
  local changed=''
  write_file "$SSL/server.key" 600 <"$WORK/server.key"
  changed=$CHANGED
  write_file "$SSL/server.crt" 644 <"$WORK/server.crt"
  changed=$changed$CHANGED
  if [ -n "$changed" ]; then
    say "the certificate for $SERVER_HOST is good until $(openssl x509 -in "$SSL/server.crt" -noout -enddate | cut -d = -f 2)"
    if [ -f "$OS_STATE/reconfigured" ]; then
      gitlab-ctl hup nginx >>"$LOG" 2>&1 || true
    fi
  fi
}

put_certificate_in_place() {
  case $CERTIFICATE in
    generated) generate_certificate ;;
    key-vault) fetch_certificate ;;
    none) return 0 ;;
  esac
  if [ "$CERTIFICATE" = generated ]; then
    # GitLab calls itself by its own address too.
    write_file /etc/gitlab/trusted-certs/server-authority.crt 644 <"$SSL/ca.crt"
    vault_put "$RUNNER_VAULT" gitlab-ca-certificate "$(cat "$SSL/ca.crt")"
  else
    vault_put "$RUNNER_VAULT" gitlab-ca-certificate "$(cat "$SSL/server.crt")"
  fi
}

write_certificate_timer() {
  if [ "$CERTIFICATE" = none ]; then
    if [ -f /etc/systemd/system/gitlab-certificate.timer ]; then
      systemctl disable --now gitlab-certificate.timer >>"$LOG" 2>&1 || true
      rm -f /etc/systemd/system/gitlab-certificate.timer
    fi
    return 0
  fi
  local changed=''
  write_file /etc/systemd/system/gitlab-certificate.service 644 <<UNIT
[Unit]
Description=Renews the certificate of GitLab's web server
Wants=network-online.target
After=network-online.target
RequiresMountsFor=/etc/gitlab
ConditionPathIsMountPoint=/etc/gitlab
[Service]
Type=oneshot
ExecStart=/bin/bash $LIBRARY/gitlab.sh certificate
UNIT
  changed=$CHANGED
  write_file /etc/systemd/system/gitlab-certificate.timer 644 <<'UNIT'
[Unit]
Description=Renews the certificate of GitLab's web server
[Timer]
OnCalendar=*-*-* 02,14:00:00
RandomizedDelaySec=2h
Persistent=true
[Install]
WantedBy=timers.target
UNIT
  if [ -n "$changed$CHANGED" ]; then
    systemctl daemon-reload
  fi
  systemctl is-enabled --quiet gitlab-certificate.timer 2>/dev/null || systemctl enable --now gitlab-certificate.timer >>"$LOG" 2>&1
}

# lets_encrypt_lasts SECONDS
lets_encrypt_lasts() {
  [ -f "$SSL/$SERVER_HOST.crt" ] && openssl x509 -in "$SSL/$SERVER_HOST.crt" -noout -issuer | grep -qi "let's encrypt" \
    && openssl x509 -in "$SSL/$SERVER_HOST.crt" -noout -checkend "$1" >/dev/null
}

# Asked for once all else is in place, and never a reason to fail: for names below azure.com all of Azure shares one quota.
try_lets_encrypt() {
  local tried=$OS_STATE/lets-encrypt-tried
  if [ -z "${LETS_ENCRYPT-}" ]; then
    rm -f "$LETS_ENCRYPT_SWITCH"
    return 0
  fi
  if [ -f "$LETS_ENCRYPT_SWITCH" ] && lets_encrypt_lasts 1728000; then
    return 0
  fi
  if [ -f "$LETS_ENCRYPT_SWITCH" ] && lets_encrypt_lasts 259200; then
    # GitLab's own timer should have renewed it by now. The command says success whatever happens, so the certificate is judged.
    run "renewing the certificate of Let's Encrypt" gitlab-ctl renew-le-certs || true
    return 0
  fi
  if [ -z "$(find "$OS_STATE" -maxdepth 1 -name lets-encrypt-tried -mmin +360 -print)" ] && [ -f "$tried" ]; then
    return 0
  fi
  touch "$tried"
  # what an earlier attempt left there would pass for a fresh certificate.
  lets_encrypt_lasts 259200 || rm -f "$SSL/$SERVER_HOST".{crt,key}{,-staging}
  touch "$LETS_ENCRYPT_SWITCH"
  run "asking Let's Encrypt for a certificate for $SERVER_HOST" gitlab-ctl reconfigure || true
  if lets_encrypt_lasts 0; then
    say "the certificate is Let's Encrypt's"
    wait_ready
    fingerprint >"$OS_STATE/reconfigured"
    return 0
  fi
  rm -f "$LETS_ENCRYPT_SWITCH"
  say "WARNING: Let's Encrypt gave no certificate; GitLab goes on with that of its own authority, and asks again twice a day." \
    "Port 80 must be open to all and $SERVER_HOST must lead here; names below cloudapp.azure.com often meet a quota, an own domain does not"
  run "going back to the certificate of the own authority" gitlab-ctl reconfigure || die "GitLab cannot be configured, the lines above say why; apply again once that is mended"
  wait_ready
}

# --- configuration

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
