# shellcheck shell=bash
# Files in Key Vault, packed: in one secret, or over several where one does not hold them.

# Key Vault's own limit for a secret.
SECRET_BYTES=25000

# vault_put_file VAULT NAME FILE. Of several secrets NAME is written last and names the versions of the others that make up this file: whoever reads
# it gets one whole file, the earlier one while this is cut off.
vault_put_file() {
  local rest parts='' count=0
  rest=$(gzip -9n <"$3" | base64 -w 0)
  if [ "${#rest}" -le "$SECRET_BYTES" ]; then
    vault_put "$1" "$2" "$rest" application/gzip
    return 0
  fi
  while [ -n "$rest" ]; do
    count=$((count + 1))
    vault_put "$1" "$2-$count" "${rest:0:SECRET_BYTES}" application/gzip
    parts+=" $2-$count/$SECRET_VERSION"
    rest=${rest:SECRET_BYTES}
  done
  vault_put "$1" "$2" "several:$parts" text/plain
}

# vault_get_file VAULT NAME FILE: an empty one if there is no such secret, and false if what is there cannot be read.
vault_get_file() {
  local part packed
  : >"$3"
  vault_get "$1" "$2"
  [ -n "$SECRET" ] || return 0
  packed=$SECRET
  if [[ $SECRET == several:* ]]; then
    packed=''
    for part in ${SECRET#several:}; do
      vault_get "$1" "$part"
      packed+=$SECRET
    done
  fi
  SECRET=''
  base64 -d <<<"$packed" 2>>"$LOG" | gunzip >"$3" 2>>"$LOG"
}
