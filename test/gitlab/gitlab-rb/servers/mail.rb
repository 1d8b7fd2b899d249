# Mail out and in, and a service desk, all in one organisation's mailboxes.
external_url 'https://git.team-g.example'
gitlab_rails['smtp_enable'] = true
gitlab_rails['smtp_address'] = 'smtp.team-g.example'
gitlab_rails['smtp_port'] = 465
gitlab_rails['smtp_user_name'] = 'git@team-g.example'
gitlab_rails['smtp_domain'] = 'team-g.example'
gitlab_rails['smtp_authentication'] = 'login'
gitlab_rails['smtp_enable_starttls_auto'] = false
gitlab_rails['smtp_tls'] = true
gitlab_rails['smtp_openssl_verify_mode'] = 'peer'
gitlab_rails['smtp_pool'] = true
gitlab_rails['gitlab_email_from'] = 'git@team-g.example'
gitlab_rails['gitlab_email_display_name'] = 'Git of team "G"'
gitlab_rails['gitlab_email_reply_to'] = 'noreply@team-g.example'
gitlab_rails['incoming_email_enabled'] = true
gitlab_rails['incoming_email_address'] = 'incoming+%{key}@team-g.example'
gitlab_rails['incoming_email_email'] = 'incoming@team-g.example'
gitlab_rails['incoming_email_host'] = 'imap.team-g.example'
gitlab_rails['incoming_email_port'] = 993
gitlab_rails['incoming_email_ssl'] = true
gitlab_rails['incoming_email_start_tls'] = false
gitlab_rails['incoming_email_mailbox_name'] = 'inbox'
gitlab_rails['incoming_email_idle_timeout'] = 60
gitlab_rails['incoming_email_delete_after_delivery'] = true
gitlab_rails['service_desk_email_enabled'] = true
gitlab_rails['service_desk_email_address'] = 'help+%{key}@team-g.example'
gitlab_rails['service_desk_email_email'] = 'help@team-g.example'
gitlab_rails['service_desk_email_inbox_method'] = 'microsoft_graph'
gitlab_rails['service_desk_email_inbox_options'] = { 'tenant_id' => '11111111-2222-3333-4444-555555555555', 'client_id' => '66666666-7777-8888-9999-000000000000' }
gitlab_rails['service_desk_email_log_file'] = '/var/log/gitlab/mailroom/mail_room_json.log'
mailroom['enable'] = true
