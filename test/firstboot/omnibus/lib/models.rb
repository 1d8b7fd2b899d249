# frozen_string_literal: true

# Users, groups, projects and runners of GitLab's Rails as far as programs for runners touch them, over DATABASE (tables of rows, by the columns' names).
# Who may do what is GitLab's, app/policies/ci/runner_policy.rb: administrators everything, owners of a group and maintainers of a project what
# concerns its runners. Store.save keeps a change; Store.encrypted and Store.decrypted are for tokens.
# Not checked: roles below those, membership by way of a parent group, organisations, expiry by group or project, Enterprise Edition's custom roles.

require 'securerandom'

# What Active Record offers of a table.
class Relation
  include Enumerable

  def initialize(model, rows) = (@model, @rows = model, rows)

  def each(&) = @rows.map { |row| @model.new(row) }.each(&)

  # conditions in a Hash know the aliases of columns; SQL does not.
  def where(conditions = nil, pattern = nil)
    return like(conditions, pattern) if conditions.is_a?(String)

    wanted = conditions.transform_keys { |name| @model.column(name) }
    Relation.new(@model, @rows.select { |row| wanted.all? { |name, value| row[name] == value } })
  end

  def order(name) = Relation.new(@model, @rows.sort_by { |row| row[name.to_s] })

  def find_by(conditions) = where(conditions).first

  private

  def like(sql, pattern)
    column = sql[/\A(\w+) LIKE \?\z/, 1] or raise "stand-in: #{sql}"
    raise "PG::UndefinedColumn: ERROR:  column \"#{column}\" does not exist" unless @model::COLUMNS.include?(column)

    part = Regexp.new("\\A#{pattern.split('%', -1).map { |text| Regexp.escape(text) }.join('.*')}\\z", Regexp::MULTILINE)
    Relation.new(@model, @rows.select { |row| part.match?(row[column].to_s) })
  end
end

# One row of a table.
class Row
  class << self
    def all = Relation.new(self, DATABASE[self::TABLE] ||= [])
    def where(...) = all.where(...)
    def find_by(...) = all.find_by(...)
    def column(name) = (self::ALIASES[name.to_s] || name.to_s).tap { |found| raise "stand-in: no column #{found}" unless self::COLUMNS.include?(found) }

    def columns(*names, **aliases)
      const_set(:COLUMNS, names.map(&:to_s))
      const_set(:ALIASES, aliases.to_h { |name, column| [name.to_s, column.to_s] })
      (names + aliases.keys).each do |name|
        define_method(name) { @row[self.class.column(name)] }
        define_method("#{name}=") { |value| @row[self.class.column(name)] = value }
      end
    end
  end

  def initialize(row = {}) = @row = row.dup

  def stored = DATABASE[self.class::TABLE].find { |row| row['id'] == id }

  def persisted? = !id.nil?
end

class User < Row
  TABLE = 'users'
  columns :id, :username, :admin, :state, :password, :second_factor, :user_type

  # of app/models/concerns/has_user_type.rb; the column is not null, 0 (human) by default.
  NON_INTERNAL_USER_TYPES = %w[human project_bot service_user service_account].freeze

  def self.admins = where(admin: true)

  def user_type = @row['user_type'] || 'human'

  def admin? = admin == true

  def active? = state == 'active'

  def blocked_pending_approval? = state == 'blocked_pending_approval'

  # the state machine's event; of its transitions those from states that are blocked by GitLab alone.
  def activate!
    raise StateMachines::InvalidTransition, "Cannot transition state via :activate from :#{state}" unless %w[deactivated blocked blocked_pending_approval].include?(state)

    update!(state: 'active')
  end

  def update!(values)
    values.each { |name, value| public_send("#{name}=", value) }
    stored.merge!(@row)
    Store.save
  end

  def can?(ability, subject = nil)
    return true if admin? && %i[create_instance_runners create_runners update_runner delete_runner read_note].include?(ability)

    owner = subject.is_a?(Ci::Runner) ? subject.owner : subject
    owner.respond_to?(:members) && owner.members.include?(username)
  end
end

# `active` leaves out what GitLab makes for itself, such as the admin bot; `human` is the scope that Rails makes of the enum's value.
Relation.class_eval do
  def active = where(state: 'active').with_types(User::NON_INTERNAL_USER_TYPES)

  def human = with_types(%w[human])

  def with_types(types) = Relation.new(@model, @rows.select { |row| types.include?(@model.new(row).user_type) })
end

module StateMachines
  class InvalidTransition < StandardError; end
end

# Whom a provider knows a user as. An id is the same in capitals.
class Identity < Row
  TABLE = 'identities'
  columns :id, :provider, :extern_uid, :user_id

  def self.with_extern_uid(provider, uid)
    Relation.new(self, (DATABASE[self::TABLE] ||= []).select { |row| row['provider'] == provider && row['extern_uid'].to_s.casecmp?(uid.to_s) })
  end

  def user = User.find_by(id: user_id)
end

# A group's owners and a project's maintainers are its members here.
class Routable < Row
  def self.find_by_full_path(path) = all.find { |one| one.full_path.casecmp?(path) }
