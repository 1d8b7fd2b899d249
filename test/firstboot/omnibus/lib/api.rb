# frozen_string_literal: true

# The calls of GitLab's API that its users have for runners, lib/api/ci/user_runners.rb and runners.rb: a call as JSON on standard input, the answer as JSON.
# Not checked: lists, assigning runners to further projects, GraphQL.

require_relative 'rails'

call = JSON.parse($stdin.read)
USER = User.find_by(username: call['user'])
FORM = call['form']
NUMBERS = %w[maximum_timeout].freeze
FLAGS = %w[run_untagged locked paused].freeze
TEXTS = %w[description maintenance_note access_level].freeze

def answer(status, body = {})
  puts JSON.generate('status' => status, 'body' => body)
  exit
end

def given
  values = FORM.slice(*TEXTS, *NUMBERS, *FLAGS).to_h do |name, value|
    [name.to_sym, FLAGS.include?(name) ? value.to_s == 'true' : NUMBERS.include?(name) ? Integer(value) : value]
  end
  values[:tag_list] = FORM['tag_list'].split(',') if FORM['tag_list']
  values
end

def create
  owner = { 'group_type' => [Group, 'group_id'], 'project_type' => [Project, 'project_id'] }[FORM['runner_type']]
  scope = owner && owner.first.find_by(id: FORM[owner.last].to_i)
  params = given.merge(runner_type: FORM['runner_type'])
  params[:scope] = scope if scope
  made = Ci::Runners::CreateRunnerService.new(user: USER, params: params).execute
  return answer(made.errors == ['Insufficient permissions'] ? 403 : 400, 'message' => made.errors) unless made.success?

  runner = made.payload[:runner]
  answer(201, 'id' => runner.id, 'token' => runner.token)
end

# the note of an instance runner is not for everybody.
def show(runner)
  shown = { 'id' => runner.id, 'runner_type' => runner.runner_type, 'description' => runner.description }
  answer(200, USER.can?(:read_note, runner) ? shown.merge('maintenance_note' => runner.maintenance_note) : shown)
end

def change(runner)
  values = given
  values[:active] = !values.delete(:paused) if values.key?(:paused)
  runner.update!(values)
  show(runner)
rescue RecordInvalid => e
  answer(400, 'message' => e.message)
end

create if call['method'] == 'POST' && call['path'] == '/api/v4/user/runners'
runner = Ci::Runner.find_by(id: call['path'][%r{\A/api/v4/runners/(\d+)(/|\z)}, 1].to_i) or answer(404)
show(runner) if call['method'] == 'GET'
answer(403) unless USER.can?(call['method'] == 'DELETE' ? :delete_runner : :update_runner, runner)
case [call['method'], call['path'].split('/')[5]]
when ['PUT', nil] then change(runner)
when ['DELETE', nil]
  runner.destroy!
  answer(204)
when %w[POST reset_authentication_token]
  runner.reset_token
  answer(201, 'token' => runner.token)
else answer(405)
end
