import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Server } from './harness/server';
import { ADDRESSES, ask, WebServer } from './harness/web-server';
import { GitLabEndpoint } from 'cdktf-azure-gitlab';

const HOST = 'gitlab.example.com';
const URL = `https://${HOST}`;
const FRONT_DOOR = '0f0e0d0c-1111-4222-8333-0a0b0c0d0e0f';
const OWN = { endpoint: GitLabEndpoint.customDomain(HOST, { letsEncrypt: false }), registry: {} };
const PROXY = { host: HOST, trustedCidrs: [`${ADDRESSES.proxy}/32`] };
const BEHIND = { endpoint: GitLabEndpoint.behindProxy(PROXY), registry: {}, pages: { domain: 'pages.example.com' } };

const server = new Server();
const { azure, disk, machine } = server;
const web = new WebServer(machine);

before(async () => {
  await server.begin(OWN);
  disk.attach();
});
after(() => web.stop());

const configured = async () => JSON.parse(await machine.run('cat', '/var/opt/gitlab/gitlab.json'));
const hsts = async (port = 443) => (await ask(URL, { address: ADDRESSES.gitlab, port })).headers['strict-transport-security'];

/** The proxy of docs/behind-a-proxy.md, word for word but for what is at which address. */
function documentedProxy(): string {
  const page = readFileSync(join(process.env.FIRSTBOOT_REPOSITORY!, 'docs/behind-a-proxy.md'), 'utf8');
  const [, text] = /\n```nginx\n([^]*?)\n```\n/.exec(page)!;
  return text.replaceAll('listen ', `listen ${ADDRESSES.proxy}:`).replaceAll('10.40.0.4', ADDRESSES.gitlab);
}

test('no browser is told to remember HTTPS while the own authority vouches, at GitLab\'s port and at the registry\'s', async () => {
  await server.applied(OWN);
  await web.start();
  assert.deepEqual([await hsts(), await hsts(5050)], [undefined, undefined]);
});

test('it is told once Let\'s Encrypt vouches, by the machine alone, and not any more when the own authority has to take over', async () => {
  azure.letsEncrypt.refuses = false;
  await server.applied({ ...OWN, endpoint: GitLabEndpoint.customDomain(HOST) });
  await web.restart();
  assert.deepEqual([await hsts(), await hsts(5050)], ['max-age=63072000', 'max-age=63072000']);
  azure.letsEncrypt.refuses = true;
  await machine.shell(`rm /etc/gitlab/ssl/${HOST}.crt && touch -d "-7 hours" /var/lib/gitlab-server/lets-encrypt-tried && systemctl start gitlab-certificate.service`);
  await web.restart();
  assert.deepEqual([await hsts(), await hsts(5050)], [undefined, undefined]);
});

test('TLS ends in front: the steps end well, and ask GitLab itself, without the proxy', async () => {
  const results = await server.applied(BEHIND);
  assert.ok(results.some(({ said }) => said.some((line) => line.endsWith(`is ready at ${URL}`))));
  assert.equal((await machine.try('systemctl', 'is-active', 'gitlab-certificate.timer')).status, 3);
  await machine.run('curl', '--fail', '--silent', '--header', `Host: ${HOST}`, 'http://127.0.0.1/-/readiness');
  await server.ran('gitlab');
});

test('by the proxy of the documentation, clients come with their own address, over HTTPS, without going round in circles', async () => {
  await web.stop();
  await web.start();
  await web.startProxy(documentedProxy());
  const { status, headers, seen } = await ask(`${URL}/users/sign_in`, { address: ADDRESSES.proxy, headers: { 'X-Forwarded-For': '198.51.100.7' } });
  assert.equal(status, 200);
  assert.equal(seen!.path, '/users/sign_in');
  assert.equal(seen!.headers['x-forwarded-for'], ADDRESSES.client);
  assert.equal(seen!.headers['x-real-ip'], ADDRESSES.client);
  assert.equal(seen!.headers['x-forwarded-proto'], 'https');
  assert.equal(seen!.headers['x-forwarded-ssl'], 'on');
  assert.equal(seen!.headers.host, HOST);
  // only one of the two sends it.
  assert.equal(headers['strict-transport-security'], 'max-age=63072000');
  const plain = await ask(`http://${HOST}/x`, { address: ADDRESSES.proxy });
  assert.deepEqual([plain.status, plain.headers.location], [301, `${URL}/x`]);
  const socket = await ask(`${URL}/-/cable`, { address: ADDRESSES.proxy, headers: { Connection: 'Upgrade', Upgrade: 'websocket' } });
  assert.deepEqual([socket.seen!.headers.connection, socket.seen!.headers.upgrade], ['upgrade', 'websocket']);
});

test('the registry and Pages are behind it alike', async () => {
  const registry = await ask(`${URL}:5050/v2/`, { address: ADDRESSES.proxy, port: 5050 });
  assert.equal(registry.seen!.headers.host, `${HOST}:5050`);
  assert.deepEqual([registry.seen!.headers['x-real-ip'], registry.seen!.headers['x-forwarded-proto']], [ADDRESSES.client, 'https']);
  const pages = await ask('https://pages.example.com/group/site/', { address: ADDRESSES.proxy });
  assert.deepEqual([pages.seen!.headers.host, pages.seen!.path], ['pages.example.com', '/group/site/']);
  assert.deepEqual([pages.seen!.headers['x-real-ip'], pages.seen!.headers['x-forwarded-proto']], [ADDRESSES.client, 'https']);
  assert.equal(pages.headers['strict-transport-security'], 'max-age=63072000');
});

