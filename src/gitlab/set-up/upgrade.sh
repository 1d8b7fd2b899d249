# shellcheck shell=bash
# Upgrades: from the installed version to the wanted one, over the stops that GitLab requires on the way. Moments of each step on the way:
# `before-upgrade`, while all is still of the older version, `upgrading`, from when on the data may be of the newer one, and `upgrade-failed`.

pending_migrations() {
  database_sql "SELECT count(*), count(*) FILTER (WHERE status = 4) FROM batched_background_migrations WHERE status NOT IN (3, 6)"
}

finish_background_migrations() {
  local pending last=''
  while :; do
    pending=$(pending_migrations) || die "the database does not answer, so it is not known whether the last upgrade is finished; see gitlab-ctl" \
      "status on the machine, then run this step again"
    case $pending in
      '0|0') return 0 ;;
      *'|0') ;;
      *'|'*) die "a background migration of GitLab $INSTALLED has failed; open Admin, Monitoring, Background migrations, retry it, then apply" \
        "again" ;;
      *) die "the database gave no number of background migrations ($pending); run this step again" ;;
    esac
    if [ "$pending" != "$last" ]; then
      say "waiting for ${pending%|*} background migrations of GitLab $INSTALLED"
      last=$pending
    fi
    if [ "$(time_left)" -le 600 ]; then
      die "${pending%|*} background migrations of GitLab $INSTALLED are still running; they go on by themselves, run this step again later"
    fi
    pause 10 "waiting for background migrations"
  done
}

minor_of() { cut -d . -f 1-2 <<<"$1"; }

# Whether the stack names a minor version, and leaves the patch to us.
follows_minor() { [ "$(minor_of "$WANTED")" = "$WANTED" ]; }

# WAY: the stops between the installed version and the wanted one, by the table that came with this script.
plan_way() {
  local stop from to
  WAY='' from=$(minor_of "$INSTALLED") to=$(minor_of "$VERSION")
  for stop in ${UPGRADE_STOPS-}; do
    if dpkg --compare-versions "$stop" gt "$from" && dpkg --compare-versions "$stop" lt "$to"; then
      WAY=${WAY:+$WAY }$stop
    fi
  done
}

# newest_patch STOP: PATCH, since a stop's first patches may lack what the next one asks for.
newest_patch() {
  PATCH=$(apt-cache madison "$PACKAGE" | awk '{ print $3 }' | grep -E "^${1//./[.]}[.][0-9]+-${PACKAGE#gitlab-}[.]0\$" | sort -V | tail -n 1 | cut -d - -f 1) || PATCH=''
}

refuse_long_way() {
  PATCH=${1%% *}
  # a stack that names exact versions is told one.
  follows_minor || newest_patch "$PATCH"
  die "GitLab $INSTALLED cannot become $VERSION in one step, the way is ${1// /, }, $VERSION; set upgradeThroughStopsAllowed to true and apply, or set the" \
    "version to ${PATCH:-the newest ${1%% *}} and apply, and so on"
}

# check_hop TARGET: the package itself says from which version it may be installed, also where the table knows nothing of it yet.
# FLOOR is that version if the installed one is too old.
check_hop() {
  local file wanted database
  FLOOR=''
  run_apt "downloading $PACKAGE $1" --download-only --allow-change-held-packages install "$PACKAGE=$1-$EDITION.0" \
    || die "$PACKAGE $1 cannot be downloaded, the lines above say why; choose a version of https://packages.gitlab.com/gitlab/$PACKAGE and" \
      "run this step again"
  file=$(find /var/cache/apt/archives -maxdepth 1 -name "${PACKAGE}_$1-$EDITION.0_*.deb" -print -quit)
  [ -n "$file" ] || die "the downloaded $PACKAGE $1 is not in /var/cache/apt/archives; run this step again"
  rm -rf "$WORK/control"
  dpkg-deb -e "$file" "$WORK/control"
  wanted=$(sed -n "s/^ *MIN_VERSION=[\"']*\([0-9.]*\).*/\1/p" "$WORK/control/preinst" | head -n 1)
  if [ -n "$wanted" ] && dpkg --compare-versions "$(minor_of "$INSTALLED")" lt "$wanted"; then
    FLOOR=$wanted
    return 0
  fi
  wanted=$(sed -n "s/^ *PG_MIN_VERSION=[\"']*\([0-9.]*\).*/\1/p" "$WORK/control/preinst" | head -n 1)
  database=$(database_version) || die "the database does not say its version, see $LOG on the machine; run this step again once it answers"
  if [ -n "$wanted" ] && dpkg --compare-versions "$database" lt "${wanted%%.*}"; then
    die "GitLab $1 needs PostgreSQL $wanted and the data are of PostgreSQL $database; $UPGRADE_DATABASE, then run this step again"
  fi
  check_database_clients "$1"
}

