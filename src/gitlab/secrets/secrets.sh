# shellcheck shell=bash
# Secrets of the user's Key Vaults: into files on the machine, which gitlab.rb reads. No plan, no state, no parameter and no argument has their values.

# git's, which gitlab.rb fixes; at first there is no such group.
GIT_GROUP=700

# One line for each secret: id, vault, name, how it is used.
list_secrets() {
  # shellcheck disable=SC2016 # python's
  printf '%s' "${SECRETS_JSON:-[]}" | python3 -c '
import json, sys
for one in json.load(sys.stdin):
    uses = [use for use in ("read", "named") if one[use]]
    print(one["id"], one["vault"], one["name"], ",".join(uses))' >"$WORK/secrets-wanted"
}

# secret_problem ID FILE: what keeps a value from being what its keys want, or nothing.
secret_problem() {
  printf '%s' "$SECRETS_JSON" | python3 -c '
import json, re, sys
wanted = next(one["wanted"] for one in json.load(sys.stdin) if one["id"] == sys.argv[1])
value = re.sub(r"\r?\n\Z", "", open(sys.argv[2], encoding="utf-8", newline="").read())

def is_json():
    try:
        return isinstance(json.loads(value), (dict, list))
    except ValueError:
        return False

def is_plain():
    # what YAML takes for a number, a date or a truth value is no text.
    return re.fullmatch(r"[A-Za-z0-9._~-]+", value) and not re.fullmatch(
        r"(?i)[-+.]?[0-9][0-9._-]*(e[-+]?[0-9]+)?|0x[0-9a-f]+|0o[0-7]+|[-+]?\.(inf|nan)|~|-+|\.+|null|true|false|yes|no|on|off|y|n", value)

# what Ruby escapes in a way that YAML does not know.
INSPECTED = r"#[{$@]|[\U00010000-\U0010ffff]"
RULES = {
    "anything": (lambda: True, ""),
    "inspected": (lambda: not re.search(INSPECTED, value), "has \"#{\", \"#$\", \"#@\" or characters beyond U+FFFF"),
    "quoted": (lambda: not re.search(r"[\"\\\x00-\x1f\x7f]", value), "has double quotes, backslashes or line breaks"),
    "line": (lambda: not re.search(r"[\x00-\x1f\x7f]", value) and value == value.strip(), "has line breaks or blanks around it"),
    "bare": (is_plain, "is not of letters, digits, \".\", \"_\", \"~\" and \"-\" alone, or is a number or a word that YAML takes for something else"),
    "unknown": (lambda: not re.search(r"[\"\\\x00-\x1f\x7f]|" + INSPECTED, value),
        "has double quotes, backslashes, line breaks, \"#{\", \"#$\", \"#@\" or characters beyond U+FFFF"),
    "json": (is_json, "is no map or list in JSON"),
    "integer": (lambda: re.fullmatch(r"-?[0-9]{1,18}", value), "is no whole number"),
}
for kind, key in wanted.items():
    bears, problem = RULES[kind]
    if not bears():
        print(f"{problem}, which GitLab does not take for {key}")
        break' "$1" "$2"
}

# fetch_secret VAULT NAME FILE: its newest value, byte for byte.
fetch_secret() {
  vault_call GET "$1" "secrets/$2"
  : >"$3"
  if [ "$HTTP_STATUS" = 200 ]; then
    json_field "$WORK/answer" value >"$3" || die "Key Vault $1 gave an answer about $2 that cannot be read; run this step again"
  fi
  rm -f "$WORK/answer"
  [ -s "$3" ] || die "Key Vault $1 has no secret $2; put it there, then run this step again"
}

# take_secret ID VAULT NAME: into $WORK/secret-ID, if it can be used.
take_secret() {
  local problem
  fetch_secret "$2" "$3" "$WORK/secret-$1"
  problem=$(secret_problem "$1" "$WORK/secret-$1") || die "the secret $3 of Key Vault $2 is not text; give it another value, then run this step again"
  [ -z "$problem" ] || die "the secret $3 of Key Vault $2 $problem; give it another value, then run this step again"
}

