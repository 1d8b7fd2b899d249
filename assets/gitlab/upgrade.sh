# shellcheck shell=bash
# From one version to the next, as far as the wanted package itself allows it.

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
  run_apt "downloading $PACKAGE $VERSION" --download-only --allow-change-held-packages install "$PACKAGE=$VERSION-$EDITION.0" \
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
