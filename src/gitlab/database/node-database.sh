# shellcheck shell=bash
# How a machine beside the server's own reaches the database, which that one has made ready.

take_database_access() {
  find_database_server
  # another's role has its password from a vault of the user's.
  if [ -n "${DATABASE_ADMINISTRATOR-}" ]; then
    fetch gitlab-database-password
    write_file "$DATABASE_PASSWORD_FILE" 600 <<<"$SECRET"
    SECRET=''
  fi
}

on access take_database_access
