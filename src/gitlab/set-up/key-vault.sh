# shellcheck shell=bash
# Key Vault: the secrets that the steps read there and put there.

# vault_call METHOD VAULT PATH [BODY FILE]: until Key Vault gives an answer that waiting will not change.
vault_call() {
  local method=$1 vault=$2 path=$3 body=${4-} started=$SECONDS reason
  while :; do
    identity_token "${KEY_VAULT_DOMAIN:-vault.azure.net}"
    request "$method" "https://$vault.${KEY_VAULT_DOMAIN:-vault.azure.net}/$path?api-version=7.4" "$body"
    case $HTTP_STATUS in
      200 | 201 | 204 | 409) return 0 ;;
      401) TOKEN='' ;;
    esac
    reason=$(json_field "$WORK/answer" error.innererror.code) || reason=''
    if [ -z "$reason" ]; then
      reason=$(json_field "$WORK/answer" error.code) || reason=''
    fi
    if [ "$HTTP_STATUS $reason" = '404 SecretNotFound' ]; then
      return 0
    fi
    if [ "$reason" = ForbiddenByPolicy ]; then
      die "Azure Policy denies $method $path in Key Vault $vault; exempt the vault from that policy or change the policy, then run this step again"
    fi
    if [ "$HTTP_STATUS" = 400 ]; then
      die "Key Vault $vault refuses $method $path (400 $reason); see Key Vault's documentation of that code, then run this step again"
    fi
    if [ $((SECONDS - started)) -gt "$PATIENCE" ]; then
      die "Key Vault $vault answers $method $path with $HTTP_STATUS $reason $(tr -d '\n' <"$WORK/curl-error" | cut -c 1-200)" \
        "for $PATIENCE seconds; let this machine reach it and give the identity $IDENTITY_CLIENT_ID the role" \
        "Key Vault Secrets Officer on it, or Key Vault Secrets User where it only reads, then run this step again"
    fi
    pause 5 "asking Key Vault $vault"
  done
}

# vault_get VAULT NAME[/VERSION]: SECRET, empty if there is none, and SECRET_VERSION.
vault_get() {
  SECRET=''
  vault_call GET "$1" "secrets/$2"
  if [ "$HTTP_STATUS" = 200 ]; then
    SECRET=$(json_field "$WORK/answer" value) || die "Key Vault $1 gave an answer about $2 that cannot be read; run this step again"
    take_version "$1" "$2"
  fi
  rm -f "$WORK/answer"
}

# A secret's id ends with its version.
take_version() {
  SECRET_VERSION=$(json_field "$WORK/answer" id) || die "Key Vault $1 gave an answer about $2 that cannot be read; run this step again"
  SECRET_VERSION=${SECRET_VERSION##*/}
}

# vault_put VAULT NAME VALUE CONTENT_TYPE: SECRET_VERSION, a new one only if the value differs. A deleted secret's name stays taken, so it is recovered first.
# Azure's policies for landing zones refuse a secret without a content type.
vault_put() {
  local vault=$1 name=$2 value=$3 type=$4 started=$SECONDS
  [ -n "$value" ] || die "nothing to put into the secret $name of Key Vault $vault; this is a fault of the script"
  vault_get "$vault" "$name"
  if [ "$SECRET" = "$value" ]; then
    return 0
  fi
  printf '%s' "$value" | python3 -c 'import json, sys; print(json.dumps({"value": sys.stdin.read(), "contentType": sys.argv[1]}))' "$type" >"$WORK/body"
  vault_call PUT "$vault" "secrets/$name" "$WORK/body"
  while [ "$HTTP_STATUS" = 409 ]; do
    if [ $((SECONDS - started)) -gt "$PATIENCE" ]; then
      die "the secret $name of Key Vault $vault is deleted and cannot be recovered; recover or purge it, then run this step again"
    fi
    vault_call POST "$vault" "deletedsecrets/$name/recover"
    pause 5 "recovering the secret $name"
    vault_call PUT "$vault" "secrets/$name" "$WORK/body"
  done
  take_version "$vault" "$name"
  rm -f "$WORK/body" "$WORK/answer"
  say "the secret $name is in Key Vault $vault"
}

# vault_password VAULT NAME: SECRET, a new one where there is none, or one that is so short that GitLab finds it weak.
vault_password() {
  local password
  vault_get "$1" "$2"
  password=$SECRET
  while [ "${#password}" -lt 24 ]; do
    password=$(openssl rand -base64 48 | tr -dc 'A-Za-z0-9' | cut -c 1-32)
  done
  vault_put "$1" "$2" "$password" text/plain
  SECRET=$password
}
