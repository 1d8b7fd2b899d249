# shellcheck shell=bash
# The database server, as every machine of a GitLab finds it.

# The name leads to the endpoint without any zone, and the certificate is still judged by the name.
find_database_server() {
  if [ -n "${DATABASE_ADDRESS-}" ]; then
    name_host "$DATABASE_ADDRESS" "$DATABASE_HOST" 'the database of GitLab, by its stack'
  fi
  if [ -n "${DATABASE_AUTHORITY_PEM-}" ]; then
    write_file "$DATABASE_AUTHORITIES" 644 <<<"$DATABASE_AUTHORITY_PEM"
  fi
}
