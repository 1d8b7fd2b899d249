# frozen_string_literal: true

# nginx's configuration as Omnibus makes it of gitlab.rb: its own templates and defaults (gitlabhq/omnibus-gitlab 440b1f8, Apache-2.0, unedited, beside
# this file), with what its recipes and libraries make of the settings before. Input: {sections, external_url …} as the stand-in's reconfigure leaves
# them, the folder to write to, the address to listen on, and that of the service behind.
# Not checked: Kerberos, smart cards, custom error pages, relative URLs. Debian's nginx is older than Omnibus' own: two directives that it does
# not know are left out.

require 'erb'
require 'json'
require 'uri'
require_relative 'nginx_helper'

INPUT = JSON.parse($stdin.read)
SETTINGS = INPUT['settings']
FOLDER = INPUT['folder']

# What the templates ask of Chef and of Omnibus' libraries.
module Nginx
  def self.generate_host_header(fqdn, port, https) = port == (https ? 443 : 80) ? fqdn : "#{fqdn}:#{port}"
  def self.parse_error_pages = { '404' => '404.html' }
end

module GitlabRails
  def self.public_path = FOLDER
end

def node = { 'gitlab_kas' => { 'enable' => false, 'upstream_http_scheme' => 'http', 'upstream_grpc_scheme' => 'grpc' }, 'fqdn' => 'gitlab-vm' }

DEFAULTS = OmnibusGitlab::NginxHelper.new(node).default_values

def section(name) = SETTINGS['sections'][name] || {}

# Either spelling: since 19.2 each service's keys live below the service.
def web_settings(old, service) = section(old).merge(section(service)['nginx'] || {})

# The attributes of registry and Pages.
SERVICE_HEADERS = { 'Host' => '$http_host', 'X-Real-IP' => '$remote_addr', 'X-Forwarded-For' => '$proxy_add_x_forwarded_for' }.freeze

# Those of the agent server.
AGENT_HEADERS = { 'Host' => '$http_host', 'Upgrade' => '$http_upgrade', 'Connection' => '$connection_upgrade', 'X-Real-IP' => '$remote_addr',
                  'X-Forwarded-For' => '$remote_addr', 'X-Forwarded-Proto' => '$scheme', 'X-Forwarded-Scheme' => '$scheme', 'X-Scheme' => '$scheme',
                  'X-Original-Forwarded-For' => '$http_x_forwarded_for' }.freeze

# Nginx.parse_proxy_headers
def headers(settings, ssl, defaults)
  own = settings['proxy_set_headers'] || {}
  values = { 'X-Forwarded-Proto' => ssl ? 'https' : 'http' }.merge(defaults)
  values['X-Forwarded-Ssl'] = 'on' if ssl
  values.merge!('X-Real-IP' => '$proxy_protocol_addr', 'X-Forwarded-For' => '$proxy_protocol_addr') if settings['proxy_protocol']
  values.merge(own).compact
end

def listening(url, settings, more = {}, header_defaults = SERVICE_HEADERS)
  ssl = url.scheme == 'https'
  given = settings.compact
  ours = {
    'https' => given.key?('listen_https') ? given['listen_https'] : ssl, 'listen_port' => given['listen_port'] || url.port,
    'ssl_certificate' => given['ssl_certificate'] || "/etc/gitlab/ssl/#{url.host}.crt",
    'ssl_certificate_key' => given['ssl_certificate_key'] || "/etc/gitlab/ssl/#{url.host}.key",
    'proxy_set_headers' => headers(settings, ssl, header_defaults), 'fqdn' => url.host, 'port' => url.port, 'gzip' => 'on',
    'letsencrypt_enable' => section('letsencrypt')['enable'] == true, 'listen_addresses' => [INPUT['address']], 'log_directory' => FOLDER, 'dir' => FOLDER
  }
  DEFAULTS.merge(given).merge(ours).merge(more)
end

# LetsEncryptHelper.add_service_alt_name
def shared_certificate(own, shared, url)
  return own unless section('letsencrypt')['enable'] && shared && own['ssl_certificate'].nil?

  own.merge('ssl_certificate' => "/etc/gitlab/ssl/#{url.host}.crt", 'ssl_certificate_key' => "/etc/gitlab/ssl/#{url.host}.key")
