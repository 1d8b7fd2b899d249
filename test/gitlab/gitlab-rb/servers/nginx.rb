# Much of nginx: large pushes, an own server beside GitLab, error pages, a cache.
external_url 'https://git.team-e.example'
nginx['worker_processes'] = 'auto'
nginx['worker_connections'] = 20_480
nginx['log_format'] = '$remote_addr - "$request_method $filtered_request_uri" $status'
nginx['log_format_escape'] = 'json'
nginx['sendfile'] = 'off'
nginx['tcp_nopush'] = 'off'
nginx['tcp_nodelay'] = 'on'
nginx['keepalive_timeout'] = '75s'
nginx['keepalive_time'] = '2h'
nginx['server_names_hash_bucket_size'] = 128
nginx['cache_max_size'] = '2000m'
nginx['proxy_cache_path'] = 'proxy_cache keys_zone=gitlab:20m max_size=2g levels=1:2'
nginx['proxy_cache'] = 'gitlab'
nginx['hide_server_tokens'] = 'on'
nginx['gzip_enabled'] = true
nginx['gzip_comp_level'] = '5'
nginx['gzip_types'] = ['text/css', 'application/json']
nginx['custom_nginx_config'] = "include /etc/gitlab/nginx/sites/*.conf;\nmap $http_upgrade $up { default upgrade; '' close; }"
nginx['custom_gitlab_server_config'] = "location ^~ /private/ {\n  deny all;\n}\n"
nginx['custom_error_pages'] = { '503' => { 'title' => 'Back soon', 'header' => 'We upgrade', 'message' => 'Until six' } }
nginx['client_max_body_size'] = '4g'
nginx['proxy_read_timeout'] = 7200
nginx['proxy_connect_timeout'] = 60
nginx['proxy_custom_buffer_size'] = '16k'
nginx['request_buffering_off_path_regex'] = '/api/v\\d/jobs/\\d+/artifacts$'
nginx['error_log_level'] = 'warn'
nginx['ssl_ciphers'] = 'ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384'
nginx['ssl_session_timeout'] = '4h'
nginx['ssl_dhparam'] = '/etc/gitlab/ssl/dhparam.pem'
nginx['status'] = { 'enable' => true, 'port' => 8061, 'options' => { 'allow' => '10.0.0.0/8', 'deny' => 'all' } }
