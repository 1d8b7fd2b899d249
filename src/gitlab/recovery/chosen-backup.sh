# shellcheck shell=bash
# Which backup an empty server begins with. It is chosen once, so that what was cut off goes on with the same one.

# Only root can write to these: account, name and release of the chosen backup; its name while it is being loaded; its name once it is.
CHOSEN=$DATA_STATE/recovery/chosen
# shellcheck disable=SC2034 # not every step asks
RESTORING=$DATA_STATE/recovery/restoring
RESTORED=$DATA_STATE/recovery/restored

# shellcheck disable=SC2034 # read by blob.sh
BLOB_ROLE='Storage Blob Data Reader'

leave_if_restored() {
  if [ -f "$RESTORED" ]; then
    say "nothing to do: the backup $(cat "$RESTORED") was restored to this data disk"
    exit 0
  fi
}

# blob_names CONTAINER: the names of all blobs of a container, a line each, in $WORK/names.
blob_names() {
  local next=''
  : >"$WORK/names"
  while :; do
    blob_call GET "$1?restype=container&comp=list$next"
    python3 -c '
import sys, urllib.parse, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
with open(sys.argv[2], "a") as names:
    for blob in root.iter("Blob"):
        names.write(blob.findtext("Name").replace("\n", " ") + "\n")
print(urllib.parse.quote(root.findtext("NextMarker") or "", safe=""))' "$WORK/answer" "$WORK/names" >"$WORK/marker" \
      || die "the storage account $BACKUP_ACCOUNT gave a list of $1 that cannot be read; run this step again"
    next=$(cat "$WORK/marker")
    [ -n "$next" ] || return 0
    next="&marker=$next"
  done
}

# NAME: the newest backup of which both blobs are there. A copy in another region may have the one and not yet the other.
find_latest() {
  local pattern='[0-9]{8}T[0-9]{6}Z-[0-9.]+-[ce]e' others
  blob_names "$BACKUP_CONTAINER"
  others=$(sed -nE 's/^([0-9]{9,11}_[0-9]{4}_[0-9]{2}_[0-9]{2}_[0-9.]+(-ee)?)_gitlab_backup\.tar$/\1/p' "$WORK/names" | tail -n 5 | xargs)
  sed -nE "s/^($pattern)_gitlab_backup\.tar$/\1/p" "$WORK/names" | sort -u >"$WORK/archives"
  blob_names "$SECRETS_CONTAINER"
  sed -nE "s/^($pattern)\.tar\.gz$/\1/p" "$WORK/names" | sort -u >"$WORK/secrets"
  NAME=$(comm -12 "$WORK/archives" "$WORK/secrets" | tail -n 1)
  [ -n "$NAME$others" ] || die "the storage account $BACKUP_ACCOUNT has no backup in $BACKUP_CONTAINER with its secrets in $SECRETS_CONTAINER; give the account" \
    "and the container that hold one, then apply"
  [ -n "$NAME" ] || die "the storage account $BACKUP_ACCOUNT has no backup of this library in $BACKUP_CONTAINER, but archives of gitlab-backup: $others; give" \
    "the name of the one that is meant as restoreFrom.backup, then apply"
}

# What is wanted in place of a choice that was made before is chosen anew, as long as nothing is restored.
choose_backup() {
  local account='' name='' version edition
  [ ! -f "$CHOSEN" ] || read -r account name _ <"$CHOSEN"
  if [ "$account" = "$BACKUP_ACCOUNT" ] && [[ $BACKUP_NAME == "$name" || $BACKUP_NAME == latest ]]; then
    NAME=$name
  elif [ "$BACKUP_NAME" = latest ]; then
    find_latest
  else
    NAME=$BACKUP_NAME
  fi
  backup_release "$NAME"
  version=${RELEASE%-*} edition=${RELEASE##*-}
  # shellcheck disable=SC2153 # parameters
  if [ "$edition" != "$EDITION" ] || [[ $version. != "$VERSION".* ]]; then
    die "the backup $NAME is of GitLab $version ($edition) and the program asks for $VERSION ($EDITION); set version to" \
      "GitLabVersion.minor(\"${version%.*}\") and edition to GitLabEdition.${edition^^}, then apply"
  fi
}

keep_choice() { write_file "$CHOSEN" 600 <<<"$BACKUP_ACCOUNT $NAME $RELEASE"; }
