import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { before, test } from 'node:test';
import { leaks, TRACED } from './harness/secrets';
import { Server } from './harness/server';
import { GitLabEndpoint, KeyVaultSecret } from 'cdktf-azure-gitlab';

const vault = (name: string) => `/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/own/providers/Microsoft.KeyVault/vaults/${name}`;
const [BIND, GRAPH, CERTIFICATE, STORE] = ['bind', 'graph', 'client', 'store'].map((name) => KeyVaultSecret.of(vault('own-vault'), name));
const AWAY = KeyVaultSecret.of(vault('other-vault'), 'redis');
const file = (name: string, vaultName = 'own-vault') => createHash('sha256').update(`${vaultName}/${name}`).digest('hex').slice(0, 16);
const ALWAYS = { endpoint: GitLabEndpoint.https({ letsEncrypt: false }) };
const now = new Date();
const clock = (hours: number) => `${String((now.getUTCHours() + hours + 24) % 24).padStart(2, '0')}:${String(now.getUTCMinutes()).padStart(2, '0')}`;
/** Long before, and right now. */
const [LATER, NOW] = [clock(-12), clock(0)];
const SETTINGS = {
  gitlab_rails: {
    ldap_enabled: true,
    ldap_servers: { main: { host: 'ldap.example.com', uid: 'uid', base: 'dc=example,dc=com', encryption: 'simple_tls', password: BIND } },
    omniauth_providers: [{ name: 'openid_connect', args: { client_options: { secret: BIND } } }],
    microsoft_graph_mailer_client_secret: GRAPH,
    http_client: { tls_client_cert_file: CERTIFICATE.asPath() },
    object_store: { connection: STORE.asJson() },
    redis_cache_instance: AWAY.inUrl('rediss://:', '@redis.example.com:6380'),
  },
};
const PROPS = { ...ALWAYS, omnibusSettings: SETTINGS, secretReloadTime: LATER };

/** What no quoting of a shell, of JSON or of Ruby may change. */
const HOSTILE = 'it\'s "#{exit}" #$0 \\n $(id) `id` %{x}\nand a second line ü';
const PEM = `-----BEGIN CERTIFICATE-----\n${'QUJD'.repeat(16)}\n-----END CERTIFICATE-----\n`;

const server = new Server();
const { azure, disk, machine } = server;
const own = () => azure.vault('own-vault');
let reachable = true;

before(async () => {
  azure.vault('own-vault', (_, method) => method === 'GET');
  azure.vault('other-vault', (_, method) => reachable && method === 'GET');
  await server.begin(PROPS);
  disk.attach();
  await server.ran('metadata');
  await server.ran('data-disk');
});

const rails = async () => JSON.parse(await machine.run('cat', '/var/opt/gitlab/gitlab.json')).sections.gitlab_rails;
const content = async (path: string) => machine.run('cat', path);
const reconfigures = async () => (await machine.run('cat', '/var/opt/gitlab/reconfigures')).trim().split('\n').length;
/** The timer's service, as systemd starts it. @returns what it said */
const refresh = async () => {
  const since = (await machine.run('date', '+%s')).trim();
  const { status } = await machine.startService('gitlab-secrets.service');
  return { ok: status === 0, said: await machine.journal('--unit=gitlab-secrets.service', `--since=@${since}`) };
};

test('a secret that is not in its vault, or that its key does not bear, ends the step before GitLab is there', async () => {
  assert.equal(await server.refused('secrets'), 'Key Vault own-vault has no secret bind; put it there, then run this step again');
  own().set('bind', HOSTILE);
  own().set('graph', 'not: bare');
  own().set('client', PEM);
  own().set('store', '{"provider": "AzureRM", "azure_storage_access_key": "a key that nobody may see"}');
  azure.vault('other-vault').set('redis', 'p@ss/w#rd:ü');
  assert.equal(await server.refused('secrets'), 'the secret graph of Key Vault own-vault is not of letters, digits, ".", "_", "~" and "-" alone, or is a number or a word '
    + 'that YAML takes for something else, which GitLab does not take for gitlab_rails.microsoft_graph_mailer_client_secret; give it another value, then run this step again');
  own().set('store', 'no map');
  own().set('graph', 'Q7v8Q~a-graph-secret-nobody-sees');
  assert.match(await server.refused('secrets'), /^the secret store of Key Vault own-vault is no map or list in JSON, which GitLab does not take for gitlab_rails\.object_store\.connection;/);
  own().set('store', '{"provider": "AzureRM", "azure_storage_access_key": "a key that nobody may see"}');
  assert.deepEqual((await machine.try('ls', '/etc/gitlab/secrets')).status === 0, false);
});