end

def write(name, template, variables)
  scope = Object.new
  variables.each { |key, value| scope.instance_variable_set("@#{key}", value) }
  text = ERB.new(File.read(File.join(__dir__, template)), trim_mode: '-').result(scope.instance_eval { binding })
  File.write(File.join(FOLDER, name), text.gsub(/^\s*http2 on;$/, '').gsub('/etc/gitlab/ssl', INPUT['ssl']))
end

url = URI(SETTINGS['external_url'])
rails = web_settings('nginx', 'gitlab_rails')
monitoring = %w[/-/health /-/readiness /-/liveness].map { |path| { url: path, format: 'json' } }
redirects = section('letsencrypt')['enable'] == true || rails['redirect_http_to_https'] == true
health = File.join(FOLDER, 'health.partial')
common = listening(url, rails, { 'path' => '/', 'api_path' => '/api', 'monitoring_addresses' => monitoring, 'gitlab_health_conf' => health,
                               'redirect_http_to_https' => redirects }, DEFAULTS['proxy_set_headers'])
write('rails.conf', 'nginx-gitlab-rails.conf.erb', common)
write('health.partial', 'nginx-gitlab-health.conf.erb', common)
if SETTINGS['registry_external_url']
  write('registry.conf', 'nginx-gitlab-registry.conf.erb',
        listening(URI(SETTINGS['registry_external_url']), web_settings('registry_nginx', 'registry'), 'registry_http_addr' => INPUT['behind']))
end
# GitlabKas: at GitLab's own name, Workhorse serves it.
agents = SETTINGS['gitlab_kas_external_url'] && URI(SETTINGS['gitlab_kas_external_url'])
if agents && agents.host != url.host && section('gitlab_kas')['enable'] != false
  own = web_settings('gitlab_kas_nginx', 'gitlab_kas')
  ssl = agents.scheme == 'wss'
  write('kas.conf', 'nginx-gitlab-kas.conf.erb',
        # its recipe has `port` in the place of `listen_port`, whatever that is.
        listening(URI("#{ssl ? 'https' : 'http'}://#{agents.host}"), shared_certificate(own, ssl, url), {
                    'listen_port' => own['port'] || (ssl ? 443 : 80), 'port' => own['port'] || (ssl ? 443 : 80), 'fqdn' => own['host'] || agents.host,
                    'gitlab_kas_listen_address' => INPUT['behind'], 'gitlab_kas_k8s_proxy_listen_address' => INPUT['behind'],
                    'gitlab_kas_k8s_proxy_connect_timeout' => '5', 'gitlab_kas_k8s_proxy_send_timeout' => '60',
                    'gitlab_kas_k8s_proxy_read_timeout' => '7200', 'gitlab_kas_k8s_proxy_max_temp_file_size' => '1024m'
                  }, AGENT_HEADERS))
end
if SETTINGS['pages_external_url']
  pages = URI(SETTINGS['pages_external_url'])
  own = web_settings('pages_nginx', 'gitlab_pages')
  in_path = section('gitlab_pages')['namespace_in_path']
  write('pages.conf', 'nginx-gitlab-pages.conf.erb',
        listening(pages, shared_certificate(own, in_path, url), 'fqdn_regex' => pages.host.gsub('.', '\.'), 'namespace_in_path' => in_path, 'pages_listen_proxy' => INPUT['behind']))
end
File.write(File.join(FOLDER, 'nginx.conf'), <<~CONF)
  daemon off;
  user root;
  pid #{FOLDER}/nginx.pid;
  error_log stderr;
  events {}
  http {
    access_log off;
    log_format gitlab_access '$remote_addr';
    proxy_cache_path #{FOLDER}/cache keys_zone=gitlab:1m;
    map $http_upgrade $connection_upgrade { default upgrade; '' close; }
    upstream gitlab-workhorse { server #{INPUT['behind']}; }
    #{section('nginx')['custom_nginx_config']}
    include #{FOLDER}/*.conf.d;
  }
CONF
Dir[File.join(FOLDER, '{rails,registry,kas,pages}.conf')].each { |path| File.rename(path, "#{path}.d") }
