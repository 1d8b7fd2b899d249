import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { changes, fingerprint } from './harness/changes';
import { sleep, until } from './harness/lane';
import { AZURE_NAME } from './harness/program';
import { leaks, secretTexts, TRACED } from './harness/secrets';
import { Server } from './harness/server';
import { GitLabEndpoint } from 'cdktf-azure-gitlab';

const RUNNERS = { aks: { tags: ['aks'], description: 'AKS "one" #{1} $(id)' } };
const PROPS = { runners: RUNNERS };

const server = new Server();
const { azure, disk, machine } = server;

before(() => server.begin(PROPS));

async function reconfigurations(): Promise<number> {
  return (await machine.run('cat', '/var/opt/gitlab/reconfigures')).trim().split('\n').length;
}

function token(id = 'aks'): string {
  const [name] = server.runnerVault.names.filter((one) => one.startsWith(`runner-token-${id}-`));
  return server.runnerVault.value(name)!;
}

async function verified(text: string): Promise<number> {
  return (await server.gitlab('/api/v4/runners/verify', { form: `token=${text}` })).status;
}

test('first boot with a disk that comes late: every step ends well and GitLab answers', async () => {
  const late = await server.start('data-disk', TRACED);
  await sleep(3000);
  disk.attach();
  const result = await late.wait();
  assert.ok(result.ok, result.output);
  const results = [result, await server.ran('gitlab', TRACED), await server.ran('runners', TRACED)];
  await server.applied(PROPS);

  results.forEach((one) => assert.equal(one.errors, ''));
  assert.equal(results[1].told, `GitLab 19.4.1 (ce) is ready at https://${AZURE_NAME}`);
  assert.equal(results[2].told, 'runners that GitLab knows of this stack: 1');
  assert.ok(results[1].said.some((line) => line.startsWith('WARNING: Let\'s Encrypt gave no certificate for ')));
  assert.ok(await server.isReady());
});

test('the instance is what was asked for', async () => {
  const { locale, settings, runners } = await server.database();
  assert.match(locale, /UTF-8$/);
  assert.equal(settings.signup_enabled, false);
  assert.equal(settings.require_admin_two_factor_authentication, true);
  assert.equal(runners.length, 1);
  assert.equal(runners[0].description, RUNNERS.aks.description);
  assert.equal(await machine.run('apt-mark', 'showhold'), 'gitlab-ce\n');
  assert.equal((await machine.run('stat', '-c', '%u', '/var/opt/gitlab/git-data/repositories', '/var/opt/gitlab/postgresql/data')), '700\n703\n');
});

test('the vaults hold the password, the secrets, the authority and the token, once each', async () => {
  assert.deepEqual(server.serverVault.names, ['gitlab-root-password', 'gitlab-secrets-json']);
  server.serverVault.names.forEach((name) => assert.equal(server.serverVault.versions(name).length, 1));
  const password = server.serverVault.value('gitlab-root-password')!;
  const ca = server.runnerVault.value('gitlab-ca-certificate')!;
  assert.deepEqual((await server.gitlab('/api/v4/user', { password, ca })).body, { username: 'root', is_admin: true });
  assert.equal((await server.gitlab('/api/v4/user', { password: 'another' })).status, 401);
  assert.equal(await verified(token()), 200);
});

test('no secret in output, journal, logs, arguments of commands, or a file that others can read', async () => {
  const texts = await secretTexts(server);
  assert.ok(texts.length > 10);
  assert.deepEqual(await leaks(server, texts), []);
});

test('the search for secrets finds what is there', async () => {
  const texts = await secretTexts(server);
  await machine.shell(`systemd-run --quiet --wait --collect echo '${texts[0]}' && echo '${texts[1]}' >/var/tmp/open && chmod 644 /var/tmp/open`);
  await machine.run(...TRACED.under!, 'true', texts[2]);
  const found = await leaks(server, texts);
  assert.ok(found.includes('readable by all: /var/tmp/open'), found.join('\n'));
  assert.ok(found.some((line) => line.startsWith('journal: ')), found.join('\n'));
  assert.ok(found.some((line) => line.startsWith('arguments: ') && line.includes(texts[2])), found.join('\n'));
  await machine.run('rm', '/var/tmp/open');
});

test('a second run changes nothing', async () => {
  const [earlier, times, seen] = [await fingerprint(server), await reconfigurations(), azure.log.length];
  const results = await server.runAll();
  assert.deepEqual(changes(earlier, await fingerprint(server)), []);
  assert.equal(await reconfigurations(), times);
  const writes = azure.log.slice(seen).filter(({ method, host }) => method !== 'GET' || host === 'packages.gitlab.com');
  assert.deepEqual(writes, []);
  assert.ok(results.every(({ output }) => output.split('\n').length < 7), 'says little');
});

test('after a restart GitLab comes up by itself', async () => {
  const boot = await machine.run('cat', '/proc/sys/kernel/random/boot_id');
  const earlier = (await server.database()).id;
  await machine.reboot();
  await until('readiness after the restart', () => server.isReady());
  assert.ok(boot);
  await machine.shell('mountpoint /srv/gitlab && mountpoint /var/opt/gitlab && mountpoint /etc/gitlab && systemctl is-active gitlab-certificate.timer');
  assert.equal((await server.database()).id, earlier);
  const [kept, times] = [await fingerprint(server), await reconfigurations()];
  await server.runAll();
  assert.deepEqual(changes(kept, await fingerprint(server)), []);
  assert.equal(await reconfigurations(), times);
});

