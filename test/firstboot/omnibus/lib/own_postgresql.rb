# frozen_string_literal: true

# The package's own PostgreSQL. It is a real one while it runs alone, with the document that is a JSON file at other times; what is written to it then is not
# written back.
# Not checked: the settings of its own, its upgrades.

require 'fileutils'
require 'json'
require 'open3'

module OwnPostgresql
  FOLDER = '/var/opt/gitlab/postgresql'
  DATA = "#{FOLDER}/data/cluster"
  # the database server's root file system, which has an empty cluster too.
  ROOT = '/usr/lib/omnibus-postgresql/root'
  PROGRAM = ["#{ROOT}/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2", '--library-path', "#{ROOT}/usr/lib/x86_64-linux-gnu", "#{ROOT}/usr/lib/postgresql/17/bin/postgres"].freeze
  UNIT = 'gitlab-postgresql'
  AS_OWNER = %w[setpriv --reuid=gitlab-psql --regid=gitlab-psql --clear-groups].freeze
  # what a dump has to bring along beside the document: another schema, many rows, a sequence that has moved.
  MORE = <<~SQL
    CREATE SCHEMA gitlab_partitions_dynamic;
    CREATE TABLE gitlab_partitions_dynamic.events AS SELECT one AS id FROM generate_series(1, 50000) AS one;
    CREATE SEQUENCE events_id_seq;
    SELECT setval('events_id_seq', 50000);
  SQL

  module_function

  def running? = system('systemctl', 'is-active', '-q', UNIT)

  def start(schema, document)
    return if running?

    abort "fail: #{FOLDER}/data is no cluster" unless File.exist?("#{FOLDER}/data/PG_VERSION")
    FileUtils.rm_rf(DATA)
    FileUtils.cp_r("#{ROOT}/var/lib/postgresql/own", DATA)
    system('chown', '-R', 'gitlab-psql:', DATA) && system('chown', 'gitlab-psql:', FOLDER) && system('chmod', '700', DATA) || abort
    system('systemd-run', '-q', "--unit=#{UNIT}", '--collect', '--uid=gitlab-psql', '--gid=gitlab-psql', '--setenv=LC_ALL=C.UTF-8', *PROGRAM, '-D', DATA, '-k', FOLDER,
           '-c', 'listen_addresses=', '-c', 'fsync=off', '-c', 'jit=off', '-c', 'dynamic_shared_memory_type=mmap') || abort('PostgreSQL does not start')
    3000.times { psql('SELECT 1', 'postgres').last.success? ? break : sleep(0.1) }
    must('CREATE DATABASE gitlabhq_production', 'postgres')
    must("#{schema}; INSERT INTO standin VALUES ($standin$#{document}$standin$); #{MORE}")
  end

  def stop = running? ? system('systemctl', 'stop', UNIT) : true

  def psql(text, database = 'gitlabhq_production')
    Open3.capture2e(*AS_OWNER, '/opt/gitlab/embedded/bin/psql', '-h', FOLDER, '-d', database, '-XAtq', '-v', 'ON_ERROR_STOP=1', '-f', '-', stdin_data: text)
  end

  def must(text, database = 'gitlabhq_production')
    output, status = psql(text, database)
    abort "psql: #{output}" unless status.success?
  end
end
