import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { before, test } from 'node:test';
import { ServerProps } from './harness/program';
import { Server } from './harness/server';
import { GitLabEndpoint, GitLabRunnerScope } from 'cdktf-azure-gitlab';

const ENDPOINT = GitLabEndpoint.https({ letsEncrypt: false });
const PROPS: ServerProps = { endpoint: ENDPOINT, runners: { aks: { tags: ['aks'] } } };
const LIST = '/srv/gitlab/state/runners/list';

const server = new Server();
const { disk, machine } = server;

before(async () => {
  await server.begin(PROPS);
  disk.attach();
  await server.applied(PROPS);
  // mina owns a group and a project, as everybody can.
  await server.changeDatabase('database["users"] << { "id" => 2, "username" => "mina", "admin" => false, "state" => "active", '
    + '"password" => Digest::SHA256.hexdigest("her password") }; '
    + 'database["groups"] << { "id" => 5, "full_path" => "team", "members" => ["mina"] }; '
    + 'database["projects"] << { "id" => 6, "full_path" => "mina/tool", "members" => ["mina"] }');
});

/** A call of the API as mina. */
async function mina(method: string, path: string, fields: { readonly [name: string]: string } = {}): Promise<{ status: number; body: any }> {
  return server.gitlab(`/api/v4/${path}`, { user: 'mina', password: 'her password', method, form: new URLSearchParams(fields).toString() });
}

/** A runner of hers, with the note that she likes. */
async function made(note: string, kind: 'project' | 'group' = 'project'): Promise<{ id: number; token: string }> {
  const owner: { [name: string]: string } = kind === 'project' ? { project_id: '6' } : { group_id: '5' };
  const { status, body } = await mina('POST', 'user/runners', { runner_type: `${kind}_type`, ...owner, description: 'hers', tag_list: 'x', maintenance_note: note });
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}

const runners = async (): Promise<any[]> => (await server.database()).runners;
const theirs = async () => (await runners()).filter(({ creator_id }) => creator_id !== 1);
const ours = async () => (await runners()).filter(({ creator_id }) => creator_id === 1);
const secret = (id: string) => server.runnerVault.names.find((name) => name.startsWith(`runner-token-${id}-`));
const token = (id = 'aks') => server.runnerVault.value(secret(id)!)!;
const writeList = (text: string) => machine.shell(`base64 -d >${LIST} <<<${Buffer.from(text).toString('base64')}`);
const list = async () => (await machine.run('cat', LIST)).trimEnd().split('\n');

async function verified(text: string): Promise<number> {
  return (await server.gitlab('/api/v4/runners/verify', { form: `token=${text}` })).status;
}

/** The mark of earlier releases, which anybody can work out who knows the program. */
function earlierMark(id: string): string {
  const path = createHash('sha256').update(`gitlab/GitLab/${id}`).digest('hex');
  const digest = createHash('sha256').update(`cdktf-azure-gitlab:${path.slice(0, 32)}`).digest('hex').slice(0, 32);
  return `[cdktf-azure-gitlab ${digest} runner-token-${id}-${path.slice(0, 8)}]`;
}

/** As an earlier release left it: notes, and no list. */
async function earlierRelease(...ids: string[]): Promise<void> {
  await machine.run('rm', '-r', '/srv/gitlab/state/runners');
  await server.changeDatabase(ids.map((id) => `database["runners"].find { |one| one["creator_id"] == 1 && one["description"].end_with?("/${id}") }["maintainer_note"] = `
    + `"Made by the stack that made this server, and found again by this note. ${earlierMark(id)}"`).join('; '));
}

/** All that hostile runners must not change. */
async function harmless(act: () => Promise<unknown>): Promise<void> {
  const [hers, names, values] = [await theirs(), server.runnerVault.names, server.runnerVault.names.map((name) => server.runnerVault.value(name))];
  await act();
  assert.deepEqual(await theirs(), hers);
  assert.deepEqual(server.runnerVault.names, names);
  assert.deepEqual(names.map((name) => server.runnerVault.value(name)), values);
}

