# shellcheck shell=bash
# SAML's certificates beside the step of GitLab, which gitlab.rb reads when GitLab is configured.

# Named after what is in them.
show_saml_certificates() {
  local name
  for name in ${SAML_NAMES-}; do
    find "/etc/gitlab/saml/$name" -name '*.pem' 2>/dev/null | sort || true
  done
}

keep SAML_NAMES
on fingerprint show_saml_certificates
