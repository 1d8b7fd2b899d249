# shellcheck shell=bash
# apt and dpkg, which others on the machine use too.

APT=(apt-get -y -q -o DPkg::Lock::Timeout=600 -o Acquire::Retries=5 -o Dpkg::Options::=--force-confold)

# run_apt WHAT ARGUMENT…: the locks of the lists and of the archive, unlike dpkg's, have no time-out of their own.
run_apt() {
  local what=$1 started=$SECONDS
  shift
  until run "$what" "${APT[@]}" "$@"; do
    if ! tail -n 20 "$LOG" | grep -qi 'could not get lock' || [ $((SECONDS - started)) -gt "$PATIENCE" ]; then
      return 1
    fi
    pause 15 "$what"
  done
}

# Machines update themselves right after their first boot. dpkg, unlike apt, does not wait for the lock.
mend_packages() {
  local started=$SECONDS
  while [ -n "$(dpkg --audit)" ]; do
    if run "finishing what dpkg had begun" dpkg --configure -a; then
      return 0
    fi
    if ! tail -n 5 "$LOG" | grep -qi lock || [ $((SECONDS - started)) -gt "$PATIENCE" ]; then
      die "dpkg cannot finish what it had begun, the lines above say why; mend it on the machine with: dpkg --configure -a; then run this step again"
    fi
    pause 10 "waiting for dpkg"
  done
}

# The machine's own updates ask the proxy too, which apt otherwise knows from this script alone.
write_apt_proxy() {
  local file=/etc/apt/apt.conf.d/90gitlab-server-proxy host
  if [ -z "${http_proxy-}" ]; then
    rm -f "$file"
    return 0
  fi
  {
    # shellcheck disable=SC2154 # parameters of each step
    printf 'Acquire::http::Proxy "%s";\nAcquire::https::Proxy "%s";\n' "$http_proxy" "$https_proxy"
    for host in ${no_proxy//,/ }; do
      [[ ! $host =~ ^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$ ]] || printf 'Acquire::http::Proxy::%s "DIRECT";\nAcquire::https::Proxy::%s "DIRECT";\n' "$host" "$host"
    done
  } >"$WORK/apt-proxy"
  write_file "$file" 644 <"$WORK/apt-proxy"
}
