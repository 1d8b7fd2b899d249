# shellcheck shell=bash
# What lives in GitLab's database: its settings, an administrator, the runners. One start of Rails, which takes a minute
# and a gigabyte, does it all. Moments of features: `program` prints Ruby that runs in the same start, `answered` is when its answers are there, and
# `command-NAME` as in gitlab.sh.

# The runners of ours, a line each: marker, secret, id, when it was made, type, owner, its path. Whoever may write to GitLab's database
# or its folders may not write here.
LIST=$DATA_STATE/runners/list
# What the marks in the runners' notes are made with, so that nobody can guess them.
KEY=$DATA_STATE/runners/key
LINE='cdktf-azure-gitlab:[0-9a-f]{32} runner-token-[a-z0-9-]{0,60}-[0-9a-f]{8} [0-9]+ [0-9]+ (instance_type 0 -|(group|project)_type [0-9]+ [A-Za-z0-9_./-]+)'

# require_lines FILE REMEDY: what is not a line of ours is neither handed to Ruby nor a name of a secret.
require_lines() {
  local odd
  odd=$(grep -avxEn "$LINE" "$1" | head -n 1 | cut -c 1-80 | tr -cd '[:print:]') || true
  [ -z "$odd" ] || die "the list of runners has a line that is not one of a runner ($odd); $2"
}

make_key() {
  if ! grep -qsxE '[0-9a-f]{64}' "$KEY"; then
    openssl rand -hex 32 >"$WORK/key"
    write_file "$KEY" 600 <"$WORK/key"
  fi
}

ask_gitlab() {
  if [ -f "$LIST" ]; then
    require_lines "$LIST" "put $LIST on the machine right, or remove it and, in GitLab, the runners that it names, then run this step again"
  fi
  # the user's text ends up in a heredoc that Ruby takes literally, on one line, so it cannot end it.
  {
    printf "require 'json'\nWANTED = JSON.parse(<<'WANTED_JSON')\n%s\nWANTED_JSON\n" "$WANTED_JSON"
    printf "SET_BEFORE = %%w[%s].freeze\n" "$(tr '\n' ' ' <"$DATA_STATE/settings-once")"
    printf "KEY = '%s'\n" "$(cat "$KEY")"
    if [ -f "$LIST" ]; then
      echo "LISTED = <<'LISTED_LINES'.lines(chomp: true).freeze"
      cat "$LIST"
      echo LISTED_LINES
    else
      echo 'LISTED = nil'
    fi
    printf '%s\n' "$RUNNERS_RB"
    at program
  } >"$WORK/program.rb"
  run_program "telling GitLab its settings and runners"
  if [ -s "$WORK/problems" ] && ! grep -q '^gitlab-server:done' "$WORK/lines"; then
    die "$(head -n 1 "$WORK/problems")"
  fi
}

# run_program WHAT: what Rails answers, in $WORK/lines, and what it complains about in $WORK/problems.
run_program() {
  : >"$WORK/answers"
  RUN_INPUT=$WORK/program.rb RUN_OUTPUT=$WORK/answers run "$1" gitlab-rails runner - \
    || die "GitLab did not take its settings or runners, the lines above say why; run this step again once that is mended"
  # GitLab and its libraries may write there too: only our own lines count.
  grep -a '^gitlab-server:' "$WORK/answers" >"$WORK/lines" || true
  answers problem >"$WORK/problems"
}

answers() { sed -n "s/^gitlab-server:$1 *//p" "$WORK/lines"; }

# The seed that makes root is left out if the first attempt at it failed; everything else then looks healthy.
make_administrator() {
  say "GitLab has no active administrator"
  vault_get "$SERVER_VAULT" gitlab-root-password
  [ -n "$SECRET" ] || die "GitLab has no active administrator and Key Vault $SERVER_VAULT no gitlab-root-password; give another rerun and apply"
  GITLAB_ROOT_PASSWORD=$SECRET run "making the first administrator" gitlab-rake db:seed_fu \
    || die "the first administrator cannot be made, the lines above say why; run this step again once that is mended"
  SECRET=''
  ask_gitlab
  [ -z "$(grep '^gitlab-server:no-administrator' "$WORK/lines" || true)" ] \
    || die "GitLab has no active administrator; make one on the machine by gitlab-rails console, then run this step again"
}

# What GitLab answered, on the list before anything else is done with it.
keep_list() {
  grep -q '^gitlab-server:done' "$WORK/lines" || die "GitLab ended before it had set everything; run this step again"
  answers note | while read -r line; do say "$line"; done
  {
    cat "$DATA_STATE/settings-once"
    answers once
  } | sort -u >"$WORK/once"
  write_file "$DATA_STATE/settings-once" 600 <"$WORK/once"
  answers listed >"$WORK/list"
  require_lines "$WORK/list" "this is a fault of the script"
  # what is not wanted any more stays on the list until its secret is gone.
  [ ! -f "$LIST" ] || cp "$LIST" "$WORK/earlier"
  cut -d ' ' -f 2 "$WORK/list" "$WORK/wanted" | sort -u >"$WORK/in-use"
  awk 'FILENAME == ARGV[1] { used[$1]; next } !($2 in used)' "$WORK/in-use" "$WORK/earlier" >"$WORK/gone"
  cat "$WORK/list" "$WORK/gone" >"$WORK/both"
  write_file "$LIST" 600 <"$WORK/both"
}

begin runners "$@"
require_data_disk
[ -x /opt/gitlab/bin/gitlab-ctl ] || die "GitLab is not installed; give another rerun and apply"
[ -f "$DATA_STATE/settings-once" ] || touch "$DATA_STATE/settings-once"
# who has come here has its backup, or has given it up.
rm -f "$DATA_STATE/recovery/restoring"
if [ -n "${1-}" ]; then
  at "command-$1"
  exit 0
fi
: >"$WORK/earlier"
# marker and secret of each runner that the stack wants: the only secrets that are written.
printf '%s' "$WANTED_JSON" | python3 -c 'import json, sys
for runner in json.load(sys.stdin)["runners"]:
    print(runner["marker"], runner["tokenSecretName"])' >"$WORK/wanted"
make_key
ask_gitlab
if grep -q '^gitlab-server:no-administrator' "$WORK/lines"; then
  make_administrator
fi
keep_list
if grep -q '^gitlab-server:again' "$WORK/lines"; then
  ask_gitlab
  keep_list
fi
at answered
answers token >"$WORK/tokens"
while read -r marker token; do
  name=$(awk -v "marker=$marker" '$1 == marker { print $2 }' "$WORK/wanted")
  [ -n "$name" ] || die "GitLab told of a runner that nobody asked for ($marker); this is a fault of the script"
  vault_put "$RUNNER_VAULT" "$name" "$token" text/plain
done <"$WORK/tokens"
cut -d ' ' -f 2 "$WORK/gone" | sort -u >"$WORK/removed"
while read -r name; do
  vault_call DELETE "$RUNNER_VAULT" "secrets/$name"
  say "the token $name is deleted from Key Vault $RUNNER_VAULT"
done <"$WORK/removed"
write_file "$LIST" 600 <"$WORK/list"
if [ -s "$WORK/problems" ]; then
  tail -n +2 "$WORK/problems" | while read -r line; do say "$line"; done
  die "$(head -n 1 "$WORK/problems")"
fi
say "runners that GitLab knows of this stack: $(wc -l <"$WORK/tokens")"
