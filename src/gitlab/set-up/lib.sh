# shellcheck shell=bash
# The beginning of every step. Each step states what is wanted and may run at any time, also again.
# Its data come as environment variables; one that would be empty is not set at all.

set -Eeuo pipefail
shopt -s inherit_errexit nullglob
umask 077
# a run command has no HOME and no locale; initdb takes the caller's, and GitLab's commands fail without HOME.
export HOME=/root LANG=C.UTF-8 LC_ALL=C.UTF-8
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
# those data are this script's own: Rails takes a VERSION for the migration to stop at, and a backup a BACKUP for its name.
for name in $(compgen -e); do
  case $name in
    HOME | LANG | LC_ALL | PATH | DEBIAN_FRONTEND | NEEDRESTART_SUSPEND | *_PROXY | *[a-z]*) ;;
    *) export -n "${name?}" ;;
  esac
done

RUN=/run/gitlab-server
OS_STATE=/var/lib/gitlab-server
LOGS=/var/log/gitlab-server
LIBRARY=/usr/local/lib/gitlab-server
DATA_ROOT=/srv/gitlab
# shellcheck disable=SC2034 # not every step asks
DATA_STATE=$DATA_ROOT/state

FAILURE='' STOPPED_AT='' ON_FAILURE=''

# What features have a step do beside its own work. A feature's script says so by its last lines; the step knows the moments alone.
declare -A AT=()
KEPT=()

# on MOMENT FUNCTION: at MOMENT runs it, in the order of the scripts.
on() { AT[$1]="${AT[$1]-} $2"; }

at() {
  local name
  for name in ${AT[$1]-}; do
    "$name"
  done
}

# keep VARIABLE…: what save_step keeps for units that run this step again.
keep() { KEPT+=("$@"); }

say() { printf '%s %s\n' "$(date -u +%T)" "$*"; }

