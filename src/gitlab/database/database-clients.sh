# shellcheck shell=bash
# Upgrades of GitLab beside a database that is not the package's: whether it is there by now, and the clients of each package fit its server.

UPGRADE_DATABASE="give the stack's database a later postgresqlVersion"

# clients_of GITLAB: the versions of PostgreSQL that it has clients for, by the stack's table, which begins with the latest.
clients_of() {
  local row
  for row in $DATABASE_CLIENTS; do
    if dpkg --compare-versions "$1" ge "${row%%:*}"; then
      echo "${row#*:}"
      return 0
    fi
  done
}

# An upgrade asks the database, and configures GitLab with the one that gitlab.rb will name.
check_upgrade() {
  ! has_embedded_database || die "GitLab $INSTALLED is to become $VERSION and its database is to move to $DATABASE_HOST, and only one of them can be done at a time; set" \
    "the version to $INSTALLED, apply, then set it to $VERSION"
}

# The installed GitLab dumps the database before another one is installed, and a client refuses a server newer than itself.
check_database_clients() {
  local version own next
  version=$(database_version) || die "the database on $DATABASE_HOST does not answer ($(database_complaint)); run this step again once it does"
  own=$(clients_of "$INSTALLED") next=$(clients_of "$1")
  if [ "$version" -gt "${own##*,}" ] && [ ! -f /etc/gitlab/skip-auto-backup ]; then
    die "GitLab $INSTALLED has no client for PostgreSQL $version, so its package cannot back the database up before it becomes $1; see that the server has a backup," \
      "then run touch /etc/gitlab/skip-auto-backup on the machine and this step again"
  fi
  [ "$version" -ge "${next%%,*}" ] || die "GitLab $1 works with PostgreSQL ${next%%,*} or later and $DATABASE_HOST is PostgreSQL $version; $UPGRADE_DATABASE," \
    "apply, and run this step again"
}
