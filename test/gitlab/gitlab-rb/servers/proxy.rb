# Behind somebody else's load balancer, which tells the address of who asks.
external_url 'https://git.team-c.example'
gitlab_rails['trusted_proxies'] = ['10.20.0.0/16', '192.0.2.10']
gitlab_rails['gitlab_shell_ssh_port'] = '2222'
gitlab_rails['gitlab_ssh_host'] = 'ssh.team-c.example'
gitlab_rails['monitoring_whitelist'] = ['127.0.0.0/8', '::1/128', '10.20.0.0/16']
nginx['real_ip_trusted_addresses'] = ['10.20.0.0/16']
nginx['real_ip_header'] = 'X-Forwarded-For'
nginx['real_ip_recursive'] = 'on'
nginx['listen_addresses'] = ['0.0.0.0', '[::]']
nginx['http2_enabled'] = false
nginx['proxy_set_headers'] = {
  'Host' => '$http_host_with_default',
  'X-Real-IP' => '$remote_addr',
  'X-Forwarded-For' => '$proxy_add_x_forwarded_for',
  'X-Forwarded-Proto' => 'https',
  'X-Forwarded-Ssl' => 'on',
}
gitlab_workhorse['trusted_cidrs_for_x_forwarded_for'] = ['10.20.0.0/16']
gitlab_workhorse['proxy_headers_timeout'] = '2m0s'
