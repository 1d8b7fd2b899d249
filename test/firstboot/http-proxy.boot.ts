import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ForwardProxy } from './harness/forward-proxy';
import { Server } from './harness/server';
import { GitLabEndpoint, HttpProxy } from 'cdktf-azure-gitlab';

const proxy = new ForwardProxy();
const PROPS = {
  endpoint: GitLabEndpoint.https({ letsEncrypt: false }), runners: { aks: { tags: ['aks'] } }, backup: {}, httpProxy: HttpProxy.at(proxy.url),
};
const server = new Server();
const { azure, disk, machine } = server;
const APT = '/etc/apt/apt.conf.d/90gitlab-server-proxy';

/** From now on no name leads anywhere but to the machine itself: only the proxy knows the others. */
const close = () => machine.writeHosts('');

before(async () => {
  await server.begin(PROPS);
  disk.attach();
  await proxy.start(azure.hosts);
  close();
});
after(() => proxy.stop());

test('without the proxy the machine reaches nobody', async () => {
  const { status, output } = await machine.try('curl', '--silent', '--show-error', '--max-time', '20', 'https://packages.gitlab.com/');
  assert.notEqual(status, 0);
  assert.match(output, /Could not resolve host/);
});

test('first boot through it: every step ends well, and GitLab answers', async () => {
  await server.runAll();
  assert.ok(await server.isReady());
  assert.deepEqual(server.serverVault.names, ['gitlab-root-password', 'gitlab-secrets-json']);
});

test('packages, vaults and storage came by it, and what is of the machine did not', () => {
  const { asked } = proxy;
  for (const host of ['packages.gitlab.com', `${server.storageAccount}.blob.core.windows.net`]) {
    assert.ok(asked.includes(host), `${host} is among ${asked.join()}`);
  }
  assert.equal(asked.filter((host) => host.endsWith('.vault.azure.net')).length, 2);
  assert.deepEqual(asked.filter((host) => /^\d|localhost|cloudapp/.test(host)), []);
});

test('a timer\'s work goes by it too', async () => {
  const archives = () => azure.storage(server.storageAccount).list('gitlab-backups').filter((name) => name.endsWith('.tar'));
  assert.deepEqual(archives(), []);
  const { status } = await machine.startService('gitlab-backup.service');
  assert.equal(status, 0, await machine.journal('--unit=gitlab-backup'));
  assert.equal(archives().length, 1);
});

test('the machine\'s own updates ask it', async () => {
  const settings = await machine.run('apt-config', 'dump', 'Acquire');
  assert.match(settings, new RegExp(`Acquire::http::Proxy "${proxy.url}";`));
  assert.match(settings, new RegExp(`Acquire::https::Proxy "${proxy.url}";`));
  assert.match(settings, /Acquire::http::Proxy::169\.254\.169\.254 "DIRECT";/);
});

test('GitLab\'s services are told of it', async () => {
  const rb = await machine.run('cat', '/etc/gitlab/gitlab.rb');
  assert.match(rb, new RegExp(`gitaly\\["env"\\] = .*"https_proxy" => "${proxy.url}"`));
});

test('without the prop nothing of it is left', async () => {
  server.plan({ ...PROPS, httpProxy: undefined });
  await server.runAll();
  assert.equal((await machine.try('test', '-e', APT)).status, 1);
  assert.doesNotMatch(await machine.run('cat', '/etc/gitlab/gitlab.rb'), /https_proxy/);
});
