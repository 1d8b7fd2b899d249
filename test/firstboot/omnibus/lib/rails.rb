# frozen_string_literal: true

# The classes of GitLab's Rails on a machine: models.rb over the database of the instance.

require_relative 'instance'

abort 'PG::ConnectionBad: the database is down' unless Instance.running?
Instance.lock
DATABASE = Instance.database

module Store
  def self.save = Instance.save(DATABASE)
  def self.encrypted(value) = Instance.encrypted(value)
  def self.decrypted(stored) = Instance.decrypted(stored)
end

require_relative 'models'
require_relative 'personal_access_tokens'
