# shellcheck shell=bash
# Whether GitLab answers.

is_ready() {
  curl --silent --fail --insecure --noproxy '*' --max-time 20 --connect-to '::127.0.0.1:' \
    "$SCHEME://$SERVER_HOST/-/readiness?all=1" >"$WORK/readiness" 2>"$WORK/curl-error"
}

# Right after its start GitLab answers and falls silent again, so three answers in a row count.
wait_ready() {
  local good=0 started=$SECONDS wanted=1 announced=''
  [ -z "$RECONFIGURED" ] || wanted=3
  while [ "$good" -lt "$wanted" ]; do
    if is_ready; then
      good=$((good + 1))
      [ "$good" -ge "$wanted" ] || pause 5 "waiting for GitLab to be ready"
      continue
    fi
    good=0 wanted=3
    if [ -z "$announced" ]; then
      say "waiting for GitLab to be ready"
      announced=yes
      # somebody may have stopped it.
      gitlab-ctl start >>"$LOG" 2>&1 || true
    fi
    if [ $((SECONDS - started)) -gt 1200 ]; then
      die "GitLab is configured but does not get ready ($(cut -c 1-200 <"$WORK/curl-error" | tr -d '\n')); see gitlab-ctl status and gitlab-ctl" \
        "tail on the machine, then run this step again"
    fi
    pause 5 "waiting for GitLab to be ready"
  done
}