test('each arrives as it is in its vault, and is seen nowhere else', async () => {
  await server.runAll(TRACED);
  const found = await rails();
  assert.equal(found.ldap_servers.main.password, HOSTILE);
  assert.equal(found.omniauth_providers[0].args.client_options.secret, HOSTILE);
  assert.equal(found.microsoft_graph_mailer_client_secret, 'Q7v8Q~a-graph-secret-nobody-sees');
  assert.deepEqual(found.object_store.connection, { provider: 'AzureRM', azure_storage_access_key: 'a key that nobody may see' });
  assert.equal(found.redis_cache_instance, 'rediss://:p%40ss%2Fw%23rd%3A%C3%BC@redis.example.com:6380');
  const path = found.http_client.tls_client_cert_file;
  assert.equal(path, `/etc/gitlab/secret-files/${file('client')}`);
  assert.equal(await content(path), PEM);
  assert.equal((await machine.run('stat', '-c', '%a %U %g', path, '/etc/gitlab/secret-files', '/etc/gitlab/secrets', `/etc/gitlab/secrets/${file('bind')}`)).trim(),
    '640 root 700\n750 root 700\n700 root 0\n600 root 0');
  assert.deepEqual(await leaks(server, ['it\'s "#{exit}"', 'a-graph-secret-nobody-sees', 'a key that nobody may see', 'p@ss/w#rd']), []);
});

test('a run that finds nothing new changes nothing', async () => {
  const earlier = await reconfigures();
  await server.runAll();
  assert.equal(await reconfigures(), earlier);
});

test('the timer fetches a new value, and GitLab takes it at its time', async () => {
  const earlier = await reconfigures();
  own().set('bind', 'the next "one"');
  const waiting = await refresh();
  assert.ok(waiting.ok, waiting.said);
  assert.equal(await content(`/etc/gitlab/secrets/${file('bind')}`), 'the next "one"');
  assert.equal((await rails()).ldap_servers.main.password, HOSTILE);
  assert.equal(await reconfigures(), earlier);
  await machine.run('sed', '-i', `s/^SECRETS_RELOAD_TIME=.*/SECRETS_RELOAD_TIME=${NOW}/`, '/usr/local/lib/gitlab-server/secrets.env');
  const taken = await refresh();
  assert.ok(taken.ok, taken.said);
  assert.equal((await rails()).ldap_servers.main.password, 'the next "one"');
  assert.equal(await reconfigures(), earlier + 1);
  assert.ok((await refresh()).ok);
  assert.equal(await reconfigures(), earlier + 1);
});

test('a file that is only named makes its readers start anew', async () => {
  own().set('client', `${PEM}${PEM}`);
  const { ok, said } = await refresh();
  assert.ok(ok, said);
  assert.match(said, /restarting puma/);
  assert.equal(await content((await rails()).http_client.tls_client_cert_file), `${PEM}${PEM}`);
});

test('a value that its key does not bear leaves the last, and others are taken', async () => {
  own().set('graph', 'yes');
  own().set('bind', 'the third');
  const { ok, said } = await refresh();
  assert.ok(!ok);
  assert.match(said, /WARNING: GitLab goes on with the last value of the secret graph: the secret graph of Key Vault own-vault is not of letters/);
  assert.match(said, /failed: not read from their Key Vaults: graph;/);
  const found = await rails();
  assert.equal(found.microsoft_graph_mailer_client_secret, 'Q7v8Q~a-graph-secret-nobody-sees');
  assert.equal(found.ldap_servers.main.password, 'the third');
  own().set('graph', 'Q7v8Q~another');
});

test('a secret that is deleted, and a vault that is away, leave the last', async () => {
  own().purge('bind');
  reachable = false;
  azure.vault('other-vault').set('redis', 'never read');
  const { ok, said } = await refresh();
  assert.ok(!ok);
  assert.match(said, /WARNING: GitLab goes on with the last value of the secret bind: Key Vault own-vault has no secret bind;/);
  assert.match(said, /WARNING: GitLab goes on with the last value of the secret redis: Key Vault other-vault answers GET secrets\/redis with 403/);
  assert.match(said, /failed: not read from their Key Vaults: bind redis;/);
  const found = await rails();
  assert.equal(found.ldap_servers.main.password, 'the third');
  assert.equal(found.microsoft_graph_mailer_client_secret, 'Q7v8Q~another');
  assert.match(found.redis_cache_instance, /p%40ss/);
  reachable = true;
  own().set('bind', 'the fourth');
});

test('secrets that are wanted no more go, and the timer with the last', async () => {
  await server.applied({ ...ALWAYS, omnibusSettings: { gitlab_rails: { ldap_servers: { main: { password: BIND } } } } });
  assert.equal((await rails()).ldap_servers.main.password, 'the fourth');
  assert.deepEqual((await machine.shell('ls /etc/gitlab/secrets /etc/gitlab/secret-files')).trim().split(/\s+/),
    ['/etc/gitlab/secret-files:', '/etc/gitlab/secrets:', file('bind')]);
  assert.equal(await machine.run('systemctl', 'is-active', 'gitlab-secrets.timer'), 'active\n');
  await server.applied(ALWAYS);
  assert.equal((await machine.shell('ls /etc/gitlab/secrets /etc/gitlab/secret-files')).trim(), '/etc/gitlab/secret-files:\n\n/etc/gitlab/secrets:');
  assert.notEqual((await machine.try('systemctl', 'is-active', 'gitlab-secrets.timer')).status, 0);
});
