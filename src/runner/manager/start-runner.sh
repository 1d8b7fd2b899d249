#!/bin/sh
# Runs `gitlab-runner` with its arguments. When the container is to stop, the runner finishes its jobs and takes no more; the pod's grace period ends the wait if
# a job takes longer.
set -u

finish() {
  # a shell lets what it runs in the background ignore QUIT; that ends when the runner has started.
  while grep -qs '^SigIgn:.*[4-7c-f]$' "/proc/$runner/status"; do
    sleep 1
  done
  kill -QUIT "$runner"
}

gitlab-runner "$@" &
runner=$!
# Kubernetes stops containers by the signal of their image: GitLab's say QUIT, others TERM, which to the runner would mean to abort its jobs.
trap finish TERM INT QUIT
while true; do
  wait "$runner"
  status=$?
  # a signal ends `wait`, but not the runner.
  kill -0 "$runner" 2> /dev/null || exit "$status"
done
