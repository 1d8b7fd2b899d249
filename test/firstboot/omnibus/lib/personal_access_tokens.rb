# frozen_string_literal: true

# What somebody calls GitLab's API with. Not checked: scopes, the day of expiry, organisations.

require 'date'
require 'digest'

class PersonalAccessToken
  attr_reader :token

  def initialize(user, name, expires_at)
    raise RecordInvalid, "Validation failed: Expiration date can't be blank" unless expires_at.is_a?(Date)

    @token = "glpat-#{SecureRandom.alphanumeric(20)}"
    (DATABASE['personal_access_tokens'] ||= []) << { 'user' => user.username, 'name' => name, 'digest' => Digest::SHA256.hexdigest(@token) }
    Store.save
  end
end

class User
  # what Active Record makes of an association, as far as it goes.
  Tokens = Struct.new(:user) { def create!(name:, scopes:, expires_at: nil) = scopes.any? && PersonalAccessToken.new(user, name, expires_at) }

  def personal_access_tokens = Tokens.new(self)
end