test('the list and its key are root\'s alone', async () => {
  assert.equal(await machine.run('stat', '-c', '%U %a', LIST, '/srv/gitlab/state/runners/key'), 'root 600\nroot 600\n');
  assert.equal((await machine.try('setpriv', '--reuid=git', '--regid=git', '--clear-groups', 'ls', '/srv/gitlab/state')).status, 2);
  const [{ id, created_at }] = await ours();
  assert.match((await list()).join('\n'), new RegExp(`^cdktf-azure-gitlab:[0-9a-f]{32} ${secret('aks')} ${id} ${created_at} instance_type 0 -$`));
});

test('GitLab: members make and change runners of their own, and neither see nor change the instance\'s', async () => {
  const { id } = await made('first');
  assert.equal((await mina('PUT', `runners/${id}`, { maintenance_note: 'second' })).body.maintenance_note, 'second');
  assert.equal((await mina('POST', `runners/${id}/reset_authentication_token`)).status, 201);
  const [one] = await ours();
  assert.equal('maintenance_note' in (await mina('GET', `runners/${one.id}`)).body, false);
  for (const call of [mina('PUT', `runners/${one.id}`, { maintenance_note: '' }), mina('DELETE', `runners/${one.id}`), mina('POST', `runners/${one.id}/reset_authentication_token`),
    mina('POST', 'user/runners', { runner_type: 'instance_type', tag_list: 'x' })]) {
    assert.equal((await call).status, 403);
  }
  assert.equal((await mina('DELETE', `runners/${id}`)).status, 204);
});

test('notes that members write delete no secret and no runner', async () => {
  const zeros = '0'.repeat(32);
  for (const note of [`[cdktf-azure-gitlab ${zeros} gitlab-ca-certificate]`, `[cdktf-azure-gitlab ${zeros} ./${secret('aks')}]`,
    `[cdktf-azure-gitlab ${zeros} ${secret('aks')!.toUpperCase()}]`, `[cdktf-azure-gitlab ${zeros} ${secret('aks')}]`, earlierMark('aks'),
    `x\ngitlab-server:listed cdktf-azure-gitlab:${zeros} gitlab-ca-certificate 1 1 instance_type 0 -`, `\u202e${'🏃'.repeat(500)}`, 'x'.repeat(1024)]) {
    await made(note);
    await made(note, 'group');
  }
  await harmless(() => server.ran('runners'));
  await earlierRelease('aks');
  await harmless(() => server.ran('runners'));
  assert.equal((await ours()).length, 1);
});

test('a guessed mark of a runner to come does not get a member\'s token into the vault', async () => {
  const hers = [await made(earlierMark('arm')), await made(earlierMark('arm'), 'group')].map((one) => one.token);
  await machine.run('rm', '-r', '/srv/gitlab/state/runners');
  await server.changeDatabase('database["runners"].select { |one| one["creator_id"] == 1 }.each { |one| database["runners"].delete(one) }');
  await server.applied({ ...PROPS, runners: { ...PROPS.runners, arm: { tags: ['arm'] } } });
  assert.ok(!hers.includes(token('arm')));
  assert.equal(await verified(token('arm')), 200);
  assert.equal(await verified(token('aks')), 200);
  await server.applied(PROPS);
  assert.equal(secret('arm'), undefined);
  assert.equal((await ours()).length, 1);
});

test('a server of an earlier release moves over by itself: tokens stay, and what left the program goes with its secret', async () => {
  await server.applied({ ...PROPS, runners: { ...PROPS.runners, old: { tags: ['old'] } } });
  await earlierRelease('aks', 'old');
  const [kept, gone] = [token(), secret('old')];
  const results = await server.applied(PROPS);
  assert.equal(token(), kept);
  assert.match(results.at(-1)!.output, new RegExp(`the runner \\d+ \\(gitlab/GitLab/old\\) is removed\n[^]*the token ${gone} is deleted from Key Vault`));
  assert.deepEqual([secret('old'), (await ours()).length, (await list()).length], [undefined, 1, 1]);
});

