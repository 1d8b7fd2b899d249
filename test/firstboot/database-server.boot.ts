import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { until } from './harness/lane';
import { Postgresql } from './harness/postgresql';
import { Server } from './harness/server';
import { GitLabDatabase, GitLabEndpoint } from 'cdktf-azure-gitlab';

const PROPS = { endpoint: GitLabEndpoint.https({ letsEncrypt: false }), database: GitLabDatabase.azurePostgresql({ serverName: 'acme-gitlab' }) };
const server = new Server();
const { azure, disk, machine } = server;
const postgresql = new Postgresql(azure.authority, 'gitlab-vm-identity');
const stored = () => JSON.parse(postgresql.sql('SELECT document FROM standin', 'gitlabhq_production'));
const password = () => server.serverVault.value('gitlab-root-password')!;
/** What docs/database.md has people run on the machine before and after a server is restored; between the two Azure and Terraform are asked. */
const [STOP, , , WRITE_ANEW] = /^## Going back in time$.*?^## /ms.exec(readFileSync(join(process.env.FIRSTBOOT_REPOSITORY!, 'docs/database.md'), 'utf8'))![0]
  .split(/^ *```sh$/m).slice(1).map((block) => block.split('```')[0].replaceAll('sudo ', ''));
const configured = async () => (await machine.run('cat', '/var/opt/gitlab/reconfigures')).trim().split('\n').length;

before(async () => {
  await server.begin(PROPS);
  await postgresql.start('acme-gitlab.postgres.database.azure.com');
  postgresql.takeTokensOf(azure.metadata);
  disk.attach();
  await server.applied(PROPS);
});
after(() => postgresql.remove());

/** People at work: some read all the time, one stores something new again and again. */
class Load {
  /** What GitLab has said to be stored. */
  readonly acknowledged: number[] = [];
  /** The answers to those who read, in their order: a status, or 0 without one. */
  readonly statuses: number[] = [];
  private over = false;
  private readonly done = Promise.all([this.work(() => this.read()), this.work(() => this.read()), this.work(() => this.store())]);

  /** Waits for good answers of both kinds that come from now on. */
  async isServed(): Promise<void> {
    const [stores, reads] = [this.acknowledged.length, this.statuses.length];
    await until('GitLab serves again', () => this.acknowledged.length > stores + 1 && this.statuses.slice(reads).filter((status) => status === 200).length > 3);
  }

  async stop(): Promise<void> {
    this.over = true;
    await this.done;
  }

  private async work(once: () => Promise<void>): Promise<void> {
    while (!this.over) {
      await once();
      await setTimeout(20);
    }
  }

  private async read(): Promise<void> {
    const status = await server.gitlab('/api/v4/user', { password: password() }).then((answer) => answer.status, () => 0);
    this.statuses.push(status);
  }

  private async store(): Promise<void> {
    const form = new URLSearchParams({ runner_type: 'instance_type', description: 'made under load' }).toString();
    const answer = await server.gitlab('/api/v4/user/runners', { password: password(), form }).catch(() => undefined);
    if (answer?.status === 201) {
      this.acknowledged.push(answer.body.id);
    }
  }
}

test('a standby takes over under load: GitLab comes back by itself, with all that it had said to be stored, and the set-up repeated changes nothing', async () => {
  await postgresql.addStandby();
  const load = new Load();
  await load.isServed();
  await postgresql.failOver();
  await load.isServed();
  await load.stop();
  assert.ok(load.statuses.some((status) => status !== 200), 'nobody noticed that the server was away');
  const ids = stored().runners.map((one: any) => one.id);
  assert.deepEqual(load.acknowledged.filter((id) => !ids.includes(id)), []);
  const times = await configured();
  const results = await server.runAll();
  assert.equal(await configured(), times);
  assert.ok(!results.some(({ said }) => said.some((line) => / is made$|statistics|configuring/.test(line))));
});

test('a step that runs while the server is away says so and changes nothing, and runs once it is back', async () => {
  await postgresql.close();
  assert.match(await server.refused('database', { environment: { PATIENCE_SECONDS: '5' } }), /^the database server acme-gitlab\.postgres\.database\.azure\.com does not let the identity/);
  assert.match(await server.refused('gitlab'), /^the database on acme-gitlab\.postgres\.database\.azure\.com does not answer \(.*Connection refused/);
  await postgresql.open();
  await server.runAll();
  assert.ok(await server.isReady());
});

test('a new password under load: GitLab serves with it after one apply, and nothing that it had said to be stored is lost', async () => {
  const load = new Load();
  await load.isServed();
  server.serverVault.set('gitlab-database-password', 'x'.repeat(40));
  await server.runAll();
  await load.isServed();
  await load.stop();
  assert.equal(await machine.run('cat', '/etc/gitlab/database-password'), `${'x'.repeat(40)}\n`);
  const ids = stored().runners.map((one: any) => one.id);
  assert.deepEqual(load.acknowledged.filter((id) => !ids.includes(id)), []);
});

test('a server that Azure restored to an earlier time takes over under its own name, with the password of today', async () => {
  await server.changeDatabase('database["projects"] << { "id" => 1, "full_path" => "team/one", "members" => [] }');
  postgresql.backUp();
  await server.changeDatabase('database["projects"] << { "id" => 2, "full_path" => "team/mistake", "members" => [] }');
  // who restores has not the password of that time any more.
  server.serverVault.set('gitlab-database-password', 'y'.repeat(40));
  await server.runAll();
  await machine.shell('mkdir -p /var/opt/gitlab/redis /var/opt/gitlab/.ssh && echo session >/var/opt/gitlab/redis/dump.rdb && echo "key of a later user" >/var/opt/gitlab/.ssh/authorized_keys');
  await machine.shell(STOP);
  assert.ok(!await server.isReady());
  assert.notEqual((await machine.try('test', '-e', '/var/opt/gitlab/redis/dump.rdb')).status, 0);
  await postgresql.restore('acme-restored.postgres.database.azure.com');
  const props = { ...PROPS, database: GitLabDatabase.azurePostgresql({ serverName: 'acme-restored' }) };
  const results = await server.applied(props);
  assert.ok(results.some(({ said }) => said.includes('collecting the database\'s statistics')));
  await machine.shell(WRITE_ANEW);
  assert.equal(await machine.run('cat', '/var/opt/gitlab/.ssh/authorized_keys'), '');
  assert.ok(await server.isReady());
  assert.deepEqual(stored().projects.map((one: any) => one.full_path), ['team/one']);
  assert.equal(await machine.run('cat', '/srv/gitlab/state/database'), 'acme-restored.postgres.database.azure.com 17\n');
  assert.equal((await machine.run('cat', '/etc/hosts')).match(/# the database of GitLab/g)!.length, 1);
  assert.equal((await server.gitlab('/api/v4/user', { password: password() })).status, 200);
});
