# shellcheck shell=bash
# Moves GitLab's database from the data disk to the server elsewhere. Until its folder has another name the one on the disk is GitLab's, and each attempt begins
# anew.

MOVED=$DATABASE.moved
DUMP=${DATABASE%/*}/moving
# whose tables on the other server are ours to drop: those of an attempt that did not end.
MOVING=$DATA_STATE/moving

# Rows of each table, and where each sequence is. What extensions brought along is not GitLab's.
COUNTS="SELECT format('SELECT %L, %s FROM %I.%I', nspname || '.' || relname, CASE relkind WHEN 'S' THEN 'ROW(last_value, is_called)' ELSE 'count(*)' END,
    nspname, relname) FROM pg_catalog.pg_class JOIN pg_catalog.pg_namespace ON pg_namespace.oid = relnamespace
  WHERE relkind IN ('r', 'S') AND nspname !~ '^pg_' AND nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
  ORDER BY nspname COLLATE \"C\", relname COLLATE \"C\" \\gexec"

is_attempt() { [ "$(cat "$MOVING" 2>/dev/null)" = "$DATABASE_HOST $DATABASE_NAME" ]; }

# check_move VERSION: refuses what cannot be moved, while GitLab still runs.
check_move() {
  local own
  if [ -e "$MOVED" ] || [ -f "$DATA_STATE/database" ]; then
    die "the database of this GitLab was moved to $DATABASE_HOST before, and there is another one in $DATABASE; if that is the right one, remove $MOVED and" \
      "$DATA_STATE/database, else rename it, then run this step again"
  fi
  [ -f "$OS_STATE/reconfigured" ] || die "GitLab is not configured on this machine yet, so the database on its data disk is not running and cannot be moved; set" \
    "database back to GitLabDatabase.embedded(), apply, then set it again"
  own=$(cat "$DATABASE/PG_VERSION")
  [ "$own" -le "$1" ] || die "the database on the data disk is of PostgreSQL $own and $DATABASE_HOST is PostgreSQL $1, which cannot take it; give postgresqlVersion $own" \
    "or later, and apply"
  if ! is_attempt && has_tables; then
    die "the database $DATABASE_NAME on $DATABASE_HOST has tables already, so the one on the data disk is not moved there; give an empty one," \
      "then run this step again"
  fi
  rm -rf "$DUMP"
  require_space "${DATABASE%/*}" $(($(du -sm "$DATABASE" | cut -f 1) + 1000))
}

# A statement for each, since a server does not hold the locks of all of GitLab's tables at once.
DROPS="SELECT format('DROP TABLE IF EXISTS %I.%I CASCADE', nspname, relname) FROM pg_catalog.pg_class JOIN pg_catalog.pg_namespace ON pg_namespace.oid = relnamespace
  WHERE relkind IN ('r', 'p') AND nspname !~ '^pg_' AND nspname <> 'information_schema' AND pg_get_userbyid(relowner) = current_user \\gexec
DROP OWNED BY CURRENT_USER CASCADE"

# The package's own server: as its superuser, who comes by the socket.
PACKAGE_USER=(setpriv --reuid=gitlab-psql --regid=gitlab-psql --clear-groups)
as_package() { PGHOST=$SOCKETS PGPORT=$PORT PGUSER=gitlab-psql PGDATABASE=$SOURCE "$@"; }

package_psql() { as_package "${PACKAGE_USER[@]}" "$PSQL" --no-psqlrc --quiet --no-align --tuples-only --set ON_ERROR_STOP=1 "$@" 2>>"$LOG"; }

target_psql() {
  local PASSWORD
  PASSWORD=$(cat "$DATABASE_PASSWORD_FILE") && database_psql "$DATABASE_USER" "$DATABASE_NAME" "$@"
}

# Everything else of GitLab is down, so that nothing is written that would be lost.
leave_database_alone() {
  local started=$SECONDS others
  run "stopping GitLab" gitlab-ctl stop || die "GitLab cannot be stopped, the lines above say why; run this step again"
  run "starting its database alone" gitlab-ctl start postgresql || die "the database on the data disk cannot be started, the lines above say why; run this step again"
  until SOCKETS=$(gitlab-psql -At -c "SELECT current_setting('unix_socket_directories')" 2>>"$LOG"); do
    [ $((SECONDS - started)) -le "$PATIENCE" ] || die "the database on the data disk does not answer; see $LOG on the machine, then run this step again"
    pause 2 "starting the database"
  done
  SOCKETS=${SOCKETS%%,*}
  PORT=$(gitlab-psql -At -c "SELECT current_setting('port')" 2>>"$LOG")
  SOURCE=$(gitlab-psql -At -c 'SELECT current_database()' 2>>"$LOG")
  others=$(package_psql --command "SELECT string_agg(datname, ', ') FROM pg_catalog.pg_database WHERE datname NOT IN ('postgres', 'template0', 'template1', current_database())")
  [ -z "$others" ] || die "the server on the data disk has the databases $others too, which nothing here moves; move them by hand and drop them there, then run" \
    "this step again"
  require_nobody_else
}

require_nobody_else() {
  local others
  others=$(package_psql --command "SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()")
  [ "$others" = 0 ] || die "somebody is still connected to the database on the data disk; end what uses it, such as a console, then run this step again"
}

# What an earlier attempt left there goes. Extensions that are the role's own go along.
empty_target() {
  local name
  if is_attempt; then
    say "removing what an earlier attempt left on $DATABASE_HOST"
    target_psql --file - <<<"$DROPS" >>"$LOG" || die "what an earlier attempt left on $DATABASE_HOST cannot be removed ($(database_complaint)); run this step again"
    if [ -n "${DATABASE_ADMINISTRATOR-}" ]; then
      is_prepared || administer_database
    else
      for name in $(missing_extensions); do
        database_sql "CREATE EXTENSION $name" >>"$LOG" || die "the extension $name cannot be made on $DATABASE_HOST ($(database_complaint)); have an administrator" \
          "make it, then run this step again"
      done
    fi
  fi
  write_file "$MOVING" 644 <<<"$DATABASE_HOST $DATABASE_NAME"
}

copy_database() {
  local jobs
  jobs=$(nproc)
  as_package run "dumping the database" "${PACKAGE_USER[@]}" /opt/gitlab/embedded/bin/pg_dump --format=directory "--jobs=$jobs" --no-owner --no-privileges \
    "--file=$DUMP" || die "the database cannot be dumped, the lines above say why; run this step again once that is mended"
  # extensions are there, and not the role's to make.
  /opt/gitlab/embedded/bin/pg_restore --list "$DUMP" | grep -vE '^[0-9]+; [0-9]+ [0-9]+ (EXTENSION|COMMENT - EXTENSION) ' >"$WORK/list"
  PASSWORD=$(cat "$DATABASE_PASSWORD_FILE") as_role "$DATABASE_USER" "$DATABASE_NAME" run "loading the database on $DATABASE_HOST" \
    /opt/gitlab/embedded/bin/pg_restore "--jobs=$jobs" --no-owner --no-privileges --exit-on-error "--use-list=$WORK/list" "--dbname=$DATABASE_NAME" "$DUMP" \
    || die "the database cannot be loaded on $DATABASE_HOST, the lines above say why; run this step again once that is mended"
}

compare_databases() {
  say "counting the rows of both"
  package_psql --file - <<<"$COUNTS" >"$WORK/here" || die "the rows of the database on the data disk cannot be counted, see $LOG on the machine; run this step again"
  target_psql --file - <<<"$COUNTS" >"$WORK/there" \
    || die "the rows of the database on $DATABASE_HOST cannot be counted ($(database_complaint)); run this step again"
  [ -s "$WORK/here" ] || die "the database on the data disk has no tables; this is a fault of the script"
  cmp -s "$WORK/here" "$WORK/there" || die "the database on $DATABASE_HOST is not what it is on the data disk ($({ diff "$WORK/here" "$WORK/there" || true; } | grep '^[<>]' \
    | head -n 2 | tr '\n' ' ')); run this step again"
  say "$(wc -l <"$WORK/here") tables and sequences are the same on both"
}

go_on_with_own() {
  say "GitLab goes on with the database on its data disk"
  gitlab-ctl start >>"$LOG" 2>&1
}

move() {
  ON_FAILURE=go_on_with_own
  say "GitLab is down until its database is on $DATABASE_HOST"
  leave_database_alone
  empty_target
  copy_database
  compare_databases
  say "collecting the database's statistics"
  database_sql ANALYZE >>"$LOG" || die "the statistics of $DATABASE_NAME on $DATABASE_HOST cannot be collected ($(database_complaint)); run this step again"
  require_nobody_else
  run "stopping the database on the data disk" gitlab-ctl stop postgresql || die "the database on the data disk cannot be stopped, the lines above say why; run" \
    "this step again"
  ON_FAILURE=''
  # from here on the other one is GitLab's.
  mv -T "$DATABASE" "$MOVED"
  sync -f "${MOVED%/*}"
  rm -rf "$DUMP" "$MOVING"
  say "the database is on $DATABASE_HOST; the earlier one is kept in $MOVED"
}
