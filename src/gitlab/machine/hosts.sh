# shellcheck shell=bash
# Names that this machine finds without any zone.

# name_host ADDRESS NAME MARK: by one line, in place of the earlier one with that mark.
name_host() {
  { grep -vF "# $3" /etc/hosts || true; } >"$WORK/hosts"
  echo "$1 $2 # $3" >>"$WORK/hosts"
  write_file /etc/hosts 644 <"$WORK/hosts"
}
