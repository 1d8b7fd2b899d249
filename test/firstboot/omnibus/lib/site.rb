# frozen_string_literal: true

require 'uri'
require_relative 'instance'

# A site that nginx serves beside GitLab's own pages: whether by TLS, with which files, and whether it has one plain name, which may be in GitLab's
# certificate too. Not checked: a registry that has GitLab's own name has its files.
class Site
  attr_reader :host, :tls, :plain_name

  # The registry, the agent server for Kubernetes and Pages, as far as they have a name that is not GitLab's.
  def self.all(config, gitlab)
    [['registry', 'registry', config['registry']['enable'] != false], ['gitlab_kas', 'gitlab_kas', config['gitlab_kas']['enable'] != false],
     ['pages', 'gitlab_pages', config['gitlab_pages']['namespace_in_path'] == true]].filter_map do |name, section, flag|
      url = config.single["#{name}_external_url"] && URI(config.single["#{name}_external_url"])
      next if url.nil? || url.host == gitlab.host || (name != 'pages' && !flag)

      new(url, config.site_settings("#{name}_nginx", section), flag)
    end
  end

  def initialize(url, settings, plain_name)
    @host = url.host
    @settings = settings
    @tls = settings['listen_https'].nil? ? %w[https wss].include?(url.scheme) : settings['listen_https']
    @plain_name = plain_name
  end

  def certificate = [@settings['ssl_certificate'] || "#{Instance::ETC}/ssl/#{@host}.crt", @settings['ssl_certificate_key'] || "#{Instance::ETC}/ssl/#{@host}.key"]
end
