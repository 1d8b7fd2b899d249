# frozen_string_literal: true

# `gitlab-ctl reconfigure`. What it does in life and not here: chef, services of their own, the time it takes.

require 'net/http'
require 'uri'
require 'yaml'
require_relative 'instance'
require_relative 'gitlab_rb'
require_relative 'roles'
require_relative 'site'

class Reconfigure
  include Instance

  USERS = { 'user' => 'git', 'web_server' => 'gitlab-www', 'redis' => 'gitlab-redis', 'postgresql' => 'gitlab-psql', 'registry' => 'registry',
            'prometheus' => 'gitlab-prometheus' }.freeze
  # those of one machine that has all of GitLab, and those that monitoring adds.
  SERVICES = %w[gitaly gitlab-workhorse nginx postgresql puma redis sidekiq].freeze
  MONITORING = %w[gitlab-exporter node-exporter prometheus].freeze
  COMMON_PASSWORDS = %w[password gitlab 12345678].freeze

  def self.run = new.run

  def run
    puts 'Starting Chef Infra Client'
    abort 'HOME is not set' unless ENV['HOME']
    # directories that its services cannot enter are what a narrow umask makes of it.
    abort "umask is #{File.umask.to_s(8)}" unless File.umask == 0o022
    @config = GitLabRb.read
    @url = URI(@config.single['external_url'])
    @sites = Site.all(@config, @url)
    hold
    make_users
    make_secrets
    write_connection
    @roles = Roles.new(@config)
    @config['gitlab_rails']['auto_migrate'] == false ? own_all : prepare_database
    @roles.write_all
    hold_when('migrated')
    size_services
    write_monitoring
    make_logs
    FileUtils.touch("#{Instance::DATA}/bootstrapped")
    File.write("#{Instance::DATA}/reconfigures", "#{Instance::VERSION}\n", mode: 'a')
    start_services
    expire_first_password
    puts 'gitlab Reconfigured!'
  end

  private

  def prepare_database
    FileUtils.mkdir_p(Instance::DATA)
    File.write("#{Instance::DATA}/migrations", "#{Instance::VERSION}\n", mode: 'a')
    first = External.used? ? External.empty? : !File.exist?(Instance::PG_VERSION)
    first ? init_database : migrate
  end

  # tests hold it here: in the middle, with nothing finished.
  def hold
    hold_when('reconfigure')
    sleep 0.5
    abort 'FATAL: Mixlib::ShellOut::ShellCommandFailed: told to fail' if File.exist?('/run/fail-reconfigure')
  end

  def hold_when(moment)
    while File.exist?("/run/hold-#{moment}")
      FileUtils.touch("/run/held-in-#{moment}")
      sleep 0.1
    end
  end

  # libraries/puma.rb and postgresql's attributes, for a machine without anything else.
  def size_services
    memory = File.read('/proc/meminfo')[/^MemTotal: +(\d+)/, 1].to_i
    workers = @config['puma']['worker_processes'] || [2, [`nproc`.to_i, (memory - (1.5 * 1024 * 1024)).to_i / (1024 * 1024)].min].max
    Instance.write("#{Instance::DATA}/sizes.json", JSON.generate('puma' => workers, 'shared_buffers_mb' => memory / 4 / 1024), 0o600)
  end

  # monitoring's recipes prometheus, node-exporter and gitlab-exporter: what the first scrapes of all that is there are the node and Sidekiq's queues.
  def write_monitoring
    return if @config['prometheus_monitoring']['enable'] == false

    prometheus = @config['prometheus']
    %w[prometheus node-exporter/textfile_collector].each do |name|
      FileUtils.mkdir_p("#{Instance::DATA}/#{name}")
      FileUtils.chown('gitlab-prometheus', nil, "#{Instance::DATA}/#{name}")
    end
    node = { 'job_name' => 'node', 'static_configs' => [{ 'targets' => ['localhost:9100'] }] }
    sidekiq = { 'job_name' => 'gitlab_exporter_sidekiq', 'metrics_path' => '/sidekiq', 'static_configs' => [{ 'targets' => ['localhost:9168'] }] }
    seconds = %w[scrape_interval scrape_timeout].to_h { |name| [name, "#{prometheus[name] || 15}s"] }
    configuration = { 'global' => seconds, 'remote_write' => prometheus['remote_write'] || [], 'rule_files' => prometheus['rules_files'] || [], 'scrape_configs' => [node, sidekiq] }
    Instance.write("#{Instance::DATA}/prometheus/prometheus.yml", JSON.parse(configuration.to_json).to_yaml, 0o644)
  end

  # svlogd's, for each service: what services would say there, nothing says.
  def make_logs
    (SERVICES + (@config['prometheus_monitoring']['enable'] == false ? [] : MONITORING)).each do |service|
      FileUtils.mkdir_p("/var/log/gitlab/#{service}")
      FileUtils.touch("/var/log/gitlab/#{service}/current")
    end
  end

  def make_users
    USERS.each do |section, name|
      uid, gid = @config[section].values_at('uid', 'gid')
      next if system('id', name, out: '/dev/null', err: '/dev/null')

      system('groupadd', '--system', *(gid ? ['--gid', gid.to_s] : []), name) || abort("groupadd #{name}")
      system('useradd', '--system', '--no-create-home', '--gid', name, *(uid ? ['--uid', uid.to_s] : []), name) || abort("useradd #{name}")
    end
  end

  # a fresh file is made without a word where there is none, whatever the database holds.
  def make_secrets
    return if File.exist?(Instance::SECRETS)
    abort "FATAL: there is no #{Instance::SECRETS}, and none is to be made" if @config['package']['generate_default_secrets'] == false

    secrets = { 'gitlab_rails' => { 'db_key_base' => SecureRandom.hex(64), 'secret_key_base' => SecureRandom.hex(64), 'otp_key_base' => SecureRandom.hex(64),
                                    'openid_connect_signing_key' => OpenSSL::PKey::RSA.new(2048).to_pem } }
    Instance.write(Instance::SECRETS, JSON.pretty_generate(secrets), 0o600)
  end

  def own(user, *paths)
    paths.each do |path|
      FileUtils.mkdir_p(path)
      FileUtils.chown(user, user, path) if File.stat(path).uid.zero?
      actual = File.stat(path).uid
      abort "Permission denied: #{path} belongs to #{actual}" unless actual == Etc.getpwnam(user).uid
    end
  end

  def own_all
    require 'etc'
    own('git', Instance::REPOSITORIES, Instance::BACKUPS)
    own('gitlab-psql', "#{Instance::DATA}/postgresql/data") unless External.used?
    own('gitlab-redis', "#{Instance::DATA}/redis") unless @roles.application?
  end

  def write_connection
    return FileUtils.rm_f(External::CONNECTION) unless @config['postgresql']['enable'] == false

    FileUtils.mkdir_p(File.dirname(External::CONNECTION))
    settings = %w[host port username password database sslmode sslrootcert].to_h { |key| [key, @config['gitlab_rails']["db_#{key}"]] }
    Instance.write(External::CONNECTION, JSON.generate(settings), 0o600)
  end

  def write_version
    FileUtils.mkdir_p("#{Instance::DATA}/gitlab-rails")
    File.write("#{Instance::DATA}/gitlab-rails/VERSION", "#{Instance::VERSION}\n")
  end

  def init_database
    own_all
    write_version
    External.used? ? External.create : File.write(Instance::PG_VERSION, Instance.newer_or_same?('18.11') ? "17\n" : "16\n")
    database = { 'id' => SecureRandom.hex(8), 'schema' => Instance::VERSION, 'locale' => ENV['LC_ALL'] || ENV.fetch('LANG', 'C'), 'users' => [], 'runners' => [],
                 'settings' => { 'signup_enabled' => true }, 'background_migrations' => [], 'variables' => {}, 'groups' => [], 'projects' => [] }
    password = ENV['GITLAB_ROOT_PASSWORD'] || @config['gitlab_rails']['initial_root_password']
    if password.nil?
      password = SecureRandom.base64(32)
      Instance.write("#{Instance::ETC}/initial_root_password", "Password: #{password}\n", 0o600)
    end
    weak = password.size < 8 || COMMON_PASSWORDS.include?(password)
    database['users'] << { 'id' => 1, 'username' => 'root', 'admin' => true, 'state' => 'active', 'password' => Digest::SHA256.hexdigest(password) } unless weak
    Instance.save(database)
    # the schema is there by now, so nothing is ever seeded again.
    abort 'FATAL: Could not create the default administrator account: Password must not contain commonly used combinations' if weak
  end

  def migrate
    own_all
    write_version
    # dropped tables come back from a backup alone: a stamp says that they were made.
    Instance.change { |database| change_schema(database) unless database.empty? }
  end

  def change_schema(database)
    abort "PG::UndefinedColumn: the schema is of #{database['schema']}" unless Instance.newer_or_same?(database['schema'])
    return if database['schema'] == Instance::VERSION

    # as Rails does, which takes what it finds in the environment for the migration to stop at.
    abort "Invalid format of target version: `VERSION=#{ENV['VERSION']}`" unless ENV.fetch('VERSION', '').match?(/\A\d*\z/)
    # status 1 is active, 3 finished, 4 failed.
    database['background_migrations'] += [{ 'status' => 1, 'asked_for' => 0 }] * 2
    database['schema'] = Instance::VERSION
  end

  def start_services
    serve = { 'host' => @url.host, 'scheme' => @url.scheme, 'redirect' => @config.web_server_settings['redirect_http_to_https'] == true,
              'mountpoints' => @config['high_availability']['mountpoint'] || [],
              'application' => @roles.application?, 'blackout' => @config['gitlab_rails']['shutdown_blackout_seconds'] || 10 }
    certificate, problem = serves_tls?(@config.web_server_settings, @url) ? prepare_certificate : nil
    serve.merge!('certificate' => certificate) if certificate
    serve['sites'] = @sites.select(&:tls).map { |site| { 'host' => site.host, 'certificate' => certificate_of(site) } }
    serve['registry'] = URI(@config.single['registry_external_url']).port if @config.single['registry_external_url'] && @config['registry']['enable'] != false
    Instance.write("#{Instance::DATA}/nginx.json", JSON.pretty_generate(serve), 0o644)
    File.write("#{Instance::DATA}/gitlab.json", JSON.pretty_generate(@config.single.merge('sections' => sections)), perm: 0o600)
    system('systemctl enable -q gitlab-runsvdir && systemctl restart gitlab-runsvdir') || abort('runsvdir does not start')
    abort problem if problem
  end

  def sections = @config.instance_variable_get(:@sections).transform_values { |section| section.reject { |_, value| value.nil? } }.reject { |_, section| section.empty? }

  def serves_tls?(settings, url) = settings['listen_https'].nil? ? url.scheme == 'https' : settings['listen_https']

  def certificate_of(site)
    return certificate_files if shares_certificate?(site)

    site.certificate.tap do |files|
      missing = files.find { |file| !File.exist?(file) }
      abort "nginx: [emerg] cannot load certificate #{missing}: No such file or directory" if missing
    end
  end

  # LetsEncryptHelper.add_service_alt_name: one plain name, and only while there is no certificate of its own.
  def shares_certificate?(site) = site.tls && site.plain_name && @config['letsencrypt']['enable'] == true && !File.exist?(site.certificate.first)

  def certificate_files
    settings = @config.web_server_settings
    [settings['ssl_certificate'] || "#{Instance::ETC}/ssl/#{@url.host}.crt", settings['ssl_certificate_key'] || "#{Instance::ETC}/ssl/#{@url.host}.key"]
  end

  # [files, problem]: Let's Encrypt is asked after the services run, so a refusal fails a server that works.
  def prepare_certificate
    files = certificate_files
    problem = nil
    if @config['letsencrypt']['enable'] == true
      names = [@url.host, *@sites.select { |site| shares_certificate?(site) }.map(&:host)]
      LetsEncrypt.self_signed(@url.host, files) unless File.exist?(files.first)
      problem = LetsEncrypt.request(names, files) unless LetsEncrypt.fresh?(files.first, names)
    end
    missing = files.reject { |file| File.exist?(file) }
    abort "nginx: [emerg] cannot load certificate #{missing.first}: No such file or directory" if missing.any?
    [files, problem]
  end

  def expire_first_password
    path = "#{Instance::ETC}/initial_root_password"
    File.delete(path) if File.exist?(path) && File.mtime(path) < Time.now - 86_400
  end
