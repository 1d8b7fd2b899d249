# frozen_string_literal: true

# What a GitLab keeps: its version, its secrets, its database. The package's own database is a JSON file in PostgreSQL's
# directory; on another server it is the same document in a real PostgreSQL (external.rb). What GitLab encrypts is stored with a digest of the key it was
# encrypted with, and cannot be read with another one.
# Not checked: SQL, Redis, object storage, what happens when two machines write at once.

require 'digest'
require 'fileutils'
require 'json'
require 'openssl'
require 'securerandom'
require_relative 'external'

module Instance
  VERSION = JSON.parse(File.read('/opt/gitlab/version-manifest.json'))['build_version']
  EDITION = File.read('/opt/gitlab/edition').strip
  ETC = '/etc/gitlab'
  DATA = '/var/opt/gitlab'
  SECRETS = "#{ETC}/gitlab-secrets.json"
  DATABASE = "#{DATA}/postgresql/data/database.json"
  PG_VERSION = "#{DATA}/postgresql/data/PG_VERSION"
  REPOSITORIES = "#{DATA}/git-data/repositories"
  BACKUPS = "#{DATA}/backups"
  LOCK = '/run/standin-database.lock'

  module_function

  def running? = system('systemctl is-active -q gitlab-runsvdir')

  def newer_or_same?(version, other = VERSION) = Gem::Version.new(other) >= Gem::Version.new(version)

  def write(path, text, mode)
    File.write("#{path}.tmp", text, perm: mode)
    File.chmod(mode, "#{path}.tmp")
    File.rename("#{path}.tmp", path)
  end

  def key = Digest::SHA256.hexdigest(JSON.parse(File.read(SECRETS))['gitlab_rails']['db_key_base'])

  def encrypted(value) = { 'key' => key, 'value' => value }

  def decrypted(stored)
    raise OpenSSL::Cipher::CipherError unless stored['key'] == key

    stored['value']
  end

  def database = External.used? ? External.read : JSON.parse(File.read(DATABASE))

  def save(database) = External.used? ? External.save(database) : write(DATABASE, JSON.generate(database), 0o600)

  # who reads in order to write keeps the others of the machine from it until its end, as transactions do in life.
  def lock = (@lock ||= File.open(LOCK, 'w', 0o600)).flock(File::LOCK_EX)

  def unlock = @lock.flock(File::LOCK_UN)

  def change
    lock
    found = database
    yield found
    save(found)
  ensure
    unlock
  end

  def user(database, name) = database['users'].find { |one| one['username'] == name }
end
