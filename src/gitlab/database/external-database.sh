# shellcheck shell=bash
# GitLab's database where it is not on the data disk: what lib.sh says of the package's own. Asked with the package's client, so not before that is installed.

PSQL=/opt/gitlab/embedded/bin/psql
# shellcheck disable=SC2034 # not every step asks
BRING_BACK='restore it there to an earlier time'

# as_role USER DATABASE COMMAND…: a client of PostgreSQL, with the password in PASSWORD, which is no argument.
# shellcheck disable=SC2153 # parameters
as_role() {
  PGHOST=$DATABASE_HOST PGPORT=$DATABASE_PORT PGUSER=$1 PGDATABASE=$2 PGPASSWORD=$PASSWORD PGSSLMODE=verify-full PGSSLROOTCERT=$DATABASE_AUTHORITIES \
    PGCONNECT_TIMEOUT=20 "${@:3}"
}

# database_psql USER DATABASE ARGUMENT…: its complaints are in $WORK/psql-error.
database_psql() {
  as_role "$1" "$2" "$PSQL" --no-psqlrc --no-password --quiet --no-align --tuples-only --set ON_ERROR_STOP=1 "${@:3}" 2>"$WORK/psql-error"
}

database_complaint() { tr -d '\n' <"$WORK/psql-error" | cut -c 1-300; }

database_is_askable() { [ -x "$PSQL" ] && [ -f "$DATABASE_PASSWORD_FILE" ]; }

database_sql() {
  local PASSWORD
  PASSWORD=$(cat "$DATABASE_PASSWORD_FILE") || return 1
  if ! database_psql "$DATABASE_USER" "$DATABASE_NAME" --command "$1"; then
    cat "$WORK/psql-error" >>"$LOG"
    return 1
  fi
}

show_database_access() { cat "$DATABASE_PASSWORD_FILE" "$DATABASE_AUTHORITIES"; }

prepare_database() {
  LOCK_IS_HELD=yes run "making the database ready" bash "$LIBRARY/database.sh" prepare || die "the database $DATABASE_NAME on $DATABASE_HOST is not ready, the lines" \
    "above say why; run this step again once that is mended"
}

# A server that does not answer is no empty database.
has_tables() {
  local tables
  tables=$(database_sql "SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = 'public'") \
    || die "the database on $DATABASE_HOST does not answer ($(database_complaint)); run this step again once it does"
  [ "$tables" != 0 ]
}

# One that is still on the data disk is GitLab's until it is moved.
has_database() { has_embedded_database || has_tables; }

move_database() {
  ! has_embedded_database || LOCK_IS_HELD=yes run "moving the database to $DATABASE_HOST" bash "$LIBRARY/database.sh" move || die "the database is not moved to" \
    "$DATABASE_HOST, the lines above say why, and GitLab goes on with the one on its data disk; run this step again once that is mended"
}

database_version() { database_sql 'SHOW server_version_num' | sed 's/....$//'; }

database_megabytes() { database_sql 'SELECT pg_database_size(current_database()) / 1048576 + 1'; }
