# shellcheck shell=bash
# Who becomes an administrator, by the identity with which they sign in, and whether passwords sign in too. The next start of Rails does both; a timer
# waits for those who have not signed in yet.

# A line each: provider, id there.
PROMOTED=$DATA_STATE/sign-in/promoted
PASSWORDS_OFF=$DATA_STATE/sign-in/passwords-off

# The part of Rails' program that comes after what the other parts of the step have to say.
sign_in_program() {
  printf "require 'json'\nSIGN_IN = JSON.parse(<<'SIGN_IN_JSON')\n%s\nSIGN_IN_JSON\n" "$SIGN_IN_JSON"
  echo "PROMOTED = <<'PROMOTED_LINES'.lines(chomp: true).freeze"
  [ ! -f "$PROMOTED" ] || cat "$PROMOTED"
  echo PROMOTED_LINES
  if [ -f "$PASSWORDS_OFF" ]; then echo 'PASSWORDS_OFF = true'; else echo 'PASSWORDS_OFF = false'; fi
  printf '%s\n' "$ADMINISTRATORS_RB"
}

keep_administrators() {
  grep -q '^gitlab-server:sign-in-done' "$WORK/lines" || die "GitLab ended before it had made its administrators; run this step again"
  answers promoted >"$WORK/promoted"
  write_file "$PROMOTED" 600 <"$WORK/promoted"
  case $(answers passwords) in
    off) write_file "$PASSWORDS_OFF" 600 </dev/null ;;
    on) rm -f "$PASSWORDS_OFF" ;;
  esac
}

# Whoever is on the list and has not been made an administrator yet: as SQL's condition, empty if there is nobody.
awaited() {
  [ -f "$PROMOTED" ] || write_file "$PROMOTED" 600 </dev/null
  printf '%s' "$SIGN_IN_JSON" | python3 -I -c '
import json, sys
with open(sys.argv[1]) as file:
    promoted = file.read().splitlines()
awaited = [one for one in json.load(sys.stdin)["administrators"] if "{provider} {uid}".format(**one) not in promoted]
quoted = lambda text: "\x27" + text.replace("\x27", "\x27\x27") + "\x27"
print(" OR ".join("(provider = {} AND lower(extern_uid) = {})".format(quoted(one["provider"]), quoted(one["uid"].lower())) for one in awaited))' "$PROMOTED"
}

# Asks the database, so that Rails starts only once there is something to do.
await_administrators() {
  local condition found
  condition=$(awaited)
  if [ -z "$condition" ]; then
    remove_administrators_timer
    return 0
  fi
  found=$(database_sql "SELECT count(*) FROM identities JOIN users ON users.id = identities.user_id
    WHERE users.state IN ('active', 'blocked_pending_approval') AND ($condition)") \
    || die "the database does not answer; the server asks again by itself in some minutes"
  [ "$found" != 0 ] || return 0
  sign_in_program >"$WORK/program.rb"
  run_program "promoting administrators who have signed in"
  answers note | while read -r line; do say "$line"; done
  keep_administrators
  [ ! -s "$WORK/problems" ] || die "$(head -n 1 "$WORK/problems")"
  condition=$(awaited)
  [ -n "$condition" ] || remove_administrators_timer
}

remove_administrators_timer() {
  if remove_timer gitlab-administrators; then
    rm -f "$LIBRARY"/runners.{sh,env}
  fi
}

write_administrators_timer() {
  local condition
  condition=$(awaited)
  if [ -z "$condition" ]; then
    remove_administrators_timer
    return 0
  fi
  save_step DEADLINE_SECONDS SIGN_IN_JSON ADMINISTRATORS_RB
  write_timer gitlab-administrators "Promotes administrators of GitLab who have signed in" "*:0/5" <<UNIT
RequiresMountsFor=/var/opt/gitlab /etc/gitlab
ConditionPathIsMountPoint=/var/opt/gitlab
ConditionPathIsMountPoint=/etc/gitlab
[Service]
Type=oneshot
ExecStart=/bin/bash $LIBRARY/runners.sh administrators
UNIT
}

# What people no longer sign in by: the certificates of providers that were taken out of the stack, and the timer once there is none.
remove_unused_certificates() {
  local folder
  for folder in /etc/gitlab/saml/*/; do
    folder=${folder%/}
    [[ " ${SAML_NAMES-} " == *" ${folder##*/} "* ]] || rm -rf "$folder"
  done
  if [ -z "${SAML_NAMES-}" ] && remove_timer gitlab-saml; then
    rm -rf /etc/gitlab/saml "$LIBRARY"/sign-in.{sh,env}
    say "SAML sign-in is no longer set up"
  fi
}

on program sign_in_program
on answered keep_administrators
on answered write_administrators_timer
on answered remove_unused_certificates
on command-administrators await_administrators
