import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { METADATA } from './azure/azure';
import { PACKAGES } from './azure/package-server';
import { lane, sleep, until } from './harness/lane';
import { Server } from './harness/server';
import { GitLabEndpoint, GitLabVersion } from 'cdktf-azure-gitlab';

const PROPS = { endpoint: GitLabEndpoint.https({ letsEncrypt: false }), runners: { aks: { tags: ['aks'] } } };
const IMPATIENT = { environment: { PATIENCE_SECONDS: '3' } };
const FORBIDDEN = { status: 403, body: { error: { code: 'Forbidden', innererror: { code: 'ForbiddenByRbac' } } } };
const DENIED = { status: 403, body: { error: { code: 'Forbidden', innererror: { code: 'ForbiddenByPolicy' } } } };
const VAULTS = /\.vault\.azure\.net$/;

const server = new Server();
const { azure, disk, machine } = server;

before(async () => {
  await server.begin(PROPS);
  disk.attach();
  await server.ran('data-disk');
});

/** Holds files as dpkg and apt hold their locks, until `holding.service` is stopped. */
async function hold(...files: string[]): Promise<void> {
  machine.write('/root/hold.py', 'import fcntl, sys, time\nheld = [open(path, "w") for path in sys.argv[1:]]\nfor file in held:\n    fcntl.lockf(file, fcntl.LOCK_EX)\n'
    + 'open("/run/holding", "w")\ntime.sleep(3600)\n');
  await machine.shell(`rm -f /run/holding; systemd-run --quiet --collect --unit=holding python3 /root/hold.py ${files.join(' ')}`);
  await until('the locks', async () => (await machine.try('test', '-e', '/run/holding')).status === 0);
}

test('what stays away ends the step with the name of it', async () => {
  const identity = azure.fail({ host: '169.254.169.254', answer: { status: 404, body: { error: 'not yet' } } });
  assert.match(await server.refused('gitlab', IMPATIENT),
    /^no token for identity [0-9a-f-]{36} \(status 404 from 169\.254\.169\.254\); assign that user-assigned identity to this virtual machine, then run this step again$/);
  identity.end();

  const role = azure.fail({ host: VAULTS, answer: FORBIDDEN });
  assert.match(await server.refused('gitlab', IMPATIENT),
    /^Key Vault gitlab-runner-\w+ answers GET secrets\/gitlab-ca-certificate with 403 ForbiddenByRbac {2}for 3 seconds; let this machine reach it and give the identity \S+ the role Key Vault Secrets Officer on it, or .*run this step again$/);
  role.end();

  // with all its patience
  const policy = azure.fail({ host: VAULTS, method: 'PUT', answer: DENIED });
  const started = Date.now();
  assert.match(await server.refused('gitlab'),
    /^Azure Policy denies PUT secrets\/gitlab-ca-certificate in Key Vault gitlab-runner-\w+; exempt the vault from that policy or change the policy, then run this step again$/);
  assert.ok(Date.now() - started < 300_000);
  policy.end();

  const packages = azure.fail({ host: PACKAGES, answer: { status: 503 } });
  assert.match(await server.refused('gitlab', IMPATIENT),
    /^packages\.gitlab\.com cannot be reached \(.*503.*\); let this machine reach it and storage\.googleapis\.com by https, then run this step again$/);
  packages.end();
});