test('changed settings run what they concern, and configure once', async () => {
  const props = { ...PROPS, omnibusSettings: { gitlab_rails: { time_zone: 'Asia/Seoul', gitlab_email_subject_suffix: 'a\'b"c#{1}${d}%{e}\\n' } } };
  const times = await reconfigurations();
  const results = await server.applied(props);
  assert.deepEqual(results.map(({ step }) => step), ['gitlab', 'runners']);
  assert.equal(await reconfigurations(), times + 1);
  const { sections } = JSON.parse(await machine.run('cat', '/var/opt/gitlab/gitlab.json'));
  assert.equal(sections.gitlab_rails.time_zone, 'Asia/Seoul');
  assert.equal(sections.gitlab_rails.gitlab_email_subject_suffix, 'a\'b"c#{1}${d}%{e}\\n');
  assert.deepEqual(await server.applied(props), []);
  await server.runAll();
  assert.equal(await reconfigurations(), times + 1);
});

test('settings that are no Ruby, or that GitLab refuses, end the step with the reason', async () => {
  const { GITLAB_RB } = server.command('gitlab').parameters;
  assert.equal(await server.refused('gitlab', { environment: { GITLAB_RB: 'external_url "x' } }),
    'the wanted gitlab.rb is not valid Ruby, see /var/log/gitlab-server/gitlab.log on the machine; mend omnibusSettings, then run this step again');
  const result = await server.run('gitlab', { environment: { GITLAB_RB: `${GITLAB_RB}\ngit_data_dirs({})` } });
  assert.equal(result.told, 'failed: GitLab cannot be configured, the lines above say why; the whole output is in /var/log/gitlab-server/gitlab.log on the machine; '
    + 'run this step again once that is mended');
  assert.match(result.output, /\| \* git_data_dirs has been removed in 18\.0/);
  await server.ran('gitlab');
});

test('runners follow the stack: changed, added, removed, and asked for again under a name that was deleted', async () => {
  const first = token();
  await server.applied({ runners: { aks: { tags: ['aks', 'large'], paused: true }, arm: { tags: ['arm'] } } });
  assert.deepEqual((await server.database()).runners.map(({ tag_list, active }: any) => [tag_list, active]), [[['aks', 'large'], false], [['arm'], true]]);
  assert.equal(token(), first);
  assert.equal(await verified(token('arm')), 200);

  const results = await server.applied({ runners: { arm: { tags: ['arm'] } } });
  assert.match(results.at(-1)!.output, /the token runner-token-aks-\w+ is deleted from Key Vault/);
  assert.equal(token(), undefined);
  assert.equal(await verified(first), 403);

  await server.applied(PROPS);
  assert.notEqual(token(), first);
  assert.equal(await verified(token()), 200);
});

test('a token that was lost or changed in the vault is put back, and the runner stays', async () => {
  const first = token();
  const [name] = server.runnerVault.names.filter((one) => one.startsWith('runner-token-aks-'));
  server.runnerVault.purge(name);
  await server.ran('runners');
  assert.equal(token(), first);
  server.runnerVault.set(name, 'glrt-wrong');
  await server.ran('runners');
  assert.equal(token(), first);
  assert.equal((await server.database()).runners.length, 1);
});

test('without an administrator one is made; with tokens that expire the step stops', async () => {
  await server.changeDatabase('database["users"].clear');
  const result = await server.ran('runners');
  assert.ok(result.said.includes('GitLab has no active administrator'));
  assert.equal((await server.gitlab('/api/v4/user', { password: server.serverVault.value('gitlab-root-password') })).status, 200);
  await server.changeDatabase('database["runner_token_expiration_interval"] = 86400');
  assert.equal(await server.refused('runners'), 'GitLab is set to let runner tokens expire, and a runner with a fixed configuration dies with its token; '
    + 'clear Admin, Settings, CI/CD, Runners expiration, then run this step again');
  await server.changeDatabase('database.delete("runner_token_expiration_interval")');
});

test('another endpoint: GitLab answers there, with another authority, and runners are told', async () => {
  const earlier = server.runnerVault.value('gitlab-ca-certificate');
  // its owner has not made a record of it yet, which must not matter here.
  assert.notEqual((await machine.try('getent', 'hosts', 'git.example.com')).status, 0);
  await server.applied({ runners: RUNNERS, endpoint: GitLabEndpoint.customDomain('git.example.com', { letsEncrypt: false }) });
  const ca = server.runnerVault.value('gitlab-ca-certificate')!;
  assert.notEqual(ca, earlier);
  assert.equal((await server.gitlab('/-/readiness?all=1', { hostname: 'git.example.com', ca })).status, 200);
  await assert.rejects(server.gitlab('/-/readiness?all=1', { hostname: AZURE_NAME, ca }), /does not match|altnames/);
  assert.equal(await verified(token()), 200);
});

test('plain http: GitLab answers there, and nothing renews a certificate any more', async () => {
  const results = await server.applied({ runners: RUNNERS, endpoint: GitLabEndpoint.http() });
  assert.equal(results[0].told, 'GitLab 19.4.1 (ce) is ready at http://20.1.2.3');
  assert.equal((await machine.try('systemctl', 'is-enabled', 'gitlab-certificate.timer')).output.includes('enabled'), false);
});
