# frozen_string_literal: true

# What gitlab.rb makes of a machine beside the whole GitLab: one whose Redis and Gitaly others ask, or one of `application_role`, which asks them. Written from
# Omnibus' libraries redis.rb, gitaly.rb, gitlab_rails.rb and roles/application.rb.
# Not checked: further roles, Redis without TLS, more than one Gitaly, Sentinel.

require_relative 'instance'
require_relative 'redis'

class Roles
  REMOTE = "#{Instance::DATA}/gitlab-rails/etc/remote.json"
  AUTHORITIES = "#{Instance::DATA}/gitlab-rails/etc/authorities.pem"
  SYSTEM_AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt'

  def initialize(config)
    @config = config
    @rails = config['gitlab_rails']
  end

  def application? = Array(@config.single['roles']).include?('application_role')

  def write_all
    write_authorities
    write_redis
    write_gitaly
    write_remote
    write_nginx
  end

  private

  def write(name, text, mode = 0o640, group = 'git')
    path = "#{Instance::DATA}/#{name}"
    return FileUtils.rm_f(path) if text.nil?

    FileUtils.mkdir_p(File.dirname(path))
    Instance.write(path, text, mode)
    FileUtils.chown(nil, group, path)
  end

  # what is in trusted-certs is linked in with the package's own authorities, at a reconfigure alone.
  def write_authorities
    FileUtils.mkdir_p(File.dirname(AUTHORITIES))
    texts = [SYSTEM_AUTHORITIES, *Dir.glob('/etc/gitlab/trusted-certs/*.{crt,pem}')].map { |path| File.read(path) }
    Instance.write(AUTHORITIES, texts.join("\n"), 0o644)
  end

  # without TLS its own machine alone asks it, by a socket. Where nodes put nothing into it, nothing here would.
  def write_redis
    redis = @config['redis']
    return write('redis/redis.conf', nil) if application? || redis['enable'] == false || !(redis['tls_port'] || Redis.kept?)

    lines = { 'bind' => redis['bind'] || '127.0.0.1', 'port' => redis['port'] || 0, 'unixsocket' => redis['tls_port'] ? nil : Redis::SOCKET,
              'tls-port' => redis['tls_port'], 'tls-cert-file' => redis['tls_cert_file'],
              'tls-key-file' => redis['tls_key_file'], 'tls-ca-cert-file' => redis['tls_ca_cert_file'] || SYSTEM_AUTHORITIES,
              'tls-auth-clients' => redis['tls_auth_clients'] || 'optional', 'requirepass' => redis['password'], 'masterauth' => redis['master_password'],
              'dir' => "#{Instance::DATA}/redis", 'dbfilename' => 'dump.rdb', 'protected-mode' => 'no' }.compact
    saves = Array(redis['save'] || ['900 1', '300 10', '60 10000']).map { |one| "save #{one}" }
    write('redis/redis.conf', [*lines.map { |key, value| "#{key} #{value}" }, *saves, ''].join("\n"), 0o640, 'gitlab-redis')
  end

  # with an address of TLS alone the storages of `repositories_storages` are not Gitaly's.
  def write_gitaly
    # keys are symbols or texts.
    settings = JSON.parse(JSON.generate(@config['gitaly']['configuration'] || {}))
    tls = settings['tls_listen_addr']
    return write('gitaly/config.json', nil) if application? || @config['gitaly']['enable'] == false || tls.nil?

    local = @rails['repositories_storages']
    storages = (settings['storage'] || (local ? [] : [{ 'path' => Instance::REPOSITORIES }])).map { |one| one['path'] }
    write('gitaly/config.json', JSON.generate('listen' => tls, 'certificate' => settings.dig('tls', 'certificate_path'), 'key' => settings.dig('tls', 'key_path'),
                                              'storages' => storages, 'token' => token))
  end

  def token = @rails['gitaly_token'] || JSON.parse(File.read(Instance::SECRETS))['gitlab_rails']['gitaly_token']

  def write_remote
    storage = (@rails['repositories_storages'] || {})['default']
    return write('gitlab-rails/etc/remote.json', nil) unless storage && @rails['redis_host']

    write('gitlab-rails/etc/remote.json', JSON.generate(
      'authorities' => AUTHORITIES, 'gitaly' => { 'address' => storage['gitaly_address'], 'token' => token },
      'redis' => { 'host' => @rails['redis_host'], 'port' => @rails['redis_port'] || 6379, 'ssl' => @rails['redis_ssl'] == true, 'password' => @rails['redis_password'].to_s }
    ))
  end

  # nginx serves here what gitlab.rb adds to it, beside GitLab's own pages, which web.py serves.
  def write_nginx
    more = @config.web_server_settings['custom_nginx_config'] || @config['nginx']['custom_nginx_config']
    FileUtils.mkdir_p("#{Instance::DATA}/nginx/logs") if more
    write('nginx/conf/nginx.conf', more && <<~CONF)
      daemon off;
      user root;
      pid /run/standin-nginx-master.pid;
      error_log stderr;
      events {}
      http {
        access_log off;
        #{%w[client_body proxy fastcgi uwsgi scgi].map { |name| "#{name}_temp_path #{Instance::DATA}/nginx/#{name};" }.join("\n  ")}
        upstream gitlab-workhorse { server unix:#{Instance::DATA}/gitlab-workhorse/sockets/socket fail_timeout=0; }
        #{more}
      }
    CONF
  end
end