test('another signing key is refused', async () => {
  const home = mkdtempSync(join(lane.folder, 'gpg-'));
  const gpg = (...args: string[]) => execFileSync('gpg', ['--homedir', home, '--batch', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', '', ...args],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  gpg('--quick-gen-key', 'other', 'rsa2048', 'sign', 'never');
  try {
    azure.packages.signingKey = gpg('--armor', '--export');
    assert.match(await server.refused('gitlab', IMPATIENT), /^packages\.gitlab\.com gave a signing key with another fingerprint \([0-9A-F]{40}, not F6403F6544A38863DAA0B6E03F01618A51312F3F\); do not go on before GitLab has announced it, then take a version of this library that knows it and apply$/);
    azure.packages.signingKey = 'a page of somebody\'s proxy';
    assert.match(await server.refused('gitlab', IMPATIENT), /^packages\.gitlab\.com gave a signing key with another fingerprint \(no key, not F6403F65/);
  } finally {
    azure.packages.signingKey = undefined;
  }
});

test('a version that GitLab never published is refused', async () => {
  server.plan({ ...PROPS, version: GitLabVersion.of('19.4.99') });
  assert.equal(await server.refused('gitlab'),
    'GitLab publishes no gitlab-ce 19.4.99-ce.0 for Ubuntu noble; choose a version of https://packages.gitlab.com/gitlab/gitlab-ce and apply');
  server.plan(PROPS);
});

test('first boot through it all: no name resolution, no identity, no role, no packages, locked dpkg', async () => {
  azure.fail({ host: '169.254.169.254', answer: { status: 404 }, times: 2 });
  const role = azure.fail({ host: VAULTS, answer: FORBIDDEN });
  const packages = azure.fail({ host: PACKAGES, answer: 'no answer' });
  machine.writeHosts('');
  const seen = azure.log.length;
  const run = await server.start('gitlab');
  // the metadata service has an address and no name, so it is the last to answer before names are needed
  await until('a token', () => azure.log.slice(seen).some(({ host, status }) => host === METADATA && status === 200));
  await sleep(3000);
  assert.ok(!run.finished);
  assert.equal(role.met(), 0);
  machine.writeHosts(azure.hosts);
  await until('refusals', () => role.met() > 5);
  role.end();
  await until('closed connections', () => packages.met() > 1);
  await hold('/var/lib/dpkg/lock-frontend', '/var/lib/dpkg/lock', '/var/lib/apt/lists/lock', '/var/cache/apt/archives/lock');
  packages.end();
  const log = async () => (await machine.try('cat', '/var/log/gitlab-server/gitlab.log')).output;
  await until('apt meets the lock', async () => run.finished || /Could not get lock \/var\/lib\/apt\/lists\/lock/.test(await log()));
  await machine.run('systemctl', 'stop', 'holding.service');
  const result = await run.wait();
  assert.ok(result.ok, result.output);
  assert.match(await log(), /Could not get lock \/var\/lib\/apt\/lists\/lock/);
  await server.ran('runners');
  assert.ok(await server.isReady());
});

test('an answer of the vault that is lost does not make a second secret or runner', async () => {
  await server.changeDatabase('database["runners"].clear');
  azure.fail({ host: VAULTS, method: 'PUT', answer: 'lost answer', times: 1 });
  await server.ran('runners');
  assert.equal((await server.database()).runners.length, 1);
  const [name] = server.runnerVault.names.filter((one) => one.startsWith('runner-token-'));
  assert.equal(server.runnerVault.value(name), (await server.database()).runners[0].token.value);
});

test('two steps at once: one waits for the other', async () => {
  const times = (await machine.run('cat', '/var/opt/gitlab/reconfigures')).length;
  server.plan({ ...PROPS, omnibusSettings: { gitlab_rails: { time_zone: 'Asia/Seoul' } } });
  const runs = [await server.start('gitlab'), await server.start('gitlab'), await server.start('data-disk')];
  for (const run of runs) {
    const result = await run.wait();
    assert.ok(result.ok, result.output);
  }
  assert.equal((await machine.run('cat', '/var/opt/gitlab/reconfigures')).length, times + '19.4.1\n'.length);
});

test('a script of an earlier apply that Azure runs once more undoes nothing', async () => {
  await server.ran('runners');
  const earlier = server.commands;
  server.plan({ ...PROPS, runners: {} });
  await server.ran('runners');
  assert.deepEqual((await server.database()).runners, []);
  server.commands = earlier;
  const result = await server.ran('runners');
  assert.match(result.told, /^nothing to do: runners-[0-9a-f]{8} was replaced by runners-[0-9a-f]{8}$/);
  assert.deepEqual((await server.database()).runners, []);
});

test('GitLab that cannot be configured, or is never ready, ends the step with what to look at', async () => {
  server.plan({ ...PROPS, omnibusSettings: { gitlab_rails: { time_zone: 'Europe/Berlin' } } });
  await machine.run('touch', '/run/fail-reconfigure');
  assert.equal(await server.refused('gitlab'), 'GitLab cannot be configured, the lines above say why; the whole output is in /var/log/gitlab-server/gitlab.log on the machine; '
    + 'run this step again once that is mended');
  await machine.run('rm', '/run/fail-reconfigure');
  await server.ran('gitlab');
  // nothing is left to do but to wait, however slow the machine is
  await machine.run('touch', '/run/break-puma');
  assert.equal(await server.refused('gitlab', { environment: { DEADLINE_SECONDS: '30' } }),
    'waiting for GitLab to be ready was not finished within 30 seconds; run this step again to go on from here');
  await machine.run('rm', '/run/break-puma');
  await server.ran('gitlab');
  assert.ok(await server.isReady());
});
