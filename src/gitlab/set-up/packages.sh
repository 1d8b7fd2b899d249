# shellcheck shell=bash
# The package: installed in the wanted version.

SIGNING_KEY=F6403F6544A38863DAA0B6E03F01618A51312F3F
GITLAB_RB_FILE=/etc/gitlab/gitlab.rb

fetch_signing_key() {
  local started=$SECONDS prints
  until curl -fsSL --retry 3 --max-time 60 -o "$WORK/key" https://packages.gitlab.com/gpgkey/gpg.key 2>"$WORK/curl-error"; do
    refuse_stranger https://packages.gitlab.com
    if [ $((SECONDS - started)) -gt "$PATIENCE" ]; then
      die "packages.gitlab.com cannot be reached ($(tr -d '\n' <"$WORK/curl-error" | cut -c 1-200));" \
        "let this machine reach it and storage.googleapis.com by https, then run this step again"
    fi
    pause 10 "fetching GitLab's signing key"
  done
  mkdir -p "$WORK/gpg"
  prints=$(gpg --homedir "$WORK/gpg" --batch --quiet --show-keys --with-colons "$WORK/key" 2>/dev/null \
    | awk -F: '$1 == "pub" { p = 1 } $1 == "fpr" && p { print $10; p = 0 }') || prints='no key'
  [ "$prints" = "$SIGNING_KEY" ] || die "packages.gitlab.com gave a signing key with another fingerprint ($(xargs <<<"$prints"), not" \
    "$SIGNING_KEY); do not go on before GitLab has announced it, then take a version of this library that knows it and apply"
  write_file /etc/apt/keyrings/gitlab.asc 644 <"$WORK/key"
}

# refresh_packages EDITION…: each edition and each Ubuntu release has a tree of its own.
refresh_packages() {
  local started=$SECONDS list=/etc/apt/sources.list.d/gitlab.list options edition
  fetch_signing_key
  options="arch=$(dpkg --print-architecture) signed-by=/etc/apt/keyrings/gitlab.asc"
  for edition in $(printf '%s\n' "$@" | sort -u); do
    echo "deb [$options] https://packages.gitlab.com/gitlab/gitlab-$edition/ubuntu/$UBUNTU_CODENAME $UBUNTU_CODENAME main"
  done >"$WORK/list"
  write_file "$list" 644 <"$WORK/list"
  until run "reading GitLab's list of packages" apt-get -q update -o Dir::Etc::sourcelist="$list" -o Dir::Etc::sourceparts=- \
    -o APT::Get::List-Cleanup=0 -o APT::Update::Error-Mode=any -o Acquire::Retries=5; do
    if [ $((SECONDS - started)) -gt "$PATIENCE" ]; then
      die "GitLab's list of packages cannot be read, the lines above say why; let this machine reach packages.gitlab.com by https, then run this step again"
    fi
    pause 15 "reading GitLab's list of packages"
  done
}

# INSTALLED and INSTALLED_EDITION: what dpkg has wholly installed. DATA and DATA_EDITION: what last ran on the data disk, by a file that only root
# writes: GitLab's own VERSION lies in a folder of its user's, and whoever takes that over could choose what a new machine installs.
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
  fi
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
    if run_apt "installing $package $version" --allow-change-held-packages install ${again[@]+"${again[@]}"} "$package=$version"; then
      break
    fi
    if [ "$attempt" = 2 ]; then
      if ! apt-cache madison "$package" | grep -qF " $version "; then
        [ "$2" != "$(awaited_version)" ] || die "GitLab publishes no $package $version for Ubuntu $UBUNTU_CODENAME, and that is the backup's version; upgrade the" \
          "server that made it to a version of https://packages.gitlab.com/gitlab/$package, back it up again, and apply"
        die "GitLab publishes no $package $version for Ubuntu $UBUNTU_CODENAME; choose a version of https://packages.gitlab.com/gitlab/$package and apply"
      fi
      die "$package $version cannot be installed, the lines above say why; run this step again once that is mended"
    fi
    mend_packages
    run_apt "reading all lists of packages" update || true
  done
  # shellcheck disable=SC2016 # dpkg's own variables
  [ "$(dpkg-query -W -f '${db:Status-Status} ${Version}' "$package")" = "installed $version" ] || die "$package $version is not installed" \
    "although apt said so; run this step again"
  hold_package "$package"
  apt-get clean || true
}

