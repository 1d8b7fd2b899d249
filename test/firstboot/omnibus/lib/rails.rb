# frozen_string_literal: true

# The classes of GitLab's Rails that programs for its runner touch, with the validations that GitLab documents.
# Not checked: what a setting does, permissions beyond "an administrator", projects and groups.

require_relative 'instance'

abort 'PG::ConnectionBad: the database is down' unless Instance.running?
DATABASE = Instance.database

class ApplicationRecordInvalid < StandardError; end

class Row
  FIELDS = %w[id description tag_list run_untagged locked access_level maximum_timeout maintenance_note active token_expires_at].freeze
  attr_accessor(*FIELDS)

  def initialize(values = {})
    values.each { |name, value| public_send("#{name}=", value) if FIELDS.include?(name.to_s) }
  end

  def stored = DATABASE['runners'].find { |row| row['id'] == id }

  def token = Instance.decrypted(stored['token'])

  def problem
    return "Tags list can not be empty when runner is not allowed to pick untagged jobs" if !run_untagged && Array(tag_list).empty?
    return 'Maximum timeout needs to be at least 10 minutes' if maximum_timeout && maximum_timeout < 600
    return 'Maintenance note is too long (maximum is 1024 characters)' if maintenance_note.to_s.size > 1024
    return 'Description is too long (maximum is 1024 characters)' if description.to_s.size > 1024

    'Access level is not included in the list' unless %w[not_protected ref_protected].include?(access_level)
  end

  def update!(values)
    values.each { |name, value| public_send("#{name}=", value) }
    raise ApplicationRecordInvalid, "Validation failed: #{problem}" if problem

    stored.merge!(FIELDS.to_h { |field| [field, public_send(field)] })
    Instance.save(DATABASE)
  end

  def destroy!
    DATABASE['runners'].reject! { |row| row['id'] == id }
    Instance.save(DATABASE)
  end

  def tick_runner_queue; end
end

module Ci
  class Runner < Row
    def self.where(condition, pattern)
      raise "stand-in: #{condition}" unless condition == 'maintenance_note LIKE ?'

      part = Regexp.new(pattern.split('%', -1).map { |text| Regexp.escape(text) }.join('.*'), Regexp::MULTILINE)
      rows = DATABASE['runners'].select { |row| part.match?(row['maintenance_note'].to_s) }
      Struct.new(:rows) { def order(*) = rows.sort_by { |row| row['id'] }.map { |row| Runner.new(row) } }.new(rows)
    end
  end

  module Runners
    class CreateRunnerService
      def initialize(user:, params:)
        raise 'not an administrator' unless user.is_a?(Hash) && user['admin']

        @params = params
      end

      def execute
        raise "stand-in: #{@params[:runner_type]}" unless @params[:runner_type] == 'instance_type'

        runner = Runner.new(@params.except(:runner_type, :paused).merge(active: !@params[:paused]))
        if runner.problem.nil?
          runner.id = DATABASE['next_runner'] = DATABASE['next_runner'].to_i + 1
          DATABASE['runners'] << { 'id' => runner.id, 'token' => Instance.encrypted("glrt-#{SecureRandom.alphanumeric(20)}") }
          runner.update!({})
        end
        Struct.new(:payload, :errors, :success?).new({ runner: runner }, [runner.problem], runner.problem.nil?)
      end
    end
  end
end

class ApplicationSetting
  NAMES = %i[signup_enabled default_project_visibility default_group_visibility default_snippet_visibility restricted_visibility_levels admin_mode
             require_admin_two_factor_authentication throttle_unauthenticated_enabled throttle_unauthenticated_api_enabled throttle_protected_paths_enabled
             minimum_password_length rsa_key_restriction dsa_key_restriction import_sources allow_runner_registration_token].freeze
  attr_accessor(*NAMES)
end

module Gitlab
  module CurrentSettings
    def self.runner_token_expiration_interval = DATABASE['runner_token_expiration_interval']

    def self.update!(values)
      unknown = values.keys.map(&:to_sym) - ApplicationSetting::NAMES
      raise NoMethodError, "undefined method #{unknown.first}=" if unknown.any?

      DATABASE['settings'].merge!(values.transform_keys(&:to_s))
      Instance.save(DATABASE)
    end
  end

  module SafeRequestStore
    def self.ensure_request_store = yield
  end
end

class User
  def self.admins = self
  def self.active = self
  def self.order(*) = DATABASE['users'].select { |user| user['admin'] && user['state'] == 'active' }
end
