import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Cluster } from './harness/cluster';
import { Doctor, setHostAside } from './harness/doctor';
import { host, lane, until } from './harness/lane';
import { Machine } from './harness/machine';
import { Outside } from './harness/outside';
import { Postgresql } from './harness/postgresql';
import { RunningJob } from './harness/running-job';
import { GitLabDatabase, GitLabEndpoint, GitLabVersion } from 'cdktf-azure-gitlab';

const ALONE = { endpoint: GitLabEndpoint.https({ letsEncrypt: false }), objectStorage: {}, version: GitLabVersion.V19_2 };
const OWN_DATABASE = { ...ALONE, database: GitLabDatabase.azurePostgresql({ serverName: 'acme-gitlab' }) };
const nodes = (count: number) => ({ ...OWN_DATABASE, applicationNodes: { count } });
const REPOSITORY = '/var/opt/gitlab/git-data/repositories/team/one.git';
const KEY = join(lane.folder, 'id_ed25519');

const server = new Cluster();
const { azure, disk, machine } = server;
const postgresql = new Postgresql(azure.authority, 'gitlab-vm-identity');
const outside = new Outside(server.fabric, () => server.runnerVault.value('gitlab-ca-certificate')!);
const password = () => server.serverVault.value('gitlab-root-password')!;
const signIn = () => outside.ask({ path: '/api/v4/user', password: password() });
const serving = async (...names: string[]) => until(`${names.join(' and ') || 'nobody'} serves`, () => server.serving().join() === names.join());
/** A job from before there are nodes, and one from while there are. */
const jobs: RunningJob[] = [];
const projects = async () => (await server.database()).projects.map((one: any) => one.full_path);

/** Answers of so many people, each by the machine that it came from. */
async function answersBy(count: number): Promise<Set<string | undefined>> {
  const answers = await outside.load({ path: '/api/v4/user', password: password() }, { count, workers: 4 }).finished();
  assert.deepEqual(answers.filter(({ status }) => status !== 200), []);
  return new Set(answers.map(({ by }) => by));
}

before(async () => {
  await server.begin(ALONE);
  await postgresql.start('acme-gitlab.postgres.database.azure.com');
  postgresql.takeTokensOf(azure.metadata);
  disk.attach();
  host('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', KEY);
});
after(() => {
  jobs.forEach((job) => job.abandon());
  postgresql.remove();
});

test('a team of 20 begins on one machine, and goes on with a database of its own: its projects are there, and a job is at work', async () => {
  await server.applied(ALONE);
  await server.changeDatabase(`database["projects"] << { "id" => 1, "full_path" => "team/one", "members" => [] };
    database["keys"] = [{ "id" => 1, "key" => "${host('cat', `${KEY}.pub`).trim()}" }]`);
  await machine.shell(`mkdir -p ${REPOSITORY.replace(/\/[^/]*$/, '')} && echo first >${REPOSITORY} && chown -R git: ${REPOSITORY.replace(/\/[^/]*$/, '')}`);
  const job = new RunningJob(outside, 7);
  jobs.push(job);
  await job.goesOn();
  await server.applied(OWN_DATABASE);
  await job.goesOn();
  assert.deepEqual(await projects(), ['team/one']);
  const { by, body } = await signIn();
  assert.equal(by, 'gitlab-vm', body);
});

test('two nodes: people are served by both, the first machine serves no page any more, and nothing is lost', async () => {
  // more than one secret of the vault holds.
  await machine.shell(`openssl rand -base64 45000 | python3 -c 'import json, sys
with open("/etc/gitlab/gitlab-secrets.json") as file:
    secrets = json.load(file)
secrets["further"] = sys.stdin.read()
with open("/etc/gitlab/gitlab-secrets.json", "w") as file:
    json.dump(secrets, file)'`);
  await server.applied(nodes(2));
  await serving('gitlab-vm-node-1', 'gitlab-vm-node-2');
  assert.deepEqual([...await answersBy(60)].sort(), ['gitlab-vm-node-1', 'gitlab-vm-node-2']);
  assert.deepEqual(await projects(), ['team/one']);
  for (const node of server.nodes.values()) {
    assert.equal(await node.run('sha256sum', '/etc/gitlab/gitlab-secrets.json'), await machine.run('sha256sum', '/etc/gitlab/gitlab-secrets.json'));
    assert.notEqual((await node.try('test', '-e', '/var/opt/gitlab/migrations')).status, 0, 'a node migrates');
  }
  // its log was a file of the first machine until now, so its runner sends all of it once more.
  await jobs[0].goesOn();
  assert.ok(jobs[0].backTo.includes(0));
  await jobs[0].end();
  const { settings, jobs: results } = await server.database();
  assert.deepEqual(results, { 7: 'success' });
  assert.equal(settings.ci_job_live_trace_enabled, true);
  assert.equal(settings.authorized_keys_enabled, false);
});