test('nobody but the proxy is believed', async () => {
  for (const name of [HOST, 'pages.example.com']) {
    const { seen } = await ask(`http://${name}/`, { address: ADDRESSES.gitlab, from: ADDRESSES.stranger, headers: { 'X-Forwarded-For': '198.51.100.7' } });
    assert.equal(seen!.headers['x-real-ip'], ADDRESSES.stranger);
  }
});

test('who may ask how GitLab is: the machine, and the proxy only where that is wanted', async () => {
  assert.equal((await configured()).sections.gitlab_rails.monitoring_whitelist, undefined);
  await server.applied({ ...BEHIND, endpoint: GitLabEndpoint.behindProxy({ ...PROXY, healthProbesAllowed: true }) });
  assert.deepEqual((await configured()).sections.gitlab_rails.monitoring_whitelist, ['127.0.0.0/8', '::1/128', `${ADDRESSES.proxy}/32`]);
});

test('an application gateway names the client with its port', async () => {
  await web.restart();
  const { seen } = await ask(`http://${HOST}/`, { address: ADDRESSES.gitlab, from: ADDRESSES.proxy, headers: { 'X-Forwarded-For': '203.0.113.9:51234' } });
  assert.equal(seen!.headers['x-forwarded-for'], '203.0.113.9');
});

test('behind Front Door, only the own profile gets through, and the machine itself', async () => {
  await server.applied({
    ...BEHIND,
    endpoint: GitLabEndpoint.behindFrontDoor(HOST, FRONT_DOOR),
    omnibusSettings: { nginx: { custom_gitlab_server_config: 'add_header X-Own "kept";' } },
  });
  await web.restart();
  const through = (name: string, headers: { [name: string]: string }, from = ADDRESSES.stranger, port = 80) =>
    ask(`http://${name}/`, { address: ADDRESSES.gitlab, from, port, headers });
  for (const [name, port] of [[HOST, 80], [HOST, 5050], ['pages.example.com', 80]] as const) {
    assert.equal((await through(name, {}, undefined, port)).status, 403);
    assert.equal((await through(name, { 'X-Azure-FDID': FRONT_DOOR.replace('0f', '1f') }, undefined, port)).status, 403);
    assert.equal((await through(name, { 'X-Azure-FDID': `127.0.0.1|${FRONT_DOOR}x` }, undefined, port)).status, 403);
    const { status, seen } = await through(name, { 'X-Azure-FDID': FRONT_DOOR, 'X-Azure-SocketIP': '203.0.113.9', 'X-Forwarded-For': '198.51.100.7' }, undefined, port);
    assert.deepEqual([status, seen!.headers['x-real-ip']], [200, '203.0.113.9']);
  }
  assert.equal((await through(HOST, {}, '127.0.0.1')).status, 200);
  assert.equal((await through(HOST, { 'X-Azure-FDID': FRONT_DOOR })).headers['x-own'], 'kept');
});

const banner = async (port: number) => new Promise<string>((resolve, reject) => {
  const socket = connect({ host: '127.0.0.1', port }, () => socket.once('data', (data) => {
    resolve(data.toString());
    socket.destroy();
  }));
  socket.on('error', reject);
});

test('git over SSH is served at the port that the addresses show, and after a restart', async () => {
  await server.applied({ ...BEHIND, sshPort: 2222, sshAllowedCidrs: ['192.0.2.0/24'] });
  assert.match(await banner(2222), /^SSH-2\.0-/);
  assert.match(await banner(22), /^SSH-2\.0-/);
  const { gitlab_rails: rails } = (await configured()).sections;
  assert.equal(rails.gitlab_shell_ssh_port, 2222);
  assert.equal(rails.gitlab_ssh_host, 'gitlab-firstboot.koreacentral.cloudapp.azure.com');
  await machine.reboot();
  assert.match(await banner(2222), /^SSH-2\.0-/);
});

test('another port takes the place of the first, and 22 alone that of both', async () => {
  await server.applied({ ...BEHIND, sshPort: 2223 });
  assert.match(await banner(2223), /^SSH-2\.0-/);
  await assert.rejects(banner(2222));
  await server.applied(BEHIND);
  await assert.rejects(banner(2223));
  assert.match(await banner(22), /^SSH-2\.0-/);
});

test('a configuration of sshd that is broken is named, and leaves the one that runs alone', async () => {
  await machine.shell('echo Nonsense yes >/etc/ssh/sshd_config.d/90-own.conf');
  server.plan({ ...BEHIND, sshPort: 2224 });
  assert.match(await server.refused('data-disk'), /^sshd does not take its configuration, see .* mend what is in \/etc\/ssh, then run this step again$/);
  assert.match(await banner(22), /^SSH-2\.0-/);
  await machine.shell('rm /etc/ssh/sshd_config.d/90-own.conf');
  await server.ran('data-disk');
  assert.match(await banner(2224), /^SSH-2\.0-/);
});

test('TLS ends on the server again, with a certificate of its own authority', async () => {
  await server.applied(OWN);
  await web.restart();
  assert.equal((await ask(`${URL}/`, { address: ADDRESSES.gitlab })).status, 200);
  assert.equal((await machine.try('systemctl', 'is-active', 'gitlab-certificate.timer')).status, 0);
});