# die WHAT FAILED AND WHAT TO DO, on one line. Not inside $(…) or a pipeline: there it would end the subshell only.
die() {
  FAILURE=${*//$'\n'/ }
  exit 1
}

# begin STEP [COMMAND…]: without a command it is the run command itself, with one a systemd unit of the machine.
begin() {
  STEP=$1
  shift
  exec 2>&1
  SECONDS=0
  mkdir -p "$RUN" "$OS_STATE" "$LOGS" "$LIBRARY"
  WORK=$(mktemp -d "$RUN/$STEP.XXXXXX")
  LOG=$LOGS/$STEP.log
  AS_UNIT=${1:+yes}
  trap finish EXIT
  trap 'STOPPED_AT="line $LINENO: $BASH_COMMAND"' ERR
  trap 'die "the script was told to stop; run this step again"' HUP INT TERM
  if [ -n "$AS_UNIT" ]; then
    # shellcheck source=/dev/null
    . "$LIBRARY/$STEP.env"
  fi
  # a step that another one calls has the caller's lock.
  if [ -z "${LOCK_IS_HELD-}${LOCK_IS_TAKEN-}" ]; then
    # children inherit the lock: apt that outlived its script is waited for, not met.
    exec 9>"$RUN/lock"
    flock --wait "$(time_left)" 9 \
      || die "another step still works on this machine after $SECONDS seconds; see $LOGS there, then run this step again"
    [ -z "$AS_UNIT" ] || begin_anew "$@"
  fi
  [ -z "$AS_UNIT" ] || export_proxy
  touch "$LOG"
  chmod 600 "$LOG"
  if [ "$(stat -c %s "$LOG")" -gt 10000000 ]; then
    mv -f "$LOG" "$LOG.1"
    touch "$LOG"
  fi
  printf '=== %s %s\n' "$(date -u +%FT%TZ)" "$STEP ${1-}" >>"$LOG"
  leave_if_outdated
}

# begin_anew COMMAND…: a unit that waited for a step began with the script and the data from before it, and does what is wanted since then.
begin_anew() {
  if [ ! -f "$LIBRARY/$STEP.sh" ]; then
    say "nothing to do: the stack does not want this any more"
    exit 0
  fi
  rm -rf "$WORK"
  LOCK_IS_TAKEN=yes exec /bin/bash "$LIBRARY/$STEP.sh" "$@"
}

# A unit's variables come from a file.
export_proxy() {
  local name
  for name in http_proxy https_proxy no_proxy; do
    [ -z "${!name-}" ] || export "${name?}"
  done
}

# Azure may run the script of an earlier run command once more, and that would undo what a later one did.
# The handler keeps each command's script in a folder of its name, and a changed command has a new name.
leave_if_outdated() {
  local name runs=$OS_STATE/$STEP.runs
  if [[ ! ${BASH_SOURCE[0]} =~ /run-command-handler/download/([^/]+)/[0-9]+/ ]]; then
    return 0
  fi
  name=${BASH_REMATCH[1]}
  [ -f "$runs" ] || touch "$runs"
  if [ "$(tail -n 1 "$runs")" = "$name" ]; then
    return 0
  fi
  if grep -qxF "$name" "$runs"; then
    say "nothing to do: $name was replaced by $(tail -n 1 "$runs")"
    exit 0
  fi
  echo "$name" >>"$runs"
}

# The last line says how it went, and the process itself ends well: so the resource gets into the state with its output,
# where a condition reads that line. Azure shows the last 4 kB.
finish() {
  local code=$?
  trap - EXIT ERR
  set +e
  if [ "$code" != 0 ]; then
    $ON_FAILURE
    say "failed: ${FAILURE:-$STEP stopped unexpectedly, at $STOPPED_AT (code $code); see $LOG on the machine, then run this step again}"
  fi
  rm -rf "$WORK"
  echo "exit:$code"
  [ -n "$AS_UNIT" ] || exit 0
  exit "$code"
}

time_left() {
  local left=$((${DEADLINE_SECONDS:-3300} - SECONDS))
  echo $((left > 0 ? left : 0))
}

# pause SECONDS WHAT: waits, but not past the deadline.
pause() {
  if [ "$(time_left)" -le "$1" ]; then
    die "$2 was not finished within ${DEADLINE_SECONDS:-3300} seconds; run this step again to go on from here"
  fi
  sleep "$1"
}

# run WHAT COMMAND…: a command that writes much. Its output goes to the log, and the end of it is shown if it fails.
# RUN_INPUT and RUN_OUTPUT name files for its standard input and output. The caller judges the exit code.
run() {
  local what=$1 code=0 from pid
  shift
  say "$what"
  from=$(stat -c %s "$LOG")
  (
    umask 022
    exec "$@"
  ) <"${RUN_INPUT:-/dev/null}" >>"${RUN_OUTPUT:-$LOG}" 2>>"$LOG" &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    pause 1 "$what"
  done
  wait "$pid" || code=$?
  if [ "$code" != 0 ]; then
    tail -c "+$((from + 1))" "$LOG" | tail -n 15 | cut -c 1-300 | sed 's/^/  | /'
    say "$what ended with code $code"
  fi
  return "$code"
}

# write_file PATH MODE: standard input, put in place as a whole, and only if it differs: CHANGED says so.
# Not in a pipeline. A staged file in the same folder would change the folder's time on every run.
write_file() {
  local path=$1 mode=$2
  # shellcheck disable=SC2034 # not every step asks
  CHANGED=''
  cat >"$WORK/staged"
  if [ -f "$path" ] && cmp -s "$WORK/staged" "$path" && [ "$(stat -c %a "$path")" = "$mode" ]; then
    return 0
  fi
  (
    umask 022
    mkdir -p "${path%/*}"
  )
  cp "$WORK/staged" "$path.new"
  chmod "$mode" "$path.new"
  sync "$path.new"
  mv -f "$path.new" "$path"
  # shellcheck disable=SC2034
  CHANGED=yes
}

# start_timer NAME: NAME.timer, with its services as their files are now. systemd is asked, since an earlier run may have been cut off
# after it had written them.
start_timer() {
  local outdated
  outdated=$(systemctl show --property NeedDaemonReload --value "$1*")
  if [[ $outdated == *yes* ]]; then
    systemctl daemon-reload
  fi
  if ! systemctl is-enabled --quiet "$1.timer" 2>/dev/null || ! systemctl is-active --quiet "$1.timer"; then
    systemctl enable --now "$1.timer" >>"$LOG" 2>&1
  fi
}

# write_timer NAME WHAT CALENDAR [LINE…]: NAME.service, which does WHAT, and NAME.timer, which starts it at the times of systemd's CALENDAR, with
# each LINE as well. Standard input is the service without its first two lines. Not in a pipeline.
write_timer() {
  local unit=/etc/systemd/system/$1 what=$2 calendar=$3
  { printf '%s\n' '[Unit]' "Description=$what" && cat; } >"$WORK/unit"
  write_file "$unit.service" 644 <"$WORK/unit"
  printf '%s\n' '[Unit]' "Description=$what" '[Timer]' "OnCalendar=$calendar" "${@:4}" '[Install]' WantedBy=timers.target >"$WORK/unit"
  write_file "$unit.timer" 644 <"$WORK/unit"
  start_timer "$1"
}

# write_settings_timer NAME WHAT CALENDAR COMMAND [LINE…]: the timer of a task that asks the network for what belongs in /etc/gitlab. COMMAND is one of
# the scripts kept here, and what it is told.
write_settings_timer() {
  write_timer "${@:1:3}" "${@:5}" <<UNIT
Wants=network-online.target
After=network-online.target
RequiresMountsFor=/etc/gitlab
ConditionPathIsMountPoint=/etc/gitlab
[Service]
Type=oneshot
ExecStart=/bin/bash $LIBRARY/$4
UNIT
}

# remove_timer NAME: with its services. Fails if there is none.
remove_timer() {
  local unit=/etc/systemd/system/$1
  [ -f "$unit.timer" ] || return 1
  systemctl disable --now "$1.timer" >>"$LOG" 2>&1 || true
  rm -f "$unit"{.timer,.service,-failed.service}
  systemctl daemon-reload
}

# save_step VARIABLE…: keeps this script on the machine, for its own units, with the named data and those that `keep` named.
save_step() {
  local name
  write_file "$LIBRARY/$STEP.sh" 500 <"${BASH_SOURCE[0]}"
  for name in "$@" "${KEPT[@]}" http_proxy https_proxy no_proxy "${!DATABASE_@}"; do
    [ -z "${!name-}" ] || printf '%s=%s\n' "$name" "${!name@Q}"
  done >"$WORK/variables"
  write_file "$LIBRARY/$STEP.env" 400 <"$WORK/variables"
}

json_field() {
  python3 -c '
import json, sys
value = json.load(open(sys.argv[1]))
for key in sys.argv[2].split("."):
    value = value.get(key) if isinstance(value, dict) else None
sys.stdout.write("" if value is None else str(value))' "$1" "$2" 2>/dev/null
}

# request METHOD URL [BODY FILE]: HTTP_STATUS, and the answer in $WORK/answer. No answer at all is status 000.
# What is secret goes to curl by standard input: arguments are visible to every process.
request() {
  local method=$1 url=$2 body=${3-} header=''
  rm -f "$WORK/answer"
  : >"$WORK/answer"
  case $url in
    http://169.254.169.254/*) header='Metadata: true' ;;
    *) header="Authorization: Bearer $TOKEN" ;;
  esac
  HTTP_STATUS=$({
    printf 'url = "%s"\nrequest = "%s"\nheader = "%s"\nnoproxy = "%s"\n' "$url" "$method" "$header" \
      "169.254.169.254${no_proxy:+,$no_proxy}"
    printf 'silent\nshow-error\nconnect-timeout = 10\nmax-time = 60\noutput = "%s"\nwrite-out = "%%{http_code}"\n' "$WORK/answer"
    [ -z "$body" ] || printf 'header = "Content-Type: application/json"\ndata-binary = "@%s"\n' "$body"
  } | curl --config - 2>"$WORK/curl-error") || true
  HTTP_STATUS=${HTTP_STATUS:-000}
  refuse_stranger "${url%%\?*}"
}

