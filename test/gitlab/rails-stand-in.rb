# frozen_string_literal: true

# The few classes of GitLab's Rails that runners.rb touches, over a "database" in JSON on standard input.
# It does not check permissions, validations other than a description, or what GitLab does with a setting.
# Prints what runners.rb printed, and the database afterwards as the last line.

require 'digest'
require 'json'

state = JSON.parse($stdin.read)
DATABASE = state['database']
WANTED = state['wanted']
SET_BEFORE = state['setBefore']

class Row
  FIELDS = %w[id description tag_list run_untagged locked access_level maximum_timeout maintenance_note active token token_expires_at].freeze
  attr_accessor(*FIELDS)

  def initialize(values = {})
    values.each { |name, value| public_send("#{name}=", value) }
  end

  def update!(values)
    values.each { |name, value| public_send("#{name}=", value) }
    DATABASE['runners'].reject! { |row| row['id'] == id }
    DATABASE['runners'] << FIELDS.to_h { |field| [field, public_send(field)] }
  end

  def destroy!
    DATABASE['runners'].reject! { |row| row['id'] == id }
  end

  def tick_runner_queue; end
end

module Ci
  class Runner < Row
    def self.where(condition, pattern)
      raise condition unless condition == 'maintenance_note LIKE ?'

      needle = pattern.delete('%')
      rows = DATABASE['runners'].select { |row| row['maintenance_note'].to_s.include?(needle) }
      Struct.new(:rows) { def order(*) = rows.sort_by { |row| row['id'] }.map { |row| Runner.new(row) } }.new(rows)
    end
  end

  module Runners
    class CreateRunnerService
      def initialize(user:, params:)
        raise 'not an administrator' unless user == 'root'
        raise params[:runner_type] unless params[:runner_type] == 'instance_type'

        @params = params
      end

      def execute
        id = (DATABASE['runners'].map { |row| row['id'] }.max || 0) + 1
        good = @params[:description] != 'refused'
        runner = Runner.new(id: id, token: "glrt-secret#{id}")
        runner.update!(@params.except(:runner_type, :paused).merge(active: !@params[:paused])) if good
        Struct.new(:payload, :errors, :success?).new({ runner: runner }, ['Description is refused'], good)
      end
    end
  end
end

class ApplicationSetting
  attr_accessor :signup_enabled, :minimum_password_length
end

module Gitlab
  module CurrentSettings
    def self.runner_token_expiration_interval = DATABASE['expiry']
    def self.update!(values) = DATABASE['settings'].merge!(values)
  end

  module SafeRequestStore
    def self.ensure_request_store = yield
  end
end

class User
  def self.admins = self
  def self.active = self
  def self.order(*) = [DATABASE['administrator']]
end

load ARGV.first
puts JSON.generate(DATABASE)
