# A team whose accounts are in a directory. Only the administrators also have local passwords.
external_url 'https://git.team-a.example'
gitlab_rails['time_zone'] = 'Europe/Zurich'
gitlab_rails['gitlab_default_theme'] = 4
gitlab_rails['gitlab_username_changing_enabled'] = false
gitlab_rails['ldap_enabled'] = true
gitlab_rails['prevent_ldap_sign_in'] = false
gitlab_rails['ldap_servers'] = YAML.load <<-'EOS'
  main:
    label: 'Directory'
    host: 'ldap.team-a.example'
    port: 636
    uid: 'sAMAccountName'
    encryption: 'simple_tls'
    verify_certificates: true
    bind_dn: 'CN=gitlab,OU=Services,DC=team-a,DC=example'
    active_directory: true
    allow_username_or_email_login: false
    block_auto_created_users: false
    base: 'OU=People,DC=team-a,DC=example'
    user_filter: '(memberOf=CN=developers,OU=Groups,DC=team-a,DC=example)'
    attributes:
      username: ['uid', 'sAMAccountName']
      email: ['mail']
EOS
gitlab_rails['backup_keep_time'] = 7 * 24 * 3600
gitlab_rails['backup_archive_permissions'] = '0640'
nginx['redirect_http_to_https'] = true
nginx['client_max_body_size'] = '1g'
puma['worker_processes'] = 3
