# frozen_string_literal: true

# GitLab's database on another server, by the package's own clients: one document, and views of what scripts ask about.
# Background migrations are finished once somebody has asked for them, however fast or slow the machine is.
# Not checked: what happens when two machines write at once.

require 'json'
require 'open3'

module External
  # what reconfigure writes and everything else reads, as in life.
  CONNECTION = '/var/opt/gitlab/gitlab-rails/etc/database.json'
  BIN = '/opt/gitlab/embedded/bin'
  SCHEMA = <<~SQL
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE EXTENSION IF NOT EXISTS btree_gist;
    CREATE EXTENSION IF NOT EXISTS amcheck;
    CREATE TABLE standin (document jsonb NOT NULL);
    CREATE VIEW projects AS SELECT one->>'full_path' AS path FROM standin, jsonb_array_elements(document->'projects') AS one;
    CREATE VIEW users AS SELECT (one->>'id')::integer AS id, one->>'state' AS state FROM standin, jsonb_array_elements(document->'users') AS one;
    CREATE VIEW ci_runners AS SELECT (one->>'id')::integer AS id, coalesce((one->>'active')::boolean, true) AS active, one->>'description' AS description
      FROM standin, jsonb_array_elements(document->'runners') AS one;
    CREATE VIEW ci_runner_machines AS SELECT (one->>'id')::integer AS runner_id, (one->>'contacted_at')::timestamp AS contacted_at
      FROM standin, jsonb_array_elements(document->'runners') AS one WHERE one ? 'contacted_at';
    CREATE VIEW ci_pending_builds AS SELECT (one#>>'{}')::timestamp AS created_at FROM standin, jsonb_array_elements(coalesce(document->'pending_builds', '[]')) AS one;
    CREATE OR REPLACE FUNCTION migrations() RETURNS SETOF integer LANGUAGE plpgsql AS $asked$
      DECLARE found jsonb;
      BEGIN
        SELECT document->'background_migrations' INTO found FROM public.standin;
        UPDATE public.standin SET document = jsonb_set(document, '{background_migrations}',
          (SELECT jsonb_agg(CASE WHEN one ? 'asked_for' AND one->>'status' = '1' THEN one || '{"status": 3}' ELSE one END) FROM jsonb_array_elements(found) AS one))
          WHERE found <> '[]';
        RETURN QUERY SELECT (one->>'status')::integer FROM jsonb_array_elements(found) AS one;
      END $asked$;
    CREATE OR REPLACE VIEW batched_background_migrations AS SELECT status FROM public.migrations() AS status;
  SQL

  module_function

  def used? = File.exist?(CONNECTION)

  def environment
    settings = JSON.parse(File.read(CONNECTION))
    { 'PGHOST' => 'host', 'PGPORT' => 'port', 'PGUSER' => 'username', 'PGPASSWORD' => 'password', 'PGDATABASE' => 'database', 'PGSSLMODE' => 'sslmode',
      'PGSSLROOTCERT' => 'sslrootcert' }.transform_values { |key| settings[key].to_s }
  end

  def sql(text, *options)
    output, error, status = Open3.capture3(environment, "#{BIN}/psql", '-XAtq', '-v', 'ON_ERROR_STOP=1', *options, '-f', '-', stdin_data: text)
    abort "PG::ConnectionBad: #{error}" unless status.success?
    output.chomp
  end

  def empty? = sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == '0'

  def read = JSON.parse(sql('SELECT document FROM standin'))

  def create = sql(SCHEMA, '--single-transaction')

  def save(database) = sql("DELETE FROM standin; INSERT INTO standin VALUES ($standin$#{JSON.generate(database)}$standin$)", '--single-transaction')

  # a client refuses a server newer than itself, as in life.
  def dump(path) = system(environment, "#{BIN}/pg_dump", '--clean', '--if-exists', '--file', path) || abort('pg_dump failed')

  def drop = sql("SELECT 'DROP TABLE IF EXISTS public.' || quote_ident(tablename) || ' CASCADE' FROM pg_tables WHERE schemaname = 'public' \\gexec")

  # lib/backup/targets/database.rb: the tables go first, and these errors are no failure.
  def load(path)
    drop
    _, error, = Open3.capture3(environment, "#{BIN}/psql", '-XAtq', '-f', path)
    wrong = error.lines.grep(/ERROR:/).grep_v(/must be owner of|does not exist|because other objects depend on it|already exists/)
    abort "Restoring PostgreSQL database failed: #{wrong.join}" if wrong.any?
  end
end
