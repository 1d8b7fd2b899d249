# frozen_string_literal: true

# Read by GitLab's Rails from standard input, after WANTED (settings, runners) and SET_BEFORE (names of settings).
# What the script is to know goes out on lines that begin with `gitlab-server:`.

def tell(kind, *words)
  puts "gitlab-server:#{[kind, *words].join(' ')}"
end

# The maintenance note is the one text of a runner that nothing else depends on; the description is people's.
def marker_of(runner)
  "[cdktf-azure-gitlab #{Digest::SHA256.hexdigest(runner['marker'])[0, 32]} #{runner['tokenSecretName']}]"
end

def note_of(runner)
  "Made by the stack that made this server, and found again by this note. #{marker_of(runner)}"
end

MARKER = /\[cdktf-azure-gitlab ([0-9a-f]{32}) (\S+)\]/

def apply_settings
  once = WANTED['settings']['once'].reject { |name, _| SET_BEFORE.include?(name) }
  wanted = once.merge(WANTED['settings']['always'])
  model = ApplicationSetting.new
  known, unknown = wanted.partition { |name, _| model.respond_to?("#{name}=") }.map(&:to_h)
  tell(:note, "this GitLab does not have the settings #{unknown.keys.join(', ')}; they are left out") if unknown.any?
  Gitlab::CurrentSettings.update!(known) if known.any?
  once.each_key { |name| tell(:once, name) }
end

def attributes_of(runner)
  {
    description: runner['description'],
    tag_list: runner['tags'],
    run_untagged: runner['runUntagged'],
    locked: runner['locked'],
    access_level: runner['accessLevel'],
    maximum_timeout: runner['maximumTimeoutSeconds'],
    maintenance_note: note_of(runner),
  }
end

def create(wanted, administrator)
  params = attributes_of(wanted).merge(runner_type: 'instance_type', paused: wanted['paused'])
  answer = Ci::Runners::CreateRunnerService.new(user: administrator, params: params).execute
  raise answer.errors.join(', ') unless answer.success?

  answer.payload[:runner]
end

def update(runner, wanted)
  runner.update!(attributes_of(wanted).merge(active: !wanted['paused']))
  runner.tick_runner_queue
end

def apply_runners(administrator)
  ours = Ci::Runner.where('maintenance_note LIKE ?', '%[cdktf-azure-gitlab %').order(:id).to_a
    .select { |runner| runner.maintenance_note.match?(MARKER) }
  kept = WANTED['runners'].map do |wanted|
    runner = ours.find { |one| one.maintenance_note[MARKER, 1] == marker_of(wanted)[MARKER, 1] }
    runner ? update(runner, wanted) : runner = create(wanted, administrator)
    raise "#{wanted['description']}: GitLab gave no authentication token" unless runner.token.to_s.match?(/glrt-[A-Za-z0-9_.-]+/)
    raise "#{wanted['description']}: its token expires at #{runner.token_expires_at}" if runner.token_expires_at

    tell(:token, wanted['tokenSecretName'], runner.token)
    runner.id
  end
  remove(ours.reject { |runner| kept.include?(runner.id) })
end

# Runners that the stack no longer has: their tokens must not be of use to anybody any more.
def remove(runners)
  names = WANTED['runners'].map { |wanted| wanted['tokenSecretName'] }
  runners.each do |runner|
    name = runner.maintenance_note[MARKER, 2]
    runner.destroy!
    tell(:note, "the runner #{runner.id} (#{runner.description.to_s.tr("\n", ' ')[0, 80]}) is removed")
    tell(:removed, name) unless names.include?(name)
  end
end

def run
  if Gitlab::CurrentSettings.runner_token_expiration_interval
    return tell(:problem, 'GitLab is set to let runner tokens expire, and a runner with a fixed configuration dies with its token; ' \
                          'clear Admin, Settings, CI/CD, Runners expiration, then run this step again')
  end

  administrator = User.admins.active.order(:id).first
  return tell('no-administrator') unless administrator

  apply_settings
  apply_runners(administrator)
  tell(:done)
rescue StandardError => e
  tell(:problem, "GitLab refuses its settings or runners: #{e.message.lines.first.to_s.strip[0, 300]} (#{e.class}); change them, then run this step again")
end

# outside of a web request, what is cached for one request has nowhere to be.
Gitlab::SafeRequestStore.ensure_request_store { run }
