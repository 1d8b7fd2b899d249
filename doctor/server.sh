#!/bin/bash
# One look at a server: lines of a word and what there is to tell about it, which server-look.ts reads. It changes nothing.
# Azure shows the last 4 kB of it all, so the first line tells whether something is missing.

set -uo pipefail
shopt -s nullglob
export HOME=/root LANG=C.UTF-8 LC_ALL=C.UTF-8
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

DATA_ROOT=/srv/gitlab
DATA_STATE=$DATA_ROOT/state
OS_STATE=/var/lib/gitlab-server
LIBRARY=/usr/local/lib/gitlab-server
DATABASE=/var/opt/gitlab/postgresql/data
REPOSITORIES=/var/opt/gitlab/git-data/repositories
LOCK=/run/gitlab-server/lock
RUN_COMMANDS=/var/lib/waagent/run-command-handler/download
SSL=/etc/gitlab/ssl
# apt would write its caches down.
APT=(-o Debug::NoLocking=true -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=)

tell() { printf '%s\n' "${*//$'\n'/ }" | tr -cd '[:print:]\n' | cut -c 1-240; }

# An application node has no data disk, no runners and nobody's repositories.
is_node() { [ -f "$LIBRARY/node.env" ]; }

# What takes longer than a minute is not waited for.
briefly() { timeout 60 "$@" </dev/null 2>/dev/null; }

# date takes no text at all for midnight.
seconds_of() { [ -z "$1" ] || date -u -d "$1" +%s 2>/dev/null; }

tell_disks() {
  local path free
  for path in "$DATA_ROOT" /var/opt/gitlab /etc/gitlab; do
    mountpoint -q "$path" || tell unmounted "$path"
  done
  for path in / "$DATA_ROOT"; do
    free=$(df --output=pcent,avail,ipcent -B1M "$path" 2>/dev/null | tail -n 1 | tr -d '%')
    [ -z "$free" ] || tell disk "$path" "$free"
  done
}

# A database that is to move to another server, and what is kept of one that has.
tell_move() {
  if [ -f "$DATABASE/PG_VERSION" ] && [ -f "$DATA_STATE/moving" ]; then
    tell moving "$(cut -d ' ' -f 1 "$DATA_STATE/moving")"
  fi
  [ ! -d "$DATABASE.moved" ] || tell moved "$(briefly du -sm "$DATABASE.moved" | cut -f 1)"
}

# What the run commands of the last applies came to. A step that works now has not told yet.
tell_steps() {
  local runs step name outputs
  if [ -e "$LOCK" ] && ! flock --nonblock --shared "$LOCK" true 2>/dev/null; then
    tell working
  fi
  for runs in "$OS_STATE"/*.runs; do
    step=$(basename "$runs" .runs)
    name=$(tail -n 1 "$runs")
    outputs=("$RUN_COMMANDS/$name"/*/stdout)
    [ "${#outputs[@]}" -gt 0 ] || continue
    # shellcheck disable=SC2012 # Azure's own names: numbers
    tell_step "$step" "$(ls -t "${outputs[@]}" | head -n 1)"
  done
}

tell_step() {
  case $(tail -n 1 "$2") in
    exit:0) tell step "$1" good ;;
    exit:*) tell step "$1" failed "$(tail -n 2 "$2" | head -n 1 | sed 's/^[0-9:]* failed: //')" ;;
    *) tell step "$1" open ;;
  esac
}

# tell_ready URL OPTION…
tell_ready() {
  local code
  code=$(briefly curl --silent --noproxy '*' --max-time 20 --output /dev/null --write-out '%{http_code}' "$@") || true
  tell ready "${code:-000}"
}

# What Redis tells nodes: the release that may be at work, or that an upgrade is.
tell_gate() (
  [ -f "$LIBRARY/release.py" ] || return 0
  # shellcheck source=/dev/null
  . "$1"
  release=$(briefly python3 -I "$LIBRARY/release.py" ask "$NODE_SERVER" GET gitlab-server:release) || true
  tell gate "${release:-none}"
)