# hop TARGET: one step of the way, or the one that has to come before it.
hop() {
  local target=$1
  # the package backs the database up first, and that needs its services.
  gitlab-ctl start >>"$LOG" 2>&1 || true
  wait_ready
  ON_FAILURE=return_to_installed
  if [ "$INSTALLED_EDITION" != "$EDITION" ]; then
    # apt does not let a held package go, whatever it is told.
    apt-mark unhold "gitlab-$INSTALLED_EDITION" >>"$LOG"
  fi
  check_hop "$target"
  if [ -n "$FLOOR" ]; then
    [ -n "${WALK-}" ] || refuse_long_way "$FLOOR"
    newest_patch "$FLOOR"
    [ -n "$PATCH" ] || die "GitLab publishes no $FLOOR for Ubuntu $UBUNTU_CODENAME, which $INSTALLED has to become first; give an" \
      "image of an Ubuntu that https://packages.gitlab.com/gitlab/$PACKAGE has it for, and apply"
    hop "$PATCH"
    return 0
  fi
  say "GitLab $INSTALLED ($INSTALLED_EDITION) becomes $target ($EDITION)"
  finish_background_migrations
  require_space /var/opt/gitlab $((2 * $(database_megabytes) + 1000))
  at before-upgrade
  cp -p "$GITLAB_RB_FILE" "$WORK/gitlab.rb.before"
  # from here on the data may be of the new version, whatever becomes of this machine; another one must not meet them with older code.
  write_file "$DATA_STATE/version" 644 <<<"$EDITION $target"
  at upgrading
  # versions on the way know the older gitlab.rb, which may not be true of the one that the last version wants.
  [ "$target" != "$VERSION" ] || write_gitlab_rb
  install_package "$EDITION" "$target"
  ON_FAILURE=''
  find_versions
  if [ "$target" != "$VERSION" ]; then
    reconfigure
    wait_ready
  fi
}

upgrade() {
  local hops=0
  if [ "$INSTALLED_EDITION $EDITION" = 'ee ce' ]; then
    die "this server runs the Enterprise Edition, and going back to the Community Edition needs steps by hand; set the edition to EE and apply"
  fi
  if [ "$INSTALLED_EDITION" != "$EDITION" ] && [ "$INSTALLED" != "$VERSION" ]; then
    die "the edition and the version cannot change in one step; set the version to $INSTALLED, apply, then set it to $VERSION"
  fi
  if dpkg --compare-versions "$VERSION" lt "$INSTALLED"; then
    die "this server runs GitLab $INSTALLED and cannot go back to $VERSION; set the version to $INSTALLED or later and apply, or restore a backup of" \
      "$VERSION onto a new data disk"
  fi
  check_upgrade
  while [ "$INSTALLED $INSTALLED_EDITION" != "$VERSION $EDITION" ]; do
    plan_way
    if [ "$hops" -gt 0 ] && [ "$(time_left)" -le "${HOP_SECONDS:-1500}" ]; then
      die "GitLab is at $INSTALLED, ahead are ${WAY:+${WAY// /, }, }$VERSION, for which this run has no time left; run this step again to go on"
    fi
    hops=$((hops + 1))
    if [ -z "$WAY" ]; then
      hop "$VERSION"
      continue
    fi
    [ -n "${WALK-}" ] || refuse_long_way "$WAY"
    newest_patch "${WAY%% *}"
    [ -n "$PATCH" ] || die "GitLab publishes no ${WAY%% *} for Ubuntu $UBUNTU_CODENAME, which $INSTALLED has to become first; give an" \
      "image of an Ubuntu that https://packages.gitlab.com/gitlab/$PACKAGE has it for, and apply"
    say "the way to $VERSION: $INSTALLED, ${WAY// /, }, $VERSION"
    hop "$PATCH"
  done
}

# After a failure the older version has to go on, with the gitlab.rb it knows.
return_to_installed() {
  find_versions
  if [ -n "$INSTALLED" ] && [ "$INSTALLED $INSTALLED_EDITION" != "$VERSION $EDITION" ]; then
    hold_package "gitlab-$INSTALLED_EDITION"
    [ ! -f "$WORK/gitlab.rb.before" ] || cp -p "$WORK/gitlab.rb.before" "$GITLAB_RB_FILE"
    write_file "$DATA_STATE/version" 644 <<<"$INSTALLED_EDITION $INSTALLED"
    at upgrade-failed
  fi
}