# refuse_stranger URL: one whose certificate is of an authority that this machine does not trust, which waiting will not change.
refuse_stranger() {
  ! grep -qE 'self.signed certificate|unable to get (local )?issuer certificate' "$WORK/curl-error" || die "$1 shows a certificate of an authority that this" \
    "machine does not trust ($(tr -d '\n' <"$WORK/curl-error" | cut -c 1-200)); if a proxy or a firewall decrypts on the way, give its authority in" \
    "customCaTrustCertificates and apply"
}

# an identity and its roles are known some minutes before every server of Azure knows them.
PATIENCE=${PATIENCE_SECONDS:-600}
TOKEN=''

# identity_token AUDIENCE: TOKEN, unless there is one.
identity_token() {
  local audience=$1 started=$SECONDS url
  url="http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2F$audience"
  while [ -z "$TOKEN" ]; do
    request GET "$url&client_id=$IDENTITY_CLIENT_ID"
    if [ "$HTTP_STATUS" = 200 ]; then
      TOKEN=$(json_field "$WORK/answer" access_token) || TOKEN=''
    fi
    if [ -z "$TOKEN" ]; then
      if [ $((SECONDS - started)) -gt "$PATIENCE" ]; then
        die "no token for identity $IDENTITY_CLIENT_ID (status $HTTP_STATUS from 169.254.169.254);" \
          "assign that user-assigned identity to this virtual machine, then run this step again"
      fi
      pause 5 "getting a token for $audience"
    fi
  done
  rm -f "$WORK/answer"
}

