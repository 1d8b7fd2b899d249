# shellcheck shell=bash
# Releases in the names of backups: GitLab restores into the same version and edition only.

# The release of what is installed, such as 19.4.1-ce.
installed_release() {
  # shellcheck disable=SC2016 # dpkg's own variables
  dpkg-query -W -f '${db:Status-Status} ${Version}\n' 'gitlab-[ce]e' 2>/dev/null \
    | sed -n 's/^installed \([0-9.]*\)-\([ce]e\).*/\1-\2/p' | head -n 1
}

# backup_release NAME: RELEASE of a name that this library gave, or GitLab itself, which leaves the ending of the Community Edition out.
backup_release() {
  if [[ $1 =~ ^[0-9]{8}T[0-9]{6}Z-([0-9]+\.[0-9]+\.[0-9]+-[ce]e)$ ]]; then
    RELEASE=${BASH_REMATCH[1]}
  elif [[ $1 =~ ^[0-9]{9,11}_[0-9]{4}_[0-9]{2}_[0-9]{2}_([0-9]+\.[0-9]+\.[0-9]+)(-ee)?$ ]]; then
    RELEASE=${BASH_REMATCH[1]}${BASH_REMATCH[2]:--ce}
  else
    die "\"$1\" is no backup's name; restore again with one such as 20261231T023000Z-19.4.1-ce"
  fi
}