test('git over SSH: each node is the same host, and has what was pushed to the other', async () => {
  const hostKeys = async (one: Machine) => one.shell('cat /etc/ssh/ssh_host_*_key.pub | sort');
  assert.equal(await hostKeys(server.node(1)), await hostKeys(machine));
  assert.equal(await hostKeys(server.node(2)), await hostKeys(machine));
  for (let count = 0; count < 8; count++) {
    const { status, output } = await outside.ssh(KEY, 'git-receive-pack team/one', `push ${count}`);
    assert.equal(status, 0, output);
  }
  const { output } = await outside.ssh(KEY, 'git-upload-pack team/one');
  assert.deepEqual(output.trim().split('\n').slice(-9), ['first', ...[...Array(8).keys()].map((count) => `push ${count}`)]);
});

test('doctor finds nothing to mend on the first machine, on either node and in the database, but that there are no backups', async () => {
  [machine, ...server.nodes.values()].forEach(setHostAside);
  const { code, findings } = await new Doctor(server, server.nodes).look();
  const told = findings.map(({ what }) => what);
  assert.deepEqual(findings.filter(({ state, what }) => state !== 'ok' && !what.startsWith('OS disk')).map(({ what }) => what), ['nothing backs this server up']);
  [/^GitLab answers/, /^the database server is ready, PostgreSQL 17$/, /^background migrations: all finished$/].forEach((pattern) =>
    assert.equal(told.filter((one) => pattern.test(one)).length, 1, `${pattern} in ${told.join('\n')}`));
  assert.equal(told.filter((one) => one === 'the node serves GitLab 19.2.4 (ce)').length, 2, told.join('\n'));
  assert.equal(code, 0);
});

test('a job\'s log is whole, whichever node takes its parts', async () => {
  const job = new RunningJob(outside, 8);
  jobs.push(job);
  await until('parts at both nodes', () => job.takers.size === 2, 300);
  assert.deepEqual([...job.takers].sort(), ['gitlab-vm-node-1', 'gitlab-vm-node-2']);
  assert.ok(!job.backTo.includes(0));
});

test('nobody without the token, the password and the authority gets into what the machines ask each other', async () => {
  const gitaly = (token: string) => server.node(1).shell(`cd /opt/gitlab/embedded/service && python3 -c '
import remote
wanted = remote.settings()
wanted["gitaly"]["token"] = "${token}"
remote.settings = lambda: wanted
print(remote.gitaly("check"))' 2>&1 || true`);
  assert.match(await gitaly('guessed'), /permission denied/);
  assert.match(await server.node(1).shell(`/opt/gitlab/embedded/bin/redis-cli -h ${machine.address} -p 6380 --tls --cacert /etc/gitlab/trusted-certs/node-authority.crt PING 2>&1 || true`),
    /NOAUTH/);
  assert.match(await server.node(1).shell(`curl --silent --show-error https://${machine.address}:9999/ 2>&1 || true`), /certificate/);
});

test('what is secret is on the machines that need it, for root and its owner alone', async () => {
  const authority = await machine.shell('sed -n 2p /etc/gitlab/nodes/authority.key');
  const redis = server.serverVault.value('gitlab-redis-password')!;
  const secrets = JSON.parse(await machine.run('cat', '/etc/gitlab/gitlab-secrets.json')).gitlab_rails.db_key_base;
  for (const one of [server.node(1), server.node(2)]) {
    assert.equal((await one.try('grep', '-rlsF', authority.trim(), '/etc', '/var', '/root', '/usr/local', '/run')).output, '');
    one.write('/root/secrets', `${[authority.trim(), redis, secrets.slice(0, 60)].join('\n')}\n`, 0o600);
    const readable = await one.try('bash', '-c', 'setpriv --reuid=65534 --regid=65534 --clear-groups grep -rlsF --devices=skip -f - /etc /home /opt /root /run /srv /tmp /usr/local /var </root/secrets');
    assert.equal(readable.output, '');
    assert.equal((await one.try('bash', '-c', 'grep -rlF -f /root/secrets /var/log /var/lib/waagent; journalctl --no-pager | grep -F -f /root/secrets')).output, '');
  }
});

test('back to one node and to none: all is served by what is left, with what was stored meanwhile', async () => {
  await server.changeDatabase('database["projects"] << { "id" => 2, "full_path" => "team/two", "members" => [] }');
  const job = jobs.find(({ id }) => id === 8)!;
  await server.applied(nodes(1));
  await serving('gitlab-vm-node-1');
  await job.goesOn();
  assert.deepEqual([...await answersBy(20)], ['gitlab-vm-node-1']);
  await server.applied(nodes(0));
  await server.applied(OWN_DATABASE);
  await job.goesOn();
  await job.end();
  assert.ok(!job.backTo.includes(0));
  assert.deepEqual((await server.database()).jobs, { 7: 'success', 8: 'success' });
  const { by, body } = await signIn();
  assert.equal(by, 'gitlab-vm', body);
  assert.deepEqual(await projects(), ['team/one', 'team/two']);
  assert.match(await machine.run('cat', REPOSITORY), /^first\npush 0\n/);
  assert.equal(await machine.shell('ss --no-header --listening --tcp --numeric "( sport = :6380 or sport = :9999 )"'), '');
});
