#!/bin/sh
# Writes config.toml from a template and mounted secrets, then again whenever one of them changes.
#
#   TEMPLATE          the template; it may hold lines of these forms:
#                       token = "@text:FILE@"          the content of FILE
#                       token = "@register:FILE@"      registers a runner, once for each pod; FILE: the path of the
#                                                      registration token, then one argument of `gitlab-runner register` a line
#                       tls-ca-file = "@copy:FILE@"    the path of a copy of FILE; CredentialsFile too
#                       AccessKey = "@value:FILE@"     the content of FILE, one line; SecretKey and sentry_dsn too
#   OUTPUT            the folder of config.toml
#   SYSTEM_ID         what GitLab knows this manager by, the same at every start
#   POD_NAME          given where there are several managers, each of which has a system id of its own
#   INTERVAL_SECONDS  the pause between two looks at template and secrets
set -u
umask 077

log() {
  printf 'render-config: %s\n' "$*" >&2
}

# moves $1 to $2 in one step, so that nobody sees half a file; a file that would not change keeps its time stamp, which is what
# the runner watches.
publish() {
  if cmp -s "$1" "$2"; then
    rm -f "$1"
  else
    mv -f "$1" "$2" || return 1
    log "wrote $2"
  fi
}

print_token() {
  case $1 in
    '' | *[!A-Za-z0-9._-]*)
      log "$2 does not hold a runner token"
      return 1
      ;;
  esac
  printf 'token = "%s"\n' "$1"
}

# one line as a basic string of TOML.
print_value() {
  case $2 in
    '' | *[[:cntrl:]]*)
      log "$3 does not hold one line"
      return 1
      ;;
  esac
  printf '%s = "%s"\n' "$1" "$(printf '%s' "$2" | sed 's/[\\"]/\\&/g')"
}

text_of() {
  if ! cat "$1"; then
    log "$1 cannot be read"
    return 1
  fi
}

registered_token() {
  arguments=$1
  home="$OUTPUT/registered/${arguments##*/}"
  if [ ! -s "$home/config.toml" ]; then
    mkdir -p "$home" || return 1
    printf '%s' "$SYSTEM_ID" > "$home/.runner_system_id" || return 1
    secret=
    set --
    while IFS= read -r argument || [ -n "$argument" ]; do
      if [ -z "$secret" ]; then secret=$argument; else set -- "$@" "$argument"; fi
    done < "$arguments"
    REGISTRATION_TOKEN=$(text_of "$secret") || return 1
    export REGISTRATION_TOKEN
    if ! gitlab-runner register --non-interactive --config "$home/config.toml" "$@" >&2; then
      rm -f "$home/config.toml"
      log 'GitLab refused the registration token'
      return 1
    fi
  fi
  sed -n 's/^ *token = "\(.*\)"$/\1/p' "$home/config.toml" | head -n 1
}

render() {
  while IFS= read -r line || [ -n "$line" ]; do
    file=${line#*'"@'*:}
    file=${file%'@"'}
    key=${line%%' = '*}
    case $line in
      'token = "@text:'*'@"')
        value=$(text_of "$file") && print_token "$value" "$file" || return 1
        ;;
      'token = "@register:'*'@"')
        value=$(registered_token "$file") && print_token "$value" "$file" || return 1
        ;;
      'AccessKey = "@value:'*'@"' | 'SecretKey = "@value:'*'@"' | 'sentry_dsn = "@value:'*'@"')
        value=$(text_of "$file") && print_value "$key" "$value" "$file" || return 1
        ;;
      'tls-ca-file = "@copy:'*'@"' | 'CredentialsFile = "@copy:'*'@"')
        copy="$OUTPUT/$(printf '%s' "${file#/}" | tr / -)"
        text_of "$file" > "$copy.new" && publish "$copy.new" "$copy" || return 1
        printf '%s = "%s"\n' "$key" "$copy"
        ;;
      *)
        printf '%s\n' "$line"
        ;;
    esac
  done
}

update() {
  if render < "$TEMPLATE" > "$OUTPUT/config.toml.new"; then
    publish "$OUTPUT/config.toml.new" "$OUTPUT/config.toml"
  else
    rm -f "$OUTPUT/config.toml.new"
    return 1
  fi
}

stop() {
  for config in "$OUTPUT"/registered/*/config.toml; do
    if [ -s "$config" ]; then gitlab-runner unregister --config "$config" --all-runners >&2 || log 'GitLab keeps an offline runner'; fi
  done
  exit 0
}

if [ -n "${POD_NAME-}" ]; then
  digest=$(printf '%s/%s' "$SYSTEM_ID" "$POD_NAME" | sha256sum) || exit 1
  SYSTEM_ID="s_$(printf '%.12s' "$digest")"
fi

# GitLab's image tells its containers to stop by QUIT.
trap stop TERM INT QUIT
printf '%s' "$SYSTEM_ID" > "$OUTPUT/.runner_system_id" || exit 1
update || exit 1
while true; do
  # a shell runs its traps only between commands, but at once out of `wait`.
  sleep "$INTERVAL_SECONDS" &
  wait "$!"
  update || log 'kept the last config.toml'
done