# only this script may upgrade it, not the machine's own updates.
hold_package() {
  local started=$SECONDS
  # shellcheck disable=SC2016 # dpkg's own variables
  while [ "$(dpkg-query -W -f '${db:Status-Want}' "$1")" != hold ]; do
    if ! apt-mark hold "$1" >>"$LOG" 2>&1; then
      [ $((SECONDS - started)) -le "$PATIENCE" ] || die "$1 cannot be held at its version; see $LOG on the machine, then run this step again"
      pause 10 "holding $1 at its version"
    fi
  done
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

# Whether what is installed needs nothing of GitLab's packages. Any patch of a minor version will do, but for an update.
is_wanted() {
  # shellcheck disable=SC2153 # a parameter
  case "$INSTALLED $INSTALLED_EDITION" in
    "$VERSION $EDITION") return 0 ;;
    "$VERSION".[0-9]*" $EDITION") [ -z "${TAKES_NEWEST-}" ] ;;
    *) return 1 ;;
  esac
}

# The version of the backup that an empty server begins with, empty if it does not.
awaited_version() {
  local release=''
  if [ -f "$DATA_STATE/recovery/chosen" ] && [ ! -f "$DATA_STATE/recovery/restored" ]; then
    read -r _ _ release <"$DATA_STATE/recovery/chosen"
  fi
  echo "${release%-*}"
}

# VERSION becomes the one to install: what is there already if it is of the minor version that is wanted, else its newest patch.
choose_version() {
  local found=${INSTALLED:-$DATA} awaited
  follows_minor || return 0
  if [ "$(minor_of "$found")" = "$WANTED" ] && [ -z "${TAKES_NEWEST-}" ]; then
    VERSION=$found
    return 0
  fi
  awaited=$(awaited_version)
  if [ -z "$found" ] && [ "$(minor_of "$awaited")" = "$WANTED" ]; then
    VERSION=$awaited
    return 0
  fi
  newest_patch "$WANTED"
  [ -n "$PATCH" ] || die "GitLab publishes no $PACKAGE $WANTED for Ubuntu $UBUNTU_CODENAME; choose a version of https://packages.gitlab.com/gitlab/$PACKAGE and apply"
  VERSION=$PATCH
  if [ "$(minor_of "$found")" = "$WANTED" ] && dpkg --compare-versions "$VERSION" lt "$found"; then
    VERSION=$found
  fi
}

# shellcheck disable=SC2153 # parameters
put_package_in_place() {
  uncover_gitlab_rb
  find_versions
  if ! is_wanted; then
    # on a new machine the data may be of the other edition, which comes first.
    refresh_packages "$EDITION" "${DATA_EDITION:-$EDITION}"
  fi
  # a package that lacks only its configuration step counts as not installed here, and dpkg finishes it.
  if [ -z "$INSTALLED" ] && [ -n "$(dpkg --audit)" ] && [ -f "$OS_STATE/reconfigured" ]; then
    mend_packages
    find_versions
  fi
  choose_version
  if [ -z "$INSTALLED" ]; then
    if [ -z "$DATA" ]; then
      ! database_is_askable || ! has_database || die "the data disk has a database and does not say of which GitLab; write edition and version into" \
        "$DATA_STATE/version on the machine, such as: ce $VERSION, then run this step again"
      install_bare "$EDITION" "$VERSION"
      return 0
    fi
    # newer code must not meet older data unprepared, so what last ran on the disk comes first.
    say "the data disk is of GitLab $DATA ($DATA_EDITION)"
    install_bare "$DATA_EDITION" "$DATA"
    if [ "$DATA $DATA_EDITION" = "$VERSION $EDITION" ]; then
      return 0
    fi
    [ -f "$GITLAB_RB_FILE" ] || die "the data disk has no gitlab.rb to start GitLab $DATA with; set the version to $DATA, apply, then set it to" \
      "$VERSION"
    reconfigure
    find_versions
  fi
  if [ "$INSTALLED $INSTALLED_EDITION" != "$VERSION $EDITION" ]; then
    upgrade
  fi
}
