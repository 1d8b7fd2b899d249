import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { changes, fingerprint } from './harness/changes';
import { until } from './harness/lane';
import { Outcome } from './harness/machine';
import { Server } from './harness/server';
import { GitLabEndpoint } from 'cdktf-azure-gitlab';

const PROPS = { endpoint: GitLabEndpoint.https({ letsEncrypt: false }) };
const GIT = 700;
const NOBODY = 65534;
const TOKEN = 'http://169.254.169.254/metadata/identity/oauth2/token';
const STORAGE = 'https%3A%2F%2Fstorage.azure.com%2F';
const VAULT = 'https%3A%2F%2Fvault.azure.net';
const OPEN = '168.63.129.16:53';
const CLOSED = ['169.254.169.254:80', '168.63.129.16:80', '168.63.129.16:32526'];

const server = new Server();
const { azure, disk, machine } = server;

before(async () => {
  await server.begin(PROPS);
  disk.attach();
});

const as = (user: number, ...command: string[]): Promise<Outcome> =>
  machine.try('setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups', ...command);

const ask = async (user: number, url: string, ...options: string[]) => {
  const { status, output } = await as(user, 'curl', '--silent', '--max-time', '60', '--write-out', '\n%{http_code}', '--header', 'Metadata: true', ...options, url);
  const end = output.lastIndexOf('\n');
  return { reached: status === 0, status: Number(output.slice(end + 1)), body: output.slice(0, end) };
};

/** Whether somebody gets a connection, and how long it took to know. */
async function connects(user: number, address: string): Promise<{ readonly ok: boolean; readonly seconds: number }> {
  const start = Date.now();
  const { status } = await as(user, 'bash', '-c', `exec 3<>/dev/tcp/${address.replace(':', '/')}`);
  return { ok: status === 0, seconds: (Date.now() - start) / 1000 };
}

/** Root reaches everything, others DNS alone, and need not wait to be told so. */
async function closed(): Promise<void> {
  for (const address of [...CLOSED, OPEN]) {
    assert.ok((await connects(0, address)).ok, `root does not reach ${address}`);
  }
  const token = await ask(0, `${TOKEN}?api-version=2018-02-01&resource=${VAULT}&client_id=${server.identity}`);
  assert.ok(JSON.parse(token.body).access_token, 'root gets no token');
  for (const user of [GIT, NOBODY]) {
    for (const address of [...CLOSED, '169.254.169.254:443']) {
      const { ok, seconds } = await connects(user, address);
      assert.ok(!ok, `${user} reaches ${address}`);
      // without an answer one waits for minutes
      assert.ok(seconds < 30, `${user} waits ${seconds} seconds for ${address}`);
    }
    assert.ok((await connects(user, OPEN)).ok, `${user} does not reach DNS`);
    const name = 'import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(30); s.sendto(b"name", ("168.63.129.16", 53)); print(s.recv(9))';
    assert.equal((await as(user, 'python3', '-c', name)).output, 'b\'name\'\n');
  }
}

const stamp = async (unit: string, property: string) => Number(await machine.run('systemctl', 'show', '--property', property, '--value', unit));

test('before the step everybody gets the machine\'s tokens: what is tried here can succeed', async () => {
  const { reached, body } = await ask(GIT, `${TOKEN}?api-version=2018-02-01&resource=${VAULT}&client_id=${server.identity}`);
  assert.ok(reached && JSON.parse(body).access_token);
  assert.ok((await connects(NOBODY, '168.63.129.16:32526')).ok);
});

test('root alone reaches the metadata service and WireServer, before GitLab is installed and after', async () => {
  const [first] = await server.applied(PROPS);
  assert.equal(first.step, 'metadata');
  assert.equal(first.told, 'only root reaches Azure\'s metadata service');
  await closed();
  await server.newMachine();
  await server.ran('metadata');
  assert.notEqual((await machine.try('test', '-e', '/opt/gitlab')).status, 0);
  await closed();
  await machine.reboot();
  await closed();
  await server.runAll();
  await closed();
  assert.ok(await server.isReady());
});

test('a second run changes nothing', async () => {
  const earlier = await fingerprint(server);
  await server.runAll();
  assert.deepEqual(changes(earlier, await fingerprint(server)), []);
});