# Locks of git that are older than a day. None is in the folders of objects, which hold nearly all files.
tell_locks() {
  briefly find "$REPOSITORIES" -name objects -prune -o -name '*.lock' -type f -mmin +1440 -printf '%P\n' | awk 'NR == 1 { first = $0 } END { if (NR) print NR, first }' \
    | while read -r count path; do
      tell locks "$count" "$path"
    done
}

tell_gitlab() {
  local address=$1 service
  tell_ready "$address/-/readiness?all=1" --insecure --connect-to '::127.0.0.1:'
  briefly gitlab-ctl status | sed -n 's/^down: \([^:]*\):.*/\1/p' | while read -r service; do
    tell down "$service"
  done
}

tell_versions() {
  local edition status installed newest
  for edition in ce ee; do
    # shellcheck disable=SC2016 # dpkg's own variables
    status=$(dpkg-query -W -f '${db:Status-Status} ${Version}' "gitlab-$edition" 2>/dev/null) || continue
    [ "${status%% *}" = installed ] || continue
    installed=${status#* }
    installed=${installed%%-*}
    newest=$(briefly apt-cache "${APT[@]}" madison "gitlab-$edition" | awk '{ print $3 }' | grep -F "${installed%.*}." | sort -V | tail -n 1 | cut -d - -f 1)
    tell version "$edition" "$installed" "${newest:-$installed}"
  done
}

tell_patches() {
  if [ -f "$OS_STATE/updating" ] && ! systemctl is-active --quiet gitlab-update.service \
    && [ "$(systemctl show --property ActiveState --value gitlab-update.service)" != activating ]; then
    tell patch cut-off
  elif systemctl is-failed --quiet gitlab-update.service; then
    tell patch failed
  elif systemctl is-active --quiet gitlab-update.timer; then
    tell patch weekly
  fi
}

tell_backup() {
  local release='' at=''
  if [ ! -f /etc/systemd/system/gitlab-backup.timer ]; then
    tell backup none
    return
  fi
  [ ! -f "$DATA_STATE/backed-up" ] || read -r release at <"$DATA_STATE/backed-up"
  tell backup "$(systemctl show --property ActiveState --value gitlab-backup.service)" \
    "$(systemctl show --property ActiveState --value gitlab-backup.timer)" "${at:-never}" "$release"
}

# tell_certificate HOST: when what nginx shows ends, and when the file of it does.
tell_certificate() {
  local end file=$SSL/server.crt
  [ ! -f "$SSL/use-lets-encrypt" ] || file=$SSL/$1.crt
  end=$(briefly openssl s_client -connect 127.0.0.1:443 -servername "$1" | openssl x509 -noout -enddate 2>/dev/null)
  [ -z "$end" ] || tell certificate served "$(seconds_of "${end#*=}")"
  if [ -f "$file" ]; then
    end=$(openssl x509 -noout -enddate -in "$file" 2>/dev/null)
    [ -z "$end" ] || tell certificate file "$(seconds_of "${end#*=}")"
  fi
}

# Rows with "|" between their columns, from the database of the last set-up that came to its end: where a move fails, GitLab goes on with the one it had.
# shellcheck disable=SC2153 # they come from the file
sql() (
  # shellcheck source=/dev/null
  [ ! -f "$LIBRARY/gitlab.env" ] || . "$LIBRARY/gitlab.env"
  if [ -z "${DATABASE_HOST-}" ]; then
    briefly gitlab-psql -At -c "$1"
  else
    export PGHOST=$DATABASE_HOST PGPORT=$DATABASE_PORT PGUSER=$DATABASE_USER PGDATABASE=$DATABASE_NAME PGSSLMODE=verify-full PGSSLROOTCERT=$DATABASE_AUTHORITIES \
      PGCONNECT_TIMEOUT=20 PGPASSWORD
    PGPASSWORD=$(cat "$DATABASE_PASSWORD_FILE") && briefly /opt/gitlab/embedded/bin/psql --no-psqlrc --no-password --quiet --no-align --tuples-only --command "$1"
  fi
)

tell_database() {
  local rows ids id name
  rows=$(sql "SELECT count(*), count(*) FILTER (WHERE status = 4) FROM batched_background_migrations WHERE status NOT IN (3, 6)") || return
  tell migrations "${rows//|/ }"
  rows=$(sql 'SELECT count(*), min(created_at) FROM ci_pending_builds') || rows=''
  [ -z "$rows" ] || tell waiting "${rows%%|*}" "$(seconds_of "${rows#*|}")"
  [ -f "$DATA_STATE/runners/list" ] || return
  ids=$(awk '$3 ~ /^[0-9]+$/ { print $3 }' "$DATA_STATE/runners/list" | paste -s -d ,)
  rows=$(sql "SELECT r.id, r.active, max(m.contacted_at) FROM ci_runners r LEFT JOIN ci_runner_machines m ON m.runner_id = r.id WHERE r.id IN (${ids:-0})
    GROUP BY r.id, r.active") || return
  while read -r _ name id _; do
    tell_runner "${name#runner-token-}" "$(grep "^$id|" <<<"$rows")"
  done <"$DATA_STATE/runners/list"
}

tell_runner() {
  local active contacted
  if [ -z "$2" ]; then
    tell runner "$1" gone
    return
  fi
  IFS='|' read -r _ active contacted <<<"$2"
  case $active in
    t | 1 | true) active=active ;;
    *) active=paused ;;
  esac
  tell runner "$1" "$active" "$(seconds_of "$contacted")"
}

# What the kernel has ended since yesterday to have memory again.
tell_memory() {
  briefly journalctl --dmesg --since=-24h --output=cat | sed -n 's/.*Killed process [0-9]* (\([^)]*\)).*/\1/p' | sort | uniq -c | while read -r count name; do
    tell killed "$count" "$name"
  done
}

tell_machine() {
  local unit
  [ "$(briefly timedatectl show --property=NTPSynchronized --value)" != no ] || tell clock
  [ ! -e /run/reboot-required ] || tell reboot "$(stat -c %Y /run/reboot-required)"
  tell updates "$(briefly apt-get "${APT[@]}" --simulate --with-new-pkgs upgrade | grep -ciE '^Inst .*security')" \
    "$([ ! -e /var/log/apt/history.log ] || stat -c %Y /var/log/apt/history.log)"
  [ -z "$(briefly dpkg --audit)" ] || tell packages "$(briefly dpkg --audit | sed -n 's/^ \([a-z0-9.+-]*\) .*/\1/p' | paste -s -d ' ')"
  briefly systemctl list-units --failed --plain --no-legend --full | awk '{ print $1 }' | head -n 12 | while read -r unit; do
    tell failed "$unit"
  done
}

tell look 1
tell now "$(date +%s)"
tell_disks
tell_move
tell_steps
tell_versions
tell_patches
tell_backup
# what the last apply wants, as it left it for the machine's own units.
if is_node; then
  tell_gate "$LIBRARY/node.env"
  tell_ready http://127.0.0.1:8081/-/readiness
  # shellcheck source=/dev/null
  tell_certificate "$(. "$LIBRARY/node.env" && printf '%s' "$SERVER_HOST")"
elif [ -f "$LIBRARY/gitlab.env" ]; then
  # shellcheck source=/dev/null
  address=$(. "$LIBRARY/gitlab.env" && printf '%s://%s' "$SCHEME" "$SERVER_HOST")
  tell_gitlab "$address"
  [[ $address != https://* ]] || tell_certificate "${address#https://}"
  tell_gate "$LIBRARY/gitlab.env"
fi
if ! is_node; then
  tell_database
  tell_locks
fi
tell_memory
tell_machine
tell end
