# shellcheck shell=bash
# Blob storage, by the machine's identity. What goes there or comes from there may be larger than the machine, so it passes in pieces.

# A blob is at most 50,000 blocks, so this is enough for 4.7 TiB.
BLOCK_BYTES=104857600
STORAGE_TOKEN=''

storage_token() {
  local TOKEN=''
  identity_token storage.azure.com
  STORAGE_TOKEN=$TOKEN
}

# blob_request METHOD PATH [FILE [HEADER…]]: HTTP_STATUS, the answer in $WORK/answer, its headers in $WORK/headers.
blob_request() {
  local method=$1 path=$2 file=${3-} header
  shift $(($# < 3 ? $# : 3))
  : >"$WORK/answer"
  : >"$WORK/headers"
  HTTP_STATUS=$({
    printf 'url = "https://%s.%s/%s"\nrequest = "%s"\n' "$BACKUP_ACCOUNT" "${BLOB_DOMAIN:-blob.core.windows.net}" "$path" "$method"
    printf 'header = "Authorization: Bearer %s"\nheader = "x-ms-version: 2021-12-02"\n' "$STORAGE_TOKEN"
    for header in "$@"; do printf 'header = "%s"\n' "$header"; done
    printf 'silent\nshow-error\nconnect-timeout = 10\nspeed-limit = 1000\nspeed-time = 60\n'
    printf 'output = "%s"\ndump-header = "%s"\nwrite-out = "%%{http_code}"\n' "$WORK/answer" "$WORK/headers"
    [ -z "$file" ] || printf 'upload-file = "%s"\nheader = "Expect:"\n' "$file"
  } | curl --config - 2>"$WORK/curl-error") || true
  HTTP_STATUS=${HTTP_STATUS:-000}
}

# blob_call METHOD PATH [FILE [HEADER…]]: until Blob storage gives an answer that waiting will not change.
blob_call() {
  local started=$SECONDS reason
  while :; do
    [ -n "$STORAGE_TOKEN" ] || storage_token
    blob_request "$@"
    refuse_stranger "https://$BACKUP_ACCOUNT.${BLOB_DOMAIN:-blob.core.windows.net}"
    case $HTTP_STATUS in
      200 | 201 | 206) return 0 ;;
      401) STORAGE_TOKEN='' ;;
    esac
    reason=$(tr -d '\r' <"$WORK/headers" | sed -n 's/^x-ms-error-code: *//Ip' | tail -n 1)
    case "$HTTP_STATUS $reason" in
      '404 BlobNotFound' | '416 InvalidRange') return 0 ;;
      '404 ContainerNotFound') die "the storage account $BACKUP_ACCOUNT has no container ${2%%[/?]*}; make it or mend its name in the program, then run this step again" ;;
      '409 BlobArchived') die "${2%%\?*} is in the archive tier of $BACKUP_ACCOUNT, where it cannot be read; give it the tier Hot by az storage blob set-tier," \
        "which takes hours, then run this step again" ;;
      400\ *) die "the storage account $BACKUP_ACCOUNT refuses $1 ${2%%\?*} (400 $reason); see the documentation of that code, then run this step again" ;;
    esac
    if [ $((SECONDS - started)) -gt "$PATIENCE" ]; then
      die "the storage account $BACKUP_ACCOUNT answers $1 ${2%%\?*} with $HTTP_STATUS $reason" \
        "$(tr -d '\n' <"$WORK/curl-error" | cut -c 1-200) for $PATIENCE seconds; let this machine reach it and give the identity" \
        "$IDENTITY_CLIENT_ID the role ${BLOB_ROLE:-Storage Blob Data Contributor} on it, then run this step again"
    fi
    pause 5 "asking the storage account $BACKUP_ACCOUNT"
  done
}

# blob_put PATH FILE: one of at most some megabytes.
blob_put() { blob_call PUT "$1" "$2" 'x-ms-blob-type: BlockBlob'; }

# A process substitution would need no pipe of its own, but bash now and then loses its exit status (seen once in 1,500 times with 5.2).
make_pipe() {
  rm -f "$WORK/pipe"
  mkfifo -m 600 "$WORK/pipe"
}

# blob_upload PATH COMMAND…: what the command writes.
blob_upload() {
  local path=$1 producer count=0 block
  shift
  : >"$WORK/blocks"
  make_pipe
  "$@" >"$WORK/pipe" 2>>"$LOG" 9>&- &
  producer=$!
  exec 8<"$WORK/pipe"
  while :; do
    head -c "$BLOCK_BYTES" <&8 >"$WORK/block"
    [ -s "$WORK/block" ] || break
    block=$(printf 'block-%06d' "$count" | base64)
    blob_call PUT "$path?comp=block&blockid=$block" "$WORK/block"
    echo "<Latest>$block</Latest>" >>"$WORK/blocks"
    count=$((count + 1))
  done
  exec 8<&-
  rm -f "$WORK/block"
  # what was cut off must not look like a whole one.
  wait "$producer" || die "$1 failed while its output was uploaded to $path; see $LOG on the machine, then run this step again"
  {
    echo '<?xml version="1.0" encoding="utf-8"?><BlockList>'
    cat "$WORK/blocks"
    echo '</BlockList>'
  } >"$WORK/block-list"
  blob_call PUT "$path?comp=blocklist" "$WORK/block-list" 'x-ms-blob-content-type: application/octet-stream'
}

# blob_size PATH: SIZE in bytes, empty if there is no such blob.
blob_size() {
  SIZE=''
  blob_call GET "$1" '' 'x-ms-range: bytes=0-0'
  if [ "$HTTP_STATUS" = 416 ]; then
    SIZE=0
  elif [ "$HTTP_STATUS" != 404 ]; then
    SIZE=$(tr -d '\r' <"$WORK/headers" | sed -n 's,^content-range: *bytes [0-9]*-[0-9]*/,,Ip' | tail -n 1)
    [ -n "$SIZE" ] || die "the storage account $BACKUP_ACCOUNT does not tell the size of $1; run this step again"
  fi
}

# blob_download PATH COMMAND…: into the standard input of a command that unpacks it.
blob_download() {
  local path=$1 size=$SIZE from=0 consumer unreadable
  unreadable="$path in $BACKUP_ACCOUNT cannot be unpacked: it is damaged or cut off, or there is no room for it, see $LOG on the machine; mend that, then run this step again"
  shift
  make_pipe
  "$@" <"$WORK/pipe" >>"$LOG" 2>&1 9>&- &
  consumer=$!
  exec 8>"$WORK/pipe"
  while [ "$from" -lt "$size" ]; do
    blob_call GET "$path" '' "x-ms-range: bytes=$from-$((from + BLOCK_BYTES - 1))"
    [[ $HTTP_STATUS = 206 && -s $WORK/answer ]] || die "the storage account $BACKUP_ACCOUNT sent nothing of $path; run this step again"
    cat "$WORK/answer" >&8 || die "$unreadable"
    from=$((from + $(stat -c %s "$WORK/answer")))
  done
  exec 8>&-
  rm -f "$WORK/answer"
  wait "$consumer" || die "$unreadable"
}