test('a list that is not one ends the step, with nothing done', async () => {
  const good = await machine.run('cat', LIST);
  for (const bad of ['gitlab-ca-certificate\n', good.replace(/ runner-token-\S+/, ' gitlab-ca-certificate'), good.replace(/ runner-token-/, ' ./runner-token-'), `${good}LISTED_LINES\nexit\n`]) {
    await writeList(bad);
    await harmless(async () => assert.match(await server.refused('runners'),
      /^the list of runners has a line that is not one of a runner \([^)]+\); put \/srv\/gitlab\/state\/runners\/list on the machine right, or remove it and, in GitLab, the runners that it names, then run this step again$/));
    assert.equal(await machine.run('cat', LIST), bad);
  }
  await writeList(good);
  await server.ran('runners');
});

test('a list of another server, or of a database that was put back by hand: whoever has the ids now is not touched', async () => {
  const good = await machine.run('cat', LIST);
  const [hers, another] = await theirs();
  const [{ id }] = await ours();
  const line = (digit: string, ...rest: (string | number)[]) => `cdktf-azure-gitlab:${digit.repeat(32)} runner-token-x-${digit.repeat(8)} ${rest.join(' ')}\n`;
  await writeList(good.replace(` ${id} `, ` ${hers.id} `) + line('8', hers.id, 1, 'project_type 6 mina/tool') + line('9', another.id, another.created_at, 'instance_type 0 -'));
  await harmless(() => server.ran('runners'));
  assert.equal(await machine.run('cat', LIST), good);
  // an administrator's runner with the id of ours, made later
  await server.changeDatabase(`database["runners"].find { |one| one["id"] == ${id} }.merge!("created_at" => 4711, "maintainer_note" => "by hand")`);
  const first = token();
  await server.ran('runners');
  assert.notEqual(token(), first);
  assert.deepEqual((await ours()).map(({ maintainer_note }) => maintainer_note === 'by hand'), [true, false]);
  await server.changeDatabase(`database["runners"].reject! { |one| one["id"] == ${id} }`);
});

test('a list or a key that is lost changes nothing', async () => {
  const kept = await list();
  for (const file of [LIST, '/srv/gitlab/state/runners/key']) {
    await machine.run('rm', file);
    await harmless(() => server.ran('runners'));
    assert.deepEqual([await list(), (await ours()).length], [kept, 1]);
  }
});

test('a scope that is not there yet ends the step, and the other runners are there', async () => {
  const props: ServerProps = { ...PROPS, runners: { ...PROPS.runners, builds: { tags: ['builds'], runnerScope: GitLabRunnerScope.group('platform/builds') } } };
  const [result] = (await server.apply({ ...props, runners: { ...props.runners, beside: { tags: ['beside'] } } })).slice(-1);
  assert.equal(result.told, 'failed: the runner gitlab/GitLab/builds is not set: there is no group "platform/builds" on this server; make it in GitLab or mend the path in '
    + 'runnerScope, then run this step again');
  assert.deepEqual([await verified(token()), await verified(token('beside')), secret('builds')], [200, 200, undefined]);
  await server.changeDatabase('database["groups"] << { "id" => 7, "full_path" => "platform/builds", "members" => ["mina"] }');
  await server.applied(props);
  assert.equal(await verified(token('builds')), 200);
  assert.deepEqual((await ours()).map(({ runner_type, owner_id }) => [runner_type, owner_id]), [['instance_type', null], ['group_type', 7]]);
});

