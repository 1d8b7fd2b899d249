# Sign-in through one identity provider by SAML; nobody else can make an account.
external_url 'https://git.team-b.example'
gitlab_rails['omniauth_enabled'] = true
gitlab_rails['omniauth_allow_single_sign_on'] = %w(saml)
gitlab_rails['omniauth_block_auto_created_users'] = false
gitlab_rails['omniauth_auto_link_saml_user'] = true
gitlab_rails['omniauth_sync_profile_from_provider'] = ['saml']
gitlab_rails['omniauth_sync_profile_attributes'] = %w(name email)
gitlab_rails['omniauth_providers'] = [
  {
    name: 'saml',
    label: 'Company account',
    groups_attribute: 'groups',
    external_groups: ['contractors'],
    args: {
      assertion_consumer_service_url: 'https://git.team-b.example/users/auth/saml/callback',
      idp_cert_fingerprint: '43:51:43:A1:B5:FC:8B:B7:0A:3A:A9:B1:0F:66:73:A8:12:34:56:78',
      idp_sso_target_url: 'https://id.team-b.example/saml2',
      issuer: 'https://git.team-b.example',
      name_identifier_format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
      attribute_statements: { email: ['mail'], first_name: ['givenName'] },
    },
  },
]
gitlab_rails['gitlab_email_subject_suffix'] = '[#{git}]'
nginx['ssl_protocols'] = 'TLSv1.3'
nginx['hsts_max_age'] = 31_536_000
nginx['hsts_include_subdomains'] = true
nginx['referrer_policy'] = 'no-referrer'
