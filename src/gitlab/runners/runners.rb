# frozen_string_literal: true

# Read by GitLab's Rails from standard input, after WANTED (settings, runners), SET_BEFORE (names of settings), KEY (for the marks in notes) and
# LISTED (lines about the runners that earlier runs made, nil if none has kept a list).
# What the script is to know goes out on lines that begin with `gitlab-server:`.
#
# Whoever has a project can make runners there and write whatever he likes into their notes, so no note makes a runner ours. The list does, which
# only root can write, together with what nobody can change of a runner: its id, when it was made, whom it serves.
module GitLabServer
  Runner = Struct.new(:marker, :secret, :id, :created, :type, :owner, :path)

  # Whose jobs a runner takes: everybody's, or those of a group or project. GitLab cannot change it later.
  Scope = Struct.new(:type, :owner, :path)
  INSTANCE = Scope.new('instance_type', 0, '-').freeze

  # In the notes of earlier releases, which kept no list.
  EARLIER_MARK = /\[cdktf-azure-gitlab ([0-9a-f]{32}) (runner-token-[a-z0-9-]{0,60}-[0-9a-f]{8})\]/

  module_function

  def tell(kind, *words)
    puts "gitlab-server:#{[kind, *words].join(' ')}"
  end

  def reason(error) = "#{error.message.lines.first.to_s.strip[0, 300]} (#{error.class})"

  def name_of(wanted) = wanted['description'].to_s.tr("\n", ' ')[0, 80]

  def apply_settings
    once = WANTED['settings']['once'].reject { |name, _| SET_BEFORE.include?(name) }
    wanted = once.merge(WANTED['settings']['always'])
    model = ApplicationSetting.new
    known, unknown = wanted.partition { |name, _| model.respond_to?("#{name}=") }.map(&:to_h)
    tell(:note, "this GitLab does not have the settings #{unknown.keys.join(', ')}; they are left out") if unknown.any?
    Gitlab::CurrentSettings.update!(known) if known.any?
    once.each_key { |name| tell(:once, name) }
  end

  def listed
    @listed ||= LISTED ? LISTED.map { |line| Runner.new(*line.split).tap { |one| %i[id created owner].each { |name| one[name] = one[name].to_i } } } : noted
  end

  # Only administrators can make runners for the whole instance with such a token, and read or write their notes. Of several with one mark the
  # first is the one that its release took, and whose token is in use.
  def noted
    Ci::Runner.where(runner_type: 'instance_type', registration_type: 'authenticated_user').order(:id).filter_map do |runner|
      digest, secret = runner.maintenance_note.to_s.match(EARLIER_MARK)&.captures
      next unless digest

      wanted = WANTED['runners'].find { |one| Digest::SHA256.hexdigest(one['marker'])[0, 32] == digest }
      describe(wanted ? wanted['marker'] : "cdktf-azure-gitlab:#{digest}", secret, runner, INSTANCE)
    end.uniq(&:marker)
  end

  def describe(marker, secret, runner, scope)
    Runner.new(marker, secret, runner.id, runner.created_at.to_i, scope.type, scope.owner, scope.path)
  end

  # The runner of a line of the list, if it still is that one: after a restore its id may be somebody else's.
  def runner_of(line)
    runner = Ci::Runner.find_by(id: line.id)
    runner if runner && runner.runner_type == line.type && runner.created_at.to_i == line.created
  end

  def owner_of(runner) = runner.runner_type == 'instance_type' ? 0 : runner.owner&.id

  def scope_of(wanted, line)
    return INSTANCE unless wanted['scope']

    type, path = wanted['scope'].values_at('type', 'path')
    kind, model = type == 'group_type' ? ['group', Group] : ['project', Project]
    found = model.find_by_full_path(path)
    earlier = line if line && line.type == type && line.path.casecmp?(path)
    refuse_absent(wanted, kind, path, earlier && model.find_by(id: earlier.owner)) unless found
    # a path that its owner gave up can be taken by anybody.
    raise "the #{kind} \"#{path}\" is another one than this runner was made for; if that is meant, take the runner out of the program, apply, and put it back" \
      if earlier && earlier.owner != found.id

    Scope.new(type, found.id, found.full_path)
  end

  def refuse_absent(wanted, kind, path, moved)
    raise "the #{kind} \"#{path}\" is at \"#{moved.full_path}\" now; change runnerScope to that, then apply" if moved

    raise "there is no #{kind} \"#{path}\" on this server; make it in GitLab or mend the path in runnerScope, then run this step again"
  end

  def note_of(wanted, scope)
    mark = OpenSSL::HMAC.hexdigest('SHA256', KEY, [wanted['marker'], scope.type, scope.owner].join(' '))[0, 32]
    "Made by the stack that made this server. [cdktf-azure-gitlab #{mark}]"
  end

  def attributes_of(wanted, scope)
    {
      description: wanted['description'],
      tag_list: wanted['tags'],
      run_untagged: wanted['runUntagged'],
      locked: wanted['locked'],
      access_level: wanted['accessLevel'],
      maximum_timeout: wanted['maximumTimeoutSeconds'],
      maintenance_note: note_of(wanted, scope),
    }
  end

  def create(wanted, scope, administrator)
    owner = { 'group_type' => Group, 'project_type' => Project }[scope.type]&.find_by(id: scope.owner)
    params = attributes_of(wanted, scope).merge(runner_type: scope.type, paused: wanted['paused'])
    params[:scope] = owner if owner
    answer = Ci::Runners::CreateRunnerService.new(user: administrator, params: params).execute
    raise "GitLab refuses it: #{Array(answer.errors).join(', ')}; change it, then run this step again" unless answer.success?

    answer.payload[:runner]
  end

  def update(runner, wanted, scope)
    runner.update!(attributes_of(wanted, scope).merge(active: !wanted['paused']))
    runner.tick_runner_queue
    runner
  end

  def find(wanted, scope, line)
    runner = runner_of(line) if line && [line.type, line.owner] == [scope.type, scope.owner]
    return runner if runner && owner_of(runner) == scope.owner

    # made by a run that was cut off before it kept its list. The key is root's, but a note can be copied where it can be read.
    Ci::Runner.where(runner_type: scope.type, maintenance_note: note_of(wanted, scope)).order(:id).find do |one|
      one.registration_type == 'authenticated_user' && one.creator&.admin? && owner_of(one) == scope.owner
    end
  end

  # What becomes of one runner does not depend on the others.
  def apply_runner(wanted, administrator)
    line = listed.find { |one| one.marker == wanted['marker'] }
    scope = scope_of(wanted, line)
    runner = find(wanted, scope, line)
    runner = runner ? update(runner, wanted, scope) : create(wanted, scope, administrator)
    check_token(runner)
    describe(wanted['marker'], wanted['tokenSecretName'], runner, scope).tap do |made|
      tell(:listed, *made)
      tell(:token, made.marker, runner.token)
    end
  rescue StandardError => e
    why = e.is_a?(RuntimeError) ? e.message : "#{reason(e)}; mend that, then run this step again"
    tell(:problem, "the runner #{name_of(wanted)} is not set: #{why}")
    nil
  end

  def check_token(runner)
    raise 'GitLab gave no authentication token; delete it in GitLab, then run this step again' unless runner.token.to_s.match?(/glrt-[A-Za-z0-9_.-]+/)
    return unless runner.token_expires_at

    raise "its token expires at #{runner.token_expires_at}; clear that in the settings of its group or project, delete it in GitLab, then run this step again"
  end

  def apply_runners(administrator)
    made = WANTED['runners'].to_h { |wanted| [wanted['marker'], apply_runner(wanted, administrator)] }
    listed.each do |line|
      successor = made[line.marker]
      next if successor&.id == line.id

      # an earlier one serves until there is another.
      made.key?(line.marker) && successor.nil? ? tell(:listed, *line) : remove(line)
    end
  end

  # The token of a runner that the stack no longer has must not be of use to anybody any more.
  def remove(line)
    # a note alone removes nothing: it makes a list first, and the next run of this program goes by that.
    if LISTED.nil?
      tell(:listed, *line)
      return tell(:again)
    end
    runner = runner_of(line) or return
    runner.destroy!
    tell(:note, "the runner #{line.id} (#{runner.description.to_s.tr("\n", ' ')[0, 80]}) is removed")
  rescue StandardError => e
    tell(:listed, *line)
    tell(:problem, "the runner #{line.id} is not removed: #{reason(e)}")
  end

  def run
    if Gitlab::CurrentSettings.runner_token_expiration_interval
      return tell(:problem, 'GitLab is set to let runner tokens expire, and a runner with a fixed configuration dies with its token; ' \
                            'clear Admin, Settings, CI/CD, Runners expiration, then run this step again')
    end

    # `active` lets tokens' and service accounts' users through: whoever deletes one, or takes its rights, would not think of the runners.
    administrator = User.admins.active.human.order(:id).first
    return tell('no-administrator') unless administrator

    apply_settings
    apply_runners(administrator)
    tell(:done)
  rescue StandardError => e
    tell(:problem, "GitLab refuses its settings or runners: #{reason(e)}; change them, then run this step again")
  end
end

# outside of a web request, what is cached for one request has nowhere to be.
Gitlab::SafeRequestStore.ensure_request_store { GitLabServer.run }
