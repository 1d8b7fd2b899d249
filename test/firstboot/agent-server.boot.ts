import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Server } from './harness/server';
import { shownCertificate, untilShown } from './harness/shown-certificate';
import { ADDRESSES, ask, WebServer } from './harness/web-server';
import { GitLabEndpoint } from 'cdktf-azure-gitlab';

const HOST = 'git.example.com';
const AGENTS = 'agents.example.com';
const OWN = { endpoint: GitLabEndpoint.customDomain(HOST, { letsEncrypt: false }), omnibusSettings: { gitlab_kas_external_url: `wss://${AGENTS}` } };
const WITHOUT = { endpoint: GitLabEndpoint.customDomain(HOST) };
const WITH = { ...WITHOUT, omnibusSettings: OWN.omnibusSettings };
const BEHIND = { ...OWN, endpoint: GitLabEndpoint.behindProxy({ host: HOST, trustedCidrs: [`${ADDRESSES.proxy}/32`] }) };

const server = new Server();
const { azure, disk, machine } = server;
const web = new WebServer(machine);

before(async () => {
  await server.begin(OWN);
  disk.attach();
});
after(() => web.stop());

/** What an agent does first. Of all sites, that of its server alone says the scheme by this name. */
async function agent(url: string, headers: { readonly [name: string]: string } = {}, from = ADDRESSES.client) {
  const { status, seen } = await ask(`${url}/`, { address: ADDRESSES.gitlab, from, headers: { Connection: 'Upgrade', Upgrade: 'websocket', ...headers } });
  return { status, scheme: seen?.headers['x-scheme'], upgrade: seen?.headers.upgrade, address: seen?.headers['x-real-ip'] };
}

test('agents reach their server at its own address, by the certificate of the server\'s authority', async () => {
  await server.applied(OWN);
  await web.start();
  assert.deepEqual(await agent(`https://${AGENTS}`), { status: 200, scheme: 'https', upgrade: 'websocket', address: ADDRESSES.client });
  assert.equal((await agent(`https://${HOST}`)).scheme, undefined);
  assert.match((await shownCertificate(AGENTS)).certificate.issuer, /GitLab server authority/);
});

test('Let\'s Encrypt vouches for both names', async () => {
  azure.letsEncrypt.refuses = false;
  await server.applied(WITH);
  for (const name of [HOST, AGENTS]) {
    await untilShown(name, ({ issuer, subjectAltName }) => /Let's Encrypt/.test(issuer) && subjectAltName === `DNS:${HOST}, DNS:${AGENTS}`);
  }
  await web.restart();
  assert.equal((await agent(`https://${AGENTS}`)).scheme, 'https');
});

test('without an address of its own, GitLab is served as before', async () => {
  await server.applied(WITHOUT);
  await web.restart();
  assert.equal((await agent(`https://${AGENTS}`)).scheme, undefined);
  await untilShown(HOST, ({ subjectAltName }) => subjectAltName === `DNS:${HOST}`);
});

test('a name of agents that Let\'s Encrypt refuses is told, costs GitLab nothing, and can be mended', async () => {
  azure.letsEncrypt.unreachable.add(AGENTS);
  server.plan(WITH);
  assert.match(await server.refused('gitlab'), /^GitLab cannot be configured, the lines above say why/);
  await untilShown(HOST, ({ issuer, subjectAltName }) => /Let's Encrypt/.test(issuer) && subjectAltName === `DNS:${HOST}`);
  azure.letsEncrypt.unreachable.clear();
  await server.applied(WITH);
  await untilShown(AGENTS, ({ subjectAltName }) => subjectAltName === `DNS:${HOST}, DNS:${AGENTS}`);
});

test('where something in front ends TLS, they reach it through that, at the port of all sites', async () => {
  await server.applied(BEHIND);
  await web.restart();
  const through = await agent(`http://${AGENTS}`, { 'X-Forwarded-For': '203.0.113.9' }, ADDRESSES.proxy);
  assert.deepEqual(through, { status: 200, scheme: 'http', upgrade: 'websocket', address: '203.0.113.9' });
  assert.equal((await agent(`http://${HOST}`, {}, ADDRESSES.proxy)).scheme, undefined);
});
