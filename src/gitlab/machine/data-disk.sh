# shellcheck shell=bash
# What makes the server outlive its virtual machine lives on the data disk: data, configuration with its secrets, SSH host keys.

LABEL=gitlab-data
INTENT=$OS_STATE/format-intent
# where there is swap of ours, this is too.
SWAPPINESS=/etc/sysctl.d/60-gitlab-server.conf
# tells our lines of fstab from others; mount ignores options that begin so.
MARK=x-gitlab-server

find_disk() {
  local link space
  DISK=''
  for link in "/dev/disk/azure/data/by-lun/$DISK_LUN" "/dev/disk/azure/scsi1/lun$DISK_LUN"; do
    if [ -e "$link" ]; then
      DISK=$(readlink -f "$link")
      return 0
    fi
  done
  # machines without azure-vm-utils whose disks are NVMe: namespace 1 is the OS disk, lun 0 is namespace 2.
  for space in /sys/block/nvme*; do
    if grep -qs 'MSFT NVMe Accelerator' "$space/device/model" && [ "$(cat "$space/nsid")" = $((DISK_LUN + 2)) ]; then
      DISK=/dev/${space##*/}
      return 0
    fi
  done
}

wait_for_disk() {
  local started=$SECONDS
  find_disk
  while [ -z "$DISK" ]; do
    if [ $((SECONDS - started)) -gt "$PATIENCE" ]; then
      die "there is no data disk at lun $DISK_LUN; attach it to this virtual machine, then run this step again"
    fi
    pause 2 "waiting for the data disk"
    find_disk
  done
  udevadm settle --timeout=30 || true
}

disk_identity() {
  echo "$(blockdev --getsize64 "$DISK") $(lsblk -dno SERIAL,WWN "$DISK" | tr -s ' ')"
}

# blkid alone calls a disk blank that only begins with something it does not know.
is_zero() {
  local size end
  size=$(blockdev --getsize64 "$DISK") || return 1
  end=$((size < 16777216 ? size : 16777216))
  cmp -s -n "$end" /dev/zero "$DISK" && cmp -s -n "$end" -i "0:$((size - end))" /dev/zero "$DISK"
}

# UUID of our file system on the disk; made if the disk is blank, or if we were stopped while making it.
prepare_file_system() {
  local code=0 found kind
  found=$(blkid -p -o export "$DISK") || code=$?
  UUID=$(sed -n 's/^UUID=//p' <<<"$found")
  kind=$(sed -n 's/^TYPE=//p; s/^PTTYPE=/partition table /p' <<<"$found" | paste -sd ' ')
  if [ -f "$INTENT" ] && [ "$(cat "$INTENT")" = "$(disk_identity)" ] && ! findmnt -n --source "$DISK" >/dev/null; then
    say "making the file system again: the last attempt was cut off"
  elif [ "$code" = 0 ] && [ "$kind" = ext4 ] && [ "$(sed -n 's/^LABEL=//p' <<<"$found")" = "$LABEL" ]; then
    return 0
  elif [ "$code" = 2 ] && [ "$(lsblk -nro NAME "$DISK" | wc -l)" = 1 ] && is_zero; then
    disk_identity >"$WORK/intent"
    write_file "$INTENT" 600 <"$WORK/intent"
  else
    die "the disk at lun $DISK_LUN ($DISK) holds ${kind:-data} that is not GitLab's and is left as it is;" \
      "attach an empty disk or the disk of an earlier server, then run this step again"
  fi
  run "making a file system on $DISK" mkfs.ext4 -q -F -m 1 -L "$LABEL" "$DISK" || die "no file system could be made on $DISK; run this step again"
  sync
  rm -f "$INTENT"
  udevadm settle --timeout=30 || true
  UUID=$(blkid -p -s UUID -o value "$DISK")
}

write_fstab() {
  {
    grep -v "$MARK" /etc/fstab || true
    # nofail: a machine without its data disk still boots and can be mended; the guard below keeps GitLab off.
    echo "UUID=$UUID $DATA_ROOT ext4 defaults,nofail,x-systemd.device-timeout=30min,$MARK 0 2"
    echo "$DATA_ROOT/data /var/opt/gitlab none bind,nofail,x-systemd.requires-mounts-for=$DATA_ROOT,$MARK 0 0"
    echo "$DATA_ROOT/config /etc/gitlab none bind,nofail,x-systemd.requires-mounts-for=$DATA_ROOT,$MARK 0 0"
    if [ -f /swapfile ]; then
      echo "/swapfile none swap sw,$MARK 0 0"
    fi
  } >"$WORK/fstab"
  write_file /etc/fstab 644 <"$WORK/fstab"
  [ -z "$CHANGED" ] || systemctl daemon-reload
}

mount_all() {
  local path source
  if mountpoint -q "$DATA_ROOT"; then
    source=$(readlink -f "$(findmnt -n -o SOURCE "$DATA_ROOT")")
    [ "$source" = "$DISK" ] || die "$DATA_ROOT is on $source, not on the disk at lun $DISK_LUN ($DISK); restart the virtual machine, then run this step again"
  fi
  for path in "$DATA_ROOT" /var/opt/gitlab /etc/gitlab; do
    if [ "$path" != "$DATA_ROOT" ]; then
      mkdir -p "$DATA_ROOT/data" "$DATA_ROOT/config"
    fi
    if ! mountpoint -q "$path"; then
      mkdir -p "$path"
      # systemd mounts too, as soon as it sees a file system that fstab names.
      if [ -n "$(find "$path" -mindepth 1 -print -quit)" ] && ! mountpoint -q "$path"; then
        die "$path holds files on the OS disk that mounting would hide; move them to the data disk or away, then run this step again"
      fi
      mount "$path" 2>>"$LOG" || mountpoint -q "$path" || die "$path cannot be mounted from the data disk ($DISK); see $LOG on the machine, then run this step again"
    fi
  done
  chmod 755 "$DATA_ROOT" "$DATA_ROOT/data"
  chmod 775 "$DATA_ROOT/config"
  mkdir -p "$DATA_STATE"
}

# without this a lost disk would let GitLab set itself up anew on the empty directories below the mount points.
write_guard() {
  write_file /etc/systemd/system/gitlab-runsvdir.service.d/data-disk.conf 644 <<'UNIT'
[Unit]
RequiresMountsFor=/var/opt/gitlab /etc/gitlab
ConditionPathIsMountPoint=/var/opt/gitlab
ConditionPathIsMountPoint=/etc/gitlab
UNIT
  [ -z "$CHANGED" ] || systemctl daemon-reload
}

# The first run on a machine takes the disk's keys; later ones keep the machine's on the disk, so that an administrator can change them.
keep_host_keys() {
  local kept=$DATA_ROOT/ssh key changed=''
  local -a on_disk=("$kept"/ssh_host_*)
  if [ ! -f "$OS_STATE/host-keys" ] && [ "${#on_disk[@]}" -gt 0 ]; then
    for key in /etc/ssh/ssh_host_*; do
      if [ ! -f "$kept/${key##*/}" ]; then
        rm -f "$key"
        changed=yes
      fi
    done
    for key in "${on_disk[@]}"; do
      cmp -s "$key" "/etc/ssh/${key##*/}" && continue
      install -m "$(stat -c %a "$key")" "$key" "/etc/ssh/${key##*/}"
      changed=yes
    done
    if [ -n "$changed" ]; then
      say "the SSH host keys are those of the earlier machine again"
      systemctl try-reload-or-restart ssh.service || true
    fi
  else
    mkdir -p "$kept"
    chmod 700 "$kept"
    for key in /etc/ssh/ssh_host_*; do
      cmp -s "$key" "$kept/${key##*/}" || install -m "$(stat -c %a "$key")" "$key" "$kept/${key##*/}"
    done
  fi
  [ -f "$OS_STATE/host-keys" ] || touch "$OS_STATE/host-keys"
}

grow_file_system() {
  local disk_size block count free
  if [ -w "/sys/class/block/${DISK##*/}/device/rescan" ]; then
    echo 1 >"/sys/class/block/${DISK##*/}/device/rescan" || true
  fi
  disk_size=$(blockdev --getsize64 "$DISK")
  block=$(dumpe2fs -h "$DISK" 2>/dev/null | sed -n 's/^Block size: *//p')
  count=$(dumpe2fs -h "$DISK" 2>/dev/null | sed -n 's/^Block count: *//p')
  free=$((disk_size - block * count))
  # mkfs itself leaves less than a block group unused at the end.
  if [ "$free" -gt $((block * 32768)) ]; then
    run "growing the file system to the size of the disk" resize2fs "$DISK" || die "the file system on $DISK cannot be grown; run this step again"
  fi
}

# Once the machine has grown. What somebody else put there is not ours to remove.
remove_swap() {
  [ -f "$SWAPPINESS" ] || return 0
  if swapon --show=NAME --noheadings | grep -qx /swapfile && ! swapoff /swapfile 2>>"$LOG"; then
    say "the swap stays: what is in it does not fit into the memory"
    return 0
  fi
  rm -f /swapfile
  sysctl -q vm.swappiness=60 2>>"$LOG" || true
  rm -f "$SWAPPINESS"
  say "the swap is gone: this machine has memory enough"
}

# on the OS disk: swapping to the data disk would use up the disk's operations that the database needs.
make_swap() {
  if [ -z "${SMALL_MACHINE-}" ]; then
    remove_swap
    return 0
  fi
  # first, since by it the swap is known as ours.
  write_file "$SWAPPINESS" 644 <<<'vm.swappiness = 10'
  [ -z "$CHANGED" ] || sysctl -q -p "$SWAPPINESS" || true
  if [ ! -f /swapfile ]; then
    if [ "$(df --output=avail -B1M / | tail -n 1)" -lt 8192 ]; then
      say "no swap: less than 8 GB are free on the OS disk"
      return 0
    fi
    say "making 4 GB of swap"
    rm -f /swapfile.new
    fallocate -l 4G /swapfile.new
    chmod 600 /swapfile.new
    mkswap -q /swapfile.new 2>/dev/null || mkswap /swapfile.new >>"$LOG"
    mv -f /swapfile.new /swapfile
  fi
  if ! swapon --show=NAME --noheadings | grep -qx /swapfile; then
    swapon /swapfile || die "the swap file cannot be used; see dmesg on the machine, then run this step again"
  fi
}

begin data-disk "$@"
wait_for_disk
prepare_file_system
make_swap
write_fstab
mount_all
write_guard
keep_host_keys
at mounted
grow_file_system
say "the data disk is $DISK, $(df -h --output=size,avail "$DATA_ROOT" | tail -n 1 | xargs | sed 's/ / with /') free"
