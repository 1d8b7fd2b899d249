# A registry and pages, each at a name of its own.
external_url 'https://git.team-d.example'
registry_external_url 'https://registry.team-d.example'
pages_external_url 'https://pages-of-team-d.example'
registry['storage_delete_enabled'] = true
registry['log_level'] = 'warn'
registry['storage'] = { 'filesystem' => { 'rootdirectory' => '/var/opt/gitlab/gitlab-rails/shared/registry' }, 'maintenance' => { 'uploadpurging' => { 'enabled' => true } } }
registry['gc'] = { 'disabled' => false, 'maxbackoff' => '5s' }
registry_nginx['ssl_certificate'] = '/etc/gitlab/ssl/registry.crt'
registry_nginx['ssl_certificate_key'] = '/etc/gitlab/ssl/registry.key'
registry_nginx['client_max_body_size'] = 0
registry_nginx['proxy_set_headers'] = { 'X-Forwarded-Proto' => 'https' }
gitlab_pages['enable'] = true
gitlab_pages['access_control'] = true
gitlab_pages['max_connections'] = 200
gitlab_pages['gitlab_client_http_timeout'] = '20s'
gitlab_pages['headers'] = ['X-Content-Type-Options: nosniff']
pages_nginx['ssl_certificate'] = '/etc/gitlab/ssl/pages.crt'
pages_nginx['ssl_certificate_key'] = '/etc/gitlab/ssl/pages.key'
pages_nginx['redirect_http_to_https'] = true
gitlab_rails['artifacts_enabled'] = true
gitlab_kas['enable'] = true
gitlab_kas_external_url 'wss://kas.team-d.example'
gitlab_kas_nginx['k8s_proxy_read_timeout'] = '3600'