# GitLab's database, which is the package's own PostgreSQL on the data disk. All that the scripts ask of it they ask here.
DATABASE=/var/opt/gitlab/postgresql/data

# shellcheck disable=SC2034 # not every step asks
UPGRADE_DATABASE='run gitlab-ctl pg-upgrade on the machine'
# shellcheck disable=SC2034
BRING_BACK='bring the disk back from a snapshot'

# check_database_clients TARGET: what a package says nothing of. The package's own clients fit its own server.
check_database_clients() { true; }

# Whether the other questions have an answer by now.
database_is_askable() { true; }

# Before GitLab is configured.
prepare_database() { true; }

# Before gitlab.rb names another one. A move that was given up leaves nothing here, and what it left elsewhere is nobody's to drop any more.
move_database() { rm -rf "$DATA_STATE/moving" "${DATABASE%/*}/moving"; }

# Before an upgrade, which needs to know whose database it asks.
check_upgrade() { true; }

# What gitlab.rb names and does not show.
show_database_access() { true; }

# Whether it has been set up: known while GitLab is down, and before it is installed.
has_embedded_database() { [ -f "$DATABASE/PG_VERSION" ]; }

has_database() { has_embedded_database; }

# Where there is no database GitLab makes one, without a word about the one that was there.
require_database() {
  local host=''
  if [ -f "$DATA_STATE/set-up" ] && ! has_database; then
    [ ! -f "$DATA_STATE/database" ] || read -r host _ <"$DATA_STATE/database"
    [ "${host:-${DATABASE_HOST-}}" = "${DATABASE_HOST-}" ] || die "the database of this GitLab is on $host, and nothing here moves it; set database back to what" \
      "it was and apply, and do not run this step again before that"
    die "this data disk is of a GitLab that was set up, and its database is gone from ${DATABASE_HOST:-$DATABASE}; $BRING_BACK, or remove" \
      "$DATA_STATE/set-up on the machine to begin with an empty one, then run this step again"
  fi
}

# database_sql SQL: rows, with "|" between their columns. Fails while the database does not answer.
database_sql() { gitlab-psql -At -c "$1" 2>>"$LOG"; }

# PostgreSQL's major version.
database_version() { cat "$DATABASE/PG_VERSION"; }

database_megabytes() { du -sm "$DATABASE" 2>>"$LOG" | cut -f 1; }

require_data_disk() {
  local path
  for path in "$DATA_ROOT" /var/opt/gitlab /etc/gitlab; do
    mountpoint -q "$path" || die "$path is not on the data disk; attach the disk, give another rerun and apply"
  done
}

# require_space PATH MEGABYTES
require_space() {
  local path=$1 wanted=$2 free
  free=$(df --output=avail -B1M "$path" | tail -n 1)
  [ "$free" -ge "$wanted" ] || die "$path has only $((free)) MB free and $wanted MB are needed; make room or enlarge the disk, then run this step again"
}