test('after a restart it is closed before there is a network, and before GitLab starts', async () => {
  await machine.reboot();
  await closed();
  await until('readiness after the restart', () => server.isReady());
  const [rules, gitlab] = [await stamp('gitlab-metadata', 'ActiveEnterTimestampMonotonic'), await stamp('gitlab-runsvdir', 'ExecMainStartTimestampMonotonic')];
  const basic = await stamp('basic.target', 'ActiveEnterTimestampMonotonic');
  assert.ok(rules > 0 && rules < basic && basic < gitlab, `${rules} ${basic} ${gitlab}`);
  const order = await machine.run('systemctl', 'show', '--property', 'Before', '--value', 'gitlab-metadata');
  assert.ok(['network-pre.target', 'gitlab-runsvdir.service'].every((unit) => order.split(/\s/).includes(unit)), order);
});

test('an administrator\'s firewall that empties nftables does not open it', async () => {
  machine.write('/etc/nftables.conf', 'flush ruleset\ntable inet filter {\n  chain output { type filter hook output priority -5; policy accept; }\n}\n');
  for (const action of ['start', 'reload', 'restart', 'stop']) {
    await machine.run('systemctl', action, 'nftables');
    await closed();
  }
  await machine.run('systemctl', 'enable', 'nftables');
  await machine.reboot();
  await closed();
  await machine.run('nft', 'flush', 'ruleset');
  assert.ok((await connects(GIT, CLOSED[0])).ok);
  await machine.run('gitlab-ctl', 'restart');
  await closed();
  await machine.run('nft', 'flush', 'ruleset');
  await server.ran('metadata');
  await closed();
  await machine.run('systemctl', 'disable', '--now', 'nftables');
  await until('readiness', () => server.isReady());
});

