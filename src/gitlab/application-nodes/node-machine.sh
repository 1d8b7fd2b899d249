# shellcheck shell=bash
# A machine beside the server's own: it has no data disk, and what steps remember is on its OS disk.

# shellcheck disable=SC2034 # not every step asks
DATA_STATE=$OS_STATE

# Units of steps that wait for the data disk are to run here as well. An empty condition takes back those before.
require_data_disk() {
  write_file /etc/systemd/system/gitlab-.service.d/no-data-disk.conf 644 <<'UNIT'
[Unit]
ConditionPathIsMountPoint=
UNIT
  [ -z "$CHANGED" ] || systemctl daemon-reload
  install -d -m 775 /etc/gitlab
}