end

# An authority that issues whatever it is asked for, or refuses with a message. Not checked: ACME, the challenge on port 80, staging.
module LetsEncrypt
  HOST = 'acme-v02.api.letsencrypt.org'

  module_function

  def self_signed(host, (certificate, key))
    system('openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30', '-subj', "/CN=#{host}", '-keyout', key,
           '-out', certificate, err: '/dev/null')
  end

  # names that changed are ordered anew.
  def fresh?(certificate, names)
    cert = OpenSSL::X509::Certificate.new(File.read(certificate))
    covered = cert.extensions.find { |extension| extension.oid == 'subjectAltName' }&.value.to_s.scan(/DNS:([^,\s]+)/).flatten
    cert.issuer.to_s.include?("Let's Encrypt") && covered.sort == names.sort && cert.not_after > Time.now + (30 * 86_400)
  end

  def request(names, (certificate, key))
    answer = Net::HTTP.start(HOST, 443, use_ssl: true, open_timeout: 60, read_timeout: 60) { |http| http.post('/standin/order', JSON.generate(names: names)) }
    return "FATAL: Acme::Client::Error::RateLimited: #{answer.body}" unless answer.code == '200'

    issued = JSON.parse(answer.body)
    Instance.write(certificate, issued['cert'], 0o644)
    Instance.write(key, issued['key'], 0o600)
    system('systemctl restart gitlab-runsvdir')
    nil
  rescue SystemCallError, SocketError, Timeout::Error => e
    "FATAL: letsencrypt_certificate: #{e.message}"
  end
end