end

class Group < Routable
  TABLE = 'groups'
  columns :id, :full_path, :members
end

class Project < Routable
  TABLE = 'projects'
  columns :id, :full_path, :members
end

class RecordInvalid < StandardError; end

module Ci
  class Runner < Row
    TABLE = 'runners'
    columns :id, :description, :tag_list, :run_untagged, :locked, :access_level, :maximum_timeout, :maintainer_note, :active, :token, :token_expires_at, :created_at,
            :runner_type, :registration_type, :creator_id, :owner_id, maintenance_note: :maintainer_note

    def token = Store.decrypted(@row['token'])

    def created_at = Time.at(@row['created_at'])

    def creator = creator_id && User.find_by(id: creator_id)

    def owner
      case runner_type
      when 'instance_type' then creator
      when 'group_type' then Group.find_by(id: owner_id)
      when 'project_type' then Project.find_by(id: owner_id)
      end
    end

    def problem
      return 'Tags list can not be empty when runner is not allowed to pick untagged jobs' if !run_untagged && Array(tag_list).empty?
      return 'Maximum timeout needs to be at least 10 minutes' if maximum_timeout && maximum_timeout < 600
      return 'Maintenance note is too long (maximum is 1024 characters)' if maintenance_note.to_s.size > 1024
      return 'Description is too long (maximum is 1024 characters)' if description.to_s.size > 1024

      'Access level is not included in the list' unless %w[not_protected ref_protected].include?(access_level)
    end

    def assign(values) = values.each { |name, value| public_send("#{name}=", value) }

    def update!(values)
      assign(values)
      raise RecordInvalid, "Validation failed: #{problem}" if problem

      stored.merge!(@row)
      Store.save
    end

    # the sequence goes on where it was, also after runners are gone.
    def insert
      self.id = DATABASE['next_runner'] = [DATABASE['next_runner'].to_i, *DATABASE['runners'].map { |row| row['id'] }].max + 1
      @row.merge!('created_at' => Time.now.to_i)
      reset_token
      DATABASE['runners'] << @row.dup
      Store.save
    end

    def reset_token
      @row['token'] = Store.encrypted("glrt-#{SecureRandom.alphanumeric(20)}")
      return unless stored

      stored['token'] = @row['token']
      Store.save
    end

    def destroy!
      DATABASE['runners'].reject! { |row| row['id'] == id }
      Store.save
    end

    def tick_runner_queue; end
  end

  module Runners
    class CreateRunnerService
      ABILITIES = { 'instance_type' => :create_instance_runners, 'group_type' => :create_runners, 'project_type' => :create_runners }.freeze
      OWNERS = { 'group_type' => Group, 'project_type' => Project }.freeze
      Answer = Struct.new(:payload, :errors) { def success? = errors.empty? }

      def initialize(user:, params:)
        @user = user
        @params = params.dup
        @type = @params[:runner_type]
        @scope = @params.delete(:scope)
        raise NoMethodError, "undefined method 'new' for nil" unless ABILITIES.key?(@type)
      end

      def execute
        error = refusal
        return Answer.new({}, [error]) if error

        runner = Ci::Runner.new('registration_type' => 'authenticated_user', 'creator_id' => @user.id, 'owner_id' => @scope&.id, 'access_level' => 'not_protected',
                                'run_untagged' => true, 'locked' => false, 'active' => @params[:paused] != true)
        runner.assign(@params.except(:paused))
        return Answer.new({}, [runner.problem]) if runner.problem

        runner.insert
        Answer.new({ runner: runner }, [])
      end

      private

      def refusal
        wanted = OWNERS[@type]
        return 'Unexpected scope' if wanted.nil? && @scope
        return "Missing/invalid #{wanted.name.downcase}" if wanted && !@scope.is_a?(wanted)

        'Insufficient permissions' unless @user.can?(ABILITIES[@type], @scope)
      end
    end
  end
end

class ApplicationSetting
  NAMES = %i[signup_enabled default_project_visibility default_group_visibility default_snippet_visibility restricted_visibility_levels admin_mode
             require_admin_two_factor_authentication throttle_unauthenticated_enabled throttle_unauthenticated_api_enabled throttle_protected_paths_enabled
             password_authentication_enabled_for_web password_authentication_enabled_for_git minimum_password_length rsa_key_restriction dsa_key_restriction import_sources allow_runner_registration_token
             ci_job_live_trace_enabled authorized_keys_enabled].freeze
  attr_accessor(*NAMES)
end

module Gitlab
  module CurrentSettings
    def self.runner_token_expiration_interval = DATABASE['runner_token_expiration_interval']

    def self.update!(values)
      unknown = values.keys.map(&:to_sym) - ApplicationSetting::NAMES
      raise NoMethodError, "undefined method #{unknown.first}=" if unknown.any?

      DATABASE['settings'].merge!(values.transform_keys(&:to_s))
      Store.save
    end
  end

  module SafeRequestStore
    def self.ensure_request_store = yield
  end
end
