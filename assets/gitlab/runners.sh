# shellcheck shell=bash
# What lives in GitLab's database: its settings, an administrator, the runners. One start of Rails, which takes a minute
# and a gigabyte, does it all.

ask_gitlab() {
  # the user's text ends up in a heredoc that Ruby takes literally, on one line, so it cannot end it.
  {
    printf "require 'json'\nWANTED = JSON.parse(<<'WANTED_JSON')\n%s\nWANTED_JSON\n" "$WANTED_JSON"
    printf "SET_BEFORE = %%w[%s].freeze\n" "$(tr '\n' ' ' <"$DATA_STATE/settings-once")"
    printf '%s\n' "$RUNNERS_RB"
  } >"$WORK/program.rb"
  : >"$WORK/answers"
  RUN_INPUT=$WORK/program.rb RUN_OUTPUT=$WORK/answers run "telling GitLab its settings and runners" gitlab-rails runner - \
    || die "GitLab did not take its settings or runners, the lines above say why; run this step again once that is mended"
  # GitLab and its libraries may write there too: only our own lines count.
  grep -a '^gitlab-server:' "$WORK/answers" >"$WORK/lines" || true
  if grep -q '^gitlab-server:problem ' "$WORK/lines"; then
    die "$(sed -n 's/^gitlab-server:problem //p' "$WORK/lines" | head -n 1)"
  fi
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

begin runners "$@"
require_data_disk
[ -x /opt/gitlab/bin/gitlab-ctl ] || die "GitLab is not installed; give another rerun and apply"
[ -f "$DATA_STATE/settings-once" ] || touch "$DATA_STATE/settings-once"
ask_gitlab
if grep -q '^gitlab-server:no-administrator' "$WORK/lines"; then
  make_administrator
fi
grep -q '^gitlab-server:done' "$WORK/lines" || die "GitLab ended before it had set everything; run this step again"
answers note | while read -r line; do say "$line"; done
{
  cat "$DATA_STATE/settings-once"
  answers once
} | sort -u >"$WORK/once"
write_file "$DATA_STATE/settings-once" 600 <"$WORK/once"

answers token >"$WORK/tokens"
while read -r name token; do
  vault_put "$RUNNER_VAULT" "$name" "$token" text/plain
done <"$WORK/tokens"
answers removed >"$WORK/removed"
while read -r name; do
  vault_call DELETE "$RUNNER_VAULT" "secrets/$name"
  say "the token $name is deleted from Key Vault $RUNNER_VAULT"
done <"$WORK/removed"
say "runners that GitLab knows of this stack: $(wc -l <"$WORK/tokens")"