test('rules that cannot be loaded end the step, and GitLab does not start without them', async () => {
  machine.write('/etc/gitlab-server/metadata.d/agent.nft', 'add element ip gitlab_metadata may_ask { no-such-user }\n');
  assert.match(await server.refused('metadata'), /^Azure's metadata service cannot be closed to GitLab; see journalctl --unit gitlab-metadata on the machine/);
  assert.notEqual((await machine.try('gitlab-ctl', 'restart')).status, 0);
  assert.equal(await server.isReady(), false);
  assert.match(await machine.journal('--unit=gitlab-metadata'), /agent\.nft.*\n?.*(does not exist|no-such-user)/i);
  await machine.reboot();
  assert.equal(await server.isReady(), false);
  assert.match(await machine.run('systemctl', 'list-units', '--failed', '--plain', '--no-legend'), /gitlab-metadata\.service/);
});

test('an agent that does not run as root is let in by a file, and nobody else', async () => {
  machine.write('/etc/gitlab-server/metadata.d/agent.nft', 'add element ip gitlab_metadata may_ask { daemon }\n');
  await server.runAll();
  assert.ok((await connects(1, '169.254.169.254:80')).ok);
  assert.ok(!(await connects(1, '168.63.129.16:80')).ok);
  await closed();
  await machine.run('rm', '/etc/gitlab-server/metadata.d/agent.nft');
  await server.ran('metadata');
  assert.ok(!(await connects(1, '169.254.169.254:80')).ok);
});

test('without nftables the step ends and says so', async () => {
  await machine.run('mv', '/usr/sbin/nft', '/root/nft');
  assert.match(await server.refused('metadata'), /^nftables cannot be installed, .*; let this machine reach Ubuntu's packages, then run this step again$/);
  await machine.run('mv', '/root/nft', '/usr/sbin/nft');
  await server.ran('metadata');
});

/** What GitLab's user gets: tokens of object storage's identity, for Blob storage, by whatever client library asks. */
async function objectsOnly(): Promise<void> {
  for (const query of [`api-version=2018-02-01&resource=${STORAGE}`, 'api-version=2021-02-01&resource=https%3A%2F%2Fstorage.azure.com',
    `resource=${STORAGE}&client_id=${server.objectsIdentity}&api-version=2018-02-01`]) {
    const { status, body } = await ask(GIT, `${TOKEN}?${query}`);
    assert.equal(status, 200, body);
    const { access_token: token, client_id: client } = JSON.parse(body);
    assert.equal(client, server.objectsIdentity);
    assert.equal(azure.tokens.owner(`Bearer ${token}`, 'https://storage.azure.com'), server.objectsIdentity);
  }
  const seen = azure.log.length;
  for (const query of [`api-version=2018-02-01&resource=${VAULT}`, `api-version=2018-02-01&resource=${VAULT}&client_id=${server.identity}`,
    `api-version=2018-02-01&resource=${STORAGE}&client_id=${server.identity}`, `resource=${STORAGE}&resource=${VAULT}&api-version=2018-02-01`,
    `resource=${STORAGE}&client_id=${server.objectsIdentity}&client_id=${server.identity}`, `resource=${STORAGE}&object_id=1`, `resource=${STORAGE}&msi_res_id=1`,
    'resource=https%3A%2F%2Fstorage.azure.com%2F%26client_id%3D1', 'resource=https%3A%2F%2Fmanagement.azure.com%2F', '']) {
    const { status, body } = await ask(GIT, `${TOKEN}?${query}`);
    assert.equal(status, 400, `${query}: ${body}`);
    assert.equal(JSON.parse(body).error, 'invalid_request');
  }
  for (const path of ['/metadata/instance?api-version=2021-02-01', `/metadata/identity/oauth2/token/../../instance?resource=${STORAGE}`, '/metadata/attested/document', '/']) {
    assert.equal((await ask(GIT, `http://169.254.169.254${path}`, '--path-as-is')).status, 400, path);
  }
  const right = `${TOKEN}?api-version=2018-02-01&resource=${STORAGE}`;
  assert.equal((await ask(GIT, right, '--request', 'POST')).status, 501);
  assert.equal((await ask(GIT, right, '--header', 'X-Forwarded-For: 10.0.0.4')).status, 400);
  // how client libraries find out whether they are on Azure.
  assert.equal((await as(GIT, 'curl', '--silent', '--output', '/dev/null', '--write-out', '%{http_code}', right)).output, '400');
  assert.deepEqual(azure.log.slice(seen), []);
}

test('object storage: GitLab gets tokens of one identity for Blob storage, nothing else, and nobody else gets any', async () => {
  await server.applied({ ...PROPS, objectStorage: {}, backup: {} });
  assert.notEqual(server.objectsIdentity, server.identity);
  await objectsOnly();
  for (const user of [NOBODY, 1, 703]) {
    assert.ok(!(await connects(user, '169.254.169.254:80')).ok);
    assert.ok(!(await connects(user, '127.0.0.1:254')).ok, `${user} reaches GitLab's tokens`);
  }
  for (const address of ['168.63.129.16:80', '168.63.129.16:32526', '169.254.169.254:443']) {
    assert.ok(!(await connects(GIT, address)).ok, address);
  }
  const token = await ask(0, `${TOKEN}?api-version=2018-02-01&resource=${VAULT}&client_id=${server.identity}`);
  assert.equal(token.status, 200);
});

test('the process that hands tokens out is not root and keeps nothing', async () => {
  const pid = (await machine.run('systemctl', 'show', '--property', 'MainPID', '--value', 'gitlab-objects')).trim();
  const status = await machine.run('cat', `/proc/${pid}/status`);
  assert.match(status, /\nCapEff:\t0+\n/);
  assert.match(status, /\nNoNewPrivs:\t1\n/);
  assert.doesNotMatch(status, /\nUid:\t0\t/);
  assert.doesNotMatch(await machine.journal('--unit=gitlab-objects'), /eyJ0eXAi/);
});

test('object storage goes on after a restart, on a new machine, and a second run changes nothing', async () => {
  await machine.reboot();
  await objectsOnly();
  await server.newMachine();
  await server.runAll();
  await objectsOnly();
  const earlier = await fingerprint(server);
  await server.runAll();
  assert.deepEqual(changes(earlier, await fingerprint(server)), []);
});

test('while the metadata service is out of order GitLab is told to try again', async () => {
  const failure = azure.fail({ host: '169.254.169.254', answer: 'no answer' });
  assert.equal((await ask(GIT, `${TOKEN}?api-version=2018-02-01&resource=${STORAGE}`)).status, 503);
  failure.end();
  const busy = azure.fail({ host: '169.254.169.254', answer: { status: 429, body: { error: 'too many' } } });
  assert.equal((await ask(GIT, `${TOKEN}?api-version=2018-02-01&resource=${STORAGE}`)).status, 429);
  busy.end();
  await objectsOnly();
});

test('a server that had another identity for its objects signs in anew, once', async () => {
  const started = () => stamp('gitlab-runsvdir', 'ExecMainStartTimestampMonotonic');
  const [first] = [await started()];
  await server.ran('metadata');
  assert.equal(await started(), first);
  machine.write('/var/lib/gitlab-server/objects-identity', 'another\n');
  await server.ran('metadata');
  assert.ok(await started() > first);
  await until('readiness', () => server.isReady());
});

test('without object storage GitLab gets no tokens any more, and nothing of it stays', async () => {
  await server.applied(PROPS);
  await closed();
  assert.ok(!(await connects(GIT, '127.0.0.1:254')).ok);
  assert.notEqual((await machine.try('systemctl', 'cat', 'gitlab-objects.socket')).status, 0);
  assert.notEqual((await machine.try('getent', 'passwd', 'gitlab-objects')).status, 0);
});