test('what a member does to a runner of the group is set right, and a copy of its note is nobody\'s', async () => {
  const [one] = (await ours()).slice(-1);
  const note = (await mina('GET', `runners/${one.id}`)).body.maintenance_note;
  await made(note);
  const copy = await mina('POST', 'user/runners', { runner_type: 'group_type', group_id: '7', tag_list: 'builds', maintenance_note: note });
  assert.equal((await mina('PUT', `runners/${one.id}`, { maintenance_note: '', paused: 'true', tag_list: 'mine', locked: 'true', description: 'mine' })).status, 200);
  const reset = await mina('POST', `runners/${one.id}/reset_authentication_token`);
  await server.ran('runners');
  const after = (await ours()).find(({ id }) => id === one.id);
  assert.deepEqual(after, { ...one, token: after.token, tag_list: ['builds'] });
  assert.equal(token('builds'), reset.body.token);
  // cut off before its list, with the real one deleted by its owner
  assert.equal((await mina('DELETE', `runners/${one.id}`)).status, 204);
  await server.ran('runners');
  assert.equal(await verified(token('builds')), 200);
  assert.notEqual(token('builds'), copy.body.token);
  assert.equal((await ours()).length, 2);
});

test('a path that somebody took after the group had gone gets no runner', async () => {
  const first = token('builds');
  await server.changeDatabase('database["groups"].find { |one| one["id"] == 7 }["id"] = 8');
  await harmless(async () => assert.equal(await server.refused('runners'), 'the runner gitlab/GitLab/builds is not set: the group "platform/builds" is another one than this runner '
    + 'was made for; if that is meant, take the runner out of the program, apply, and put it back'));
  assert.equal(token('builds'), first);
  await server.changeDatabase('database["groups"].find { |one| one["id"] == 8 }["id"] = 7');
});

test('another scope is another runner: the old one and its token are gone', async () => {
  const scoped = (runnerScope: GitLabRunnerScope): ServerProps => ({ ...PROPS, runners: { ...PROPS.runners, builds: { tags: ['builds'], runnerScope } } });
  for (const [scope, type, locked] of [[GitLabRunnerScope.project('mina/tool'), 'project_type', true], [GitLabRunnerScope.instance(), 'instance_type', false],
    [GitLabRunnerScope.group('Team'), 'group_type', false]] as const) {
    const first = token('builds');
    await server.applied(scoped(scope));
    assert.deepEqual([await verified(first), await verified(token('builds'))], [403, 200]);
    assert.deepEqual((await ours()).slice(1).map((one) => [one.runner_type, one.locked]), [[type, locked]]);
  }
});

test('another machine with the same disk keeps the list, and with it the tokens', async () => {
  const [kept, tokens] = [await list(), [token(), token('builds')]];
  await server.newMachine();
  await server.runAll();
  assert.deepEqual([await list(), [token(), token('builds')]], [kept, tokens]);
});

test('what a run made that was cut off before its list is found again, and a secret that could not be deleted goes with the next run', async () => {
  const [kept, tokens] = [await list(), [token(), token('builds')]];
  await writeList(`${kept[0]}\n`);
  await server.ran('runners');
  assert.deepEqual([await list(), [token(), token('builds')]], [kept, tokens]);

  const gone = secret('builds')!;
  server.plan(PROPS);
  await writeList(`${kept[0]}\n${kept[1]}\n`);
  await server.changeDatabase(`database["runners"].reject! { |one| one["id"] == ${kept[1].split(' ')[2]} }`);
  const result = await server.ran('runners');
  assert.ok(result.said.includes(`the token ${gone} is deleted from Key Vault ${server.command('runners').parameters.RUNNER_VAULT}`), result.output);
  assert.deepEqual([await list(), secret('builds')], [[kept[0]], undefined]);
});

test('without runners nothing is left of them, and what is not theirs stays', async () => {
  const first = token();
  await server.applied({ ...PROPS, runners: {} });
  assert.deepEqual([await machine.run('cat', LIST), await ours(), server.runnerVault.names], ['', [], ['gitlab-ca-certificate']]);
  assert.equal(await verified(first), 403);
  await server.ran('runners');
  await server.applied(PROPS);
  assert.deepEqual([(await list()).length, await verified(token())], [1, 200]);
});