# put_secret ID USES: from $WORK/secret-ID.
put_secret() {
  case $2 in
    *read*) write_file "$SECRETS_READ/$1" 600 <"$WORK/secret-$1" ;;
  esac
  case $2 in
    *named*)
      write_file "$SECRETS_NAMED/$1" 640 <"$WORK/secret-$1"
      chgrp "$GIT_GROUP" "$SECRETS_NAMED/$1"
      ;;
  esac
}

# All of them or none: what is missing or cannot be used ends the step before gitlab.rb is another one.
put_secrets_in_place() {
  local id vault name uses
  list_secrets
  while read -r id vault name uses; do
    take_secret "$id" "$vault" "$name"
  done <"$WORK/secrets-wanted"
  make_secret_folders
  while read -r id vault name uses; do
    put_secret "$id" "$uses"
  done <"$WORK/secrets-wanted"
}

make_secret_folders() {
  install -d -m 700 "$SECRETS_READ"
  install -d -m 750 "$SECRETS_NAMED"
  chgrp "$GIT_GROUP" "$SECRETS_NAMED"
}

# attempt COMMAND…: what would end the script ends the attempt alone. ATTEMPT says why, or nothing. Not within a condition, where errors do not end anything.
attempt() {
  rm -f "$WORK/attempt"
  (
    trap 'printf "%s" "${FAILURE:-it stopped unexpectedly, at $STOPPED_AT}" >"$WORK/attempt"' EXIT
    "$@"
    trap - EXIT
  ) &
  wait "$!" || true
  ATTEMPT=$(cat "$WORK/attempt" 2>/dev/null || true)
}

# What the timer does. A vault that is away, a secret that is gone or a value that cannot be used never takes anything from GitLab: the last value stays.
refresh_secrets() {
  local id vault name uses started kept=''
  local -A away=()
  list_secrets
  make_secret_folders
  # the lock is the set-up's too: each vault is waited for once, and not for long.
  PATIENCE=$((PATIENCE < 60 ? PATIENCE : 60))
  identity_token "${KEY_VAULT_DOMAIN:-vault.azure.net}"
  while read -r id vault name uses; do
    [ -z "${away[$vault]-}" ] || continue
    started=$SECONDS
    attempt take_secret "$id" "$vault" "$name"
    if [ -z "$ATTEMPT" ]; then
      put_secret "$id" "$uses"
    else
      say "WARNING: GitLab goes on with the last value of the secret $name: $ATTEMPT"
      kept="$kept $name"
      [ $((SECONDS - started)) -lt "$PATIENCE" ] || away[$vault]=yes
    fi
  done <"$WORK/secrets-wanted"
  if is_reload_time; then
    LOCK_IS_HELD=yes bash "$LIBRARY/gitlab.sh" secrets || die "GitLab cannot take its secrets as they are now, the lines above say why; mend" \
      "that, and the server tries again by itself within a day"
  fi
  [ -z "$kept" ] || die "not read from their Key Vaults:$kept; mend what the lines above say, and the server" \
    "asks again by itself within the hour"
}

# GitLab restarts some of its services for a new value, so it is let to do that at one time of the day. Within two hours of it: a machine that was
# off then, or at work on something else, waits for the next day.
is_reload_time() {
  local now start
  [ -f "$LIBRARY/gitlab.sh" ] || return 1
  now=$((10#$(date -u +%H) * 60 + 10#$(date -u +%M)))
  start=$((10#${SECRETS_RELOAD_TIME%:*} * 60 + 10#${SECRETS_RELOAD_TIME#*:}))
  [ $(((now - start + 1440) % 1440)) -lt 120 ]
}

write_secrets_timer() {
  write_settings_timer gitlab-secrets "Reads GitLab's secrets from their Key Vaults" "*-*-* *:${SECRETS_RELOAD_TIME#*:}:00 UTC" 'secrets.sh refresh'
}

begin secrets "$@"
require_data_disk
if [ "${1-}" = refresh ]; then
  refresh_secrets
  exit 0
fi
put_secrets_in_place
save_step DEADLINE_SECONDS IDENTITY_CLIENT_ID KEY_VAULT_DOMAIN SECRETS_JSON SECRETS_RELOAD_TIME
write_secrets_timer
say "secrets that GitLab gets from Key Vaults: $(wc -l <"$WORK/secrets-wanted")"
