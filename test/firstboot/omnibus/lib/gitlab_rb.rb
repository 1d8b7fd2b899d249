# frozen_string_literal: true

# Reads gitlab.rb: methods for single keys, sections for all others. Removed keys stop it; keys that a version does not know are not looked at.
class GitLabRb
  REMOVED = { 'git_data_dirs' => '18.0', 'mattermost' => '19.0', 'mattermost_external_url' => '20.0', 'spamcheck' => '19.0' }.freeze

  attr_reader :single

  def self.read(path = '/etc/gitlab/gitlab.rb')
    new.tap { |config| config.instance_eval(File.read(path), path) }
  end

  def initialize
    @sections = Hash.new { |hash, name| hash[name] = Hash.new { |section, key| section[key] = nested(key) } }
    @single = {}
  end

  # gitlab_rails['nginx']['key'] = … and the like are the only sections within sections.
  def nested(key) = key == 'nginx' ? {} : nil

  def method_missing(name, *values)
    since = REMOVED[name.to_s]
    abort "Removed configurations found in gitlab.rb. Aborting reconfigure.\n* #{name} has been removed in #{since}" if since && Instance.newer_or_same?(since)
    return @sections[name.to_s] if values.empty?

    @single[name.to_s] = values.first
  end

  def respond_to_missing?(*) = true

  def [](section) = @sections[section]

  # Since 19.2 what nginx serves GitLab's own pages with is below gitlab_rails, and the old keys still work; before, the new ones are nobody's.
  # Not named nginx, which is what gitlab.rb calls.
  def web_server_settings
    old = @sections['nginx'].reject { |_, value| value.nil? }
    Instance.newer_or_same?('19.2') ? old.merge(@sections['gitlab_rails']['nginx']) : old
  end

  # The same of another site, such as that of Pages.
  def site_settings(old_section, section)
    old = @sections[old_section].reject { |_, value| value.nil? }
    Instance.newer_or_same?('19.2') ? old.merge(@sections[section]['nginx']) : old
  end
end
