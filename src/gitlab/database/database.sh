# shellcheck shell=bash
# The database outside of this machine, made ready for GitLab: where this machine's identity administers the server, role, database and extensions; else
# it is judged alone. Every statement may come again.

EXTENSIONS='pg_trgm btree_gist amcheck'

# What PostgreSQL itself makes of a password, from standard input, so that no log of the server has the password.
scram_verifier() {
  python3 -c '
import base64, hashlib, hmac, os, sys
salt, rounds = os.urandom(16), 4096
salted = hashlib.pbkdf2_hmac("sha256", sys.stdin.buffer.read(), salt, rounds)
client = hmac.new(salted, b"Client Key", "sha256").digest()
server = hmac.new(salted, b"Server Key", "sha256").digest()
encoded = [base64.b64encode(data).decode() for data in (salt, hashlib.sha256(client).digest(), server)]
print("SCRAM-SHA-256$%d:%s$%s:%s" % (rounds, *encoded))'
}

# The vault's is the one that counts: another value there is a new password. Without one the role gets its first.
take_database_password() {
  vault_password "$SERVER_VAULT" gitlab-database-password
  write_file "$DATABASE_PASSWORD_FILE" 600 <<<"$SECRET"
}

missing_extensions() {
  local found name
  found=$(database_sql 'SELECT extname FROM pg_catalog.pg_extension') || return 1
  for name in $EXTENSIONS; do
    grep -qxF "$name" <<<"$found" || echo "$name"
  done
}

is_prepared() {
  local missing
  missing=$(missing_extensions) || return 1
  [ -z "$missing" ]
}

# admin_sql DATABASE: standard input, as the identity.
admin_sql() {
  local PASSWORD=$ENTRA_TOKEN
  database_psql "$DATABASE_ADMINISTRATOR" "$1" --file -
}

# ENTRA_TOKEN: not the one for the vaults.
database_token() {
  local TOKEN=''
  identity_token "$DATABASE_AUDIENCE"
  ENTRA_TOKEN=$TOKEN
}

# must DATABASE WHAT: standard input; its answer is ANSWER.
must() {
  ANSWER=$(admin_sql "$1") || die "$2 on $DATABASE_HOST failed ($(database_complaint)); run this step again once that is mended"
}

administer_database() {
  local started=$SECONDS verifier name
  database_token
  # who administers a server is known some minutes before the server knows.
  until admin_sql postgres <<<'SELECT 1' >/dev/null; do
    if [ $((SECONDS - started)) -gt "$PATIENCE" ]; then
      die "the database server $DATABASE_HOST does not let the identity $DATABASE_ADMINISTRATOR in ($(database_complaint)); make it an administrator of the" \
        "server and let this machine reach port $DATABASE_PORT, then run this step again"
    fi
    pause 10 "signing in to the database server"
  done
  verifier=$(tr -d '\n' <"$DATABASE_PASSWORD_FILE" | scram_verifier)
  must postgres "looking for the role" <<<"SELECT count(*) FROM pg_catalog.pg_roles WHERE rolname = '$DATABASE_USER'"
  if [ "$ANSWER" = 0 ]; then
    must postgres "making the role $DATABASE_USER" <<<"CREATE ROLE \"$DATABASE_USER\" LOGIN PASSWORD '$verifier'"
    say "the role $DATABASE_USER is made"
  else
    must postgres "changing the password of the role $DATABASE_USER" <<<"ALTER ROLE \"$DATABASE_USER\" LOGIN PASSWORD '$verifier'"
  fi
  # without it, nobody but the role itself may make a database that is the role's.
  must postgres "joining the role $DATABASE_USER" <<<"GRANT \"$DATABASE_USER\" TO CURRENT_USER WITH INHERIT TRUE, SET TRUE"
  must postgres "looking for the database" <<<"SELECT count(*) FROM pg_catalog.pg_database WHERE datname = '$DATABASE_NAME'"
  if [ "$ANSWER" = 0 ]; then
    must postgres "making the database $DATABASE_NAME" <<<"CREATE DATABASE \"$DATABASE_NAME\" OWNER \"$DATABASE_USER\" ENCODING 'UTF8' TEMPLATE template0"
    say "the database $DATABASE_NAME is made"
  fi
  # GitLab's role could not make all of them.
  for name in $EXTENSIONS; do
    must "$DATABASE_NAME" "making the extension $name" <<<"CREATE EXTENSION IF NOT EXISTS $name"
  done
}

# Without statistics PostgreSQL plans badly, and an upgraded server has none.
collect_statistics() {
  if [ "$(cat "$DATA_STATE/database" 2>/dev/null)" != "$DATABASE_HOST $1" ]; then
    say "collecting the database's statistics"
    database_sql ANALYZE >>"$LOG" || die "the statistics of $DATABASE_NAME on $DATABASE_HOST cannot be collected ($(database_complaint)); run this step again"
    write_file "$DATA_STATE/database" 644 <<<"$DATABASE_HOST $1"
  fi
}

make_database_ready() {
  local version missing
  [ -z "${DATABASE_ADMINISTRATOR-}" ] || is_prepared || administer_database
  version=$(database_version) || die "the database $DATABASE_NAME on $DATABASE_HOST does not let $DATABASE_USER in ($(database_complaint)); let this machine reach" \
    "port $DATABASE_PORT and compare role and password, then run this step again"
  [ "$version" = "$DATABASE_VERSION" ] || die "$DATABASE_HOST is PostgreSQL $version and the stack says $DATABASE_VERSION; give postgresqlVersion $version and apply"
  missing=$(missing_extensions | xargs)
  [ -z "$missing" ] || die "the database $DATABASE_NAME on $DATABASE_HOST lacks the extensions $missing; have an administrator run CREATE EXTENSION for each in it," \
    "then run this step again"
  if has_embedded_database; then
    check_move "$version"
    return 0
  fi
  if [ ! -f "$DATA_STATE/version" ] && has_tables; then
    die "the database $DATABASE_NAME on $DATABASE_HOST has tables and the data disk is of no GitLab; give an empty database, or attach the disk that belongs to" \
      "it, then run this step again"
  fi
  require_database
  collect_statistics "$version"
  # a move may have been cut off behind its last step.
  rm -rf "$DUMP" "$MOVING"
}

begin database "$@"
require_data_disk
find_database_server
case ${1-} in
  prepare)
    make_database_ready
    exit 0
    ;;
  move)
    # a large database takes as long as it takes; what waits for it may be run again.
    DEADLINE_SECONDS=604800
    make_database_ready
    move
    exit 0
    ;;
esac
[ -z "${DATABASE_ADMINISTRATOR-}" ] || take_database_password
save_step DEADLINE_SECONDS IDENTITY_CLIENT_ID KEY_VAULT_DOMAIN SERVER_VAULT
# before the package is there, nothing here speaks to a database; the step that installs it calls this script then.
if database_is_askable; then
  make_database_ready
  say "the database $DATABASE_NAME on $DATABASE_HOST is ready"
else
  say "the database $DATABASE_NAME on $DATABASE_HOST is made ready once GitLab is installed"
fi
