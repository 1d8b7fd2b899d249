# shellcheck shell=bash
# The gate: Redis on the server's own machine says which release of GitLab may be at work, and each node says whether it is.

RELEASE_PROGRAM=$LIBRARY/release.py
# shellcheck disable=SC2034 # each machine asks for some
RELEASE_KEY=gitlab-server:release
# shellcheck disable=SC2034
REDIS_PASSWORD_FILE=/etc/gitlab/redis-password
# shellcheck disable=SC2034
NODE_AUTHORITY=/etc/gitlab/trusted-certs/node-authority.crt

# what a unit of the machine runs has it in place.
write_release_program() { [ -z "${RELEASE_PY-}" ] || write_file "$RELEASE_PROGRAM" 500 <<<"$RELEASE_PY"; }

# ask_redis WORD…: its answer. Fails while there is none.
ask_redis() { python3 -I "$RELEASE_PROGRAM" ask "$NODE_SERVER" "$@" 2>"$WORK/redis-error"; }

redis_complaint() { tr -d '\n' <"$WORK/redis-error" | cut -c 1-200; }

# What is installed, by the name that the gate has for it.
own_release() {
  find_versions
  echo "$INSTALLED-$INSTALLED_EDITION"
}

keep NODE_SERVER
