# frozen_string_literal: true

# GitLab's Redis: whether it runs, and a file that holds what it does.

require 'fileutils'
require '/opt/gitlab/embedded/standin/instance'

module Redis
  RUNS = '/run/gitlab-redis'
  DUMP = "#{Instance::DATA}/redis/dump.rdb"
  SOCKET = "#{Instance::DATA}/redis/redis.socket"

  module_function

  def start = FileUtils.touch(RUNS)

  def stop = FileUtils.rm_f(RUNS)

  def running? = File.exist?(RUNS) || Instance.running?

  def kept? = File.exist?(DUMP) && File.binread(DUMP, 5) == 'REDIS'

  def empty = FileUtils.rm_f(DUMP)
end
