import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { lane } from './harness/lane';
import { Server } from './harness/server';
import { shownCertificate, untilShown } from './harness/shown-certificate';
import { GitLabEndpoint, KeyVaultSecret } from 'cdktf-azure-gitlab';

const HOST = 'git.example.com';
const DOMAIN = 'pages.example.org';
const VAULT = '/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/own/providers/Microsoft.KeyVault/vaults/own-vault';
const PROPS = { endpoint: GitLabEndpoint.customDomain(HOST) };
const WITH_PAGES = { ...PROPS, pages: { domain: DOMAIN } };

const server = new Server();
const { azure, disk, machine } = server;

before(async () => {
  azure.vault('own-vault', (_, method) => method === 'GET');
  azure.letsEncrypt.refuses = false;
  azure.letsEncrypt.unreachable.add(DOMAIN);
  await server.begin(PROPS);
  disk.attach();
  await server.applied(PROPS);
});

const renew = async () => assert.equal((await machine.startService('gitlab-certificate.service')).status, 0);
const authority = () => machine.run('cat', '/etc/gitlab/ssl/ca.crt');
const configured = async () => JSON.parse(await machine.run('cat', '/var/opt/gitlab/gitlab.json'));
const later = () => machine.shell('touch -d "-7 hours" /var/lib/gitlab-server/lets-encrypt-tried*');

/** A certificate for names, and its key, PEM. */
function certificateFor(...names: string[]): string {
  const folder = mkdtempSync(join(lane.folder, 'own-'));
  writeFileSync(join(folder, 'names'), `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}\n`);
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '90', '-subj', '/CN=own', '-addext', readFileSync(join(folder, 'names'), 'utf8').trim(),
    '-keyout', 'key', '-out', 'cert'], { cwd: folder, stdio: 'ignore' });
  return readFileSync(join(folder, 'key'), 'utf8') + readFileSync(join(folder, 'cert'), 'utf8');
}

test('a name that Let\'s Encrypt refuses costs GitLab nothing: Pages go on with the own authority', async () => {
  const results = await server.applied(WITH_PAGES);
  assert.ok(results.flatMap(({ said }) => said).some((line) => line.startsWith(`WARNING: Let's Encrypt gave no certificate for ${DOMAIN}`)));
  assert.match((await shownCertificate(HOST)).certificate.issuer, /Let's Encrypt/);
  const { certificate, trusted } = await shownCertificate(DOMAIN, await authority());
  assert.match(certificate.issuer, /GitLab server authority/);
  assert.ok(trusted);
  const { gitlab_pages: pages, gitlab_rails: { nginx } } = (await configured()).sections;
  assert.deepEqual([pages.namespace_in_path, pages.access_control], [true, true]);
  assert.equal(nginx.hsts_max_age, undefined);
});

test('it is not asked again at once, and nothing changes by itself', async () => {
  const { orders } = azure.letsEncrypt;
  await renew();
  await server.ran('gitlab');
  assert.equal(azure.letsEncrypt.orders, orders);
});

test('later, one certificate has both names', async () => {
  azure.letsEncrypt.unreachable.clear();
  await later();
  await renew();
  for (const name of [HOST, DOMAIN]) {
    const { issuer } = await untilShown(name, ({ subjectAltName }) => subjectAltName === `DNS:${HOST}, DNS:${DOMAIN}`);
    assert.match(issuer, /Let's Encrypt/);
  }
  const { orders } = azure.letsEncrypt;
  await renew();
  await server.ran('gitlab');
  assert.equal(azure.letsEncrypt.orders, orders);
});

test('another domain is asked for after GitLab is configured, so that a refusal does not stop it', async () => {
  azure.letsEncrypt.unreachable.add('sites.example.org');
  await server.applied({ ...PROPS, pages: { domain: 'sites.example.org' } });
  assert.match((await shownCertificate(HOST)).certificate.issuer, /Let's Encrypt/);
  const { certificate, trusted } = await shownCertificate('sites.example.org', await authority());
  assert.match(certificate.issuer, /GitLab server authority/);
  assert.ok(trusted);
});

test('a wildcard of their own comes from a Key Vault, and is renewed from there', async () => {
  const own = { ...PROPS, pages: { domain: DOMAIN, singleDomain: false, certificate: KeyVaultSecret.of(VAULT, 'pages') } };
  const vault = azure.vault('own-vault');
  vault.set('pages', certificateFor(DOMAIN));
  server.plan(own);
  assert.equal(await server.refused('gitlab'), `the certificate pages of Key Vault own-vault is not for *.${DOMAIN}; use one that is, then run this step again`);
  vault.set('pages', certificateFor(`*.${DOMAIN}`, DOMAIN));
  await server.applied(own);
  const first = await untilShown(`group.${DOMAIN}`, ({ subjectAltName }) => subjectAltName === `DNS:*.${DOMAIN}, DNS:${DOMAIN}`);
  assert.match((await shownCertificate(HOST)).certificate.issuer, /Let's Encrypt/);
  vault.set('pages', certificateFor(`*.${DOMAIN}`));
  await renew();
  await untilShown(`group.${DOMAIN}`, ({ fingerprint }) => fingerprint !== first.fingerprint);
  assert.equal(await machine.run('stat', '-c', '%a', '/etc/gitlab/ssl/pages.key'), '600\n');
});

test('an endpoint\'s certificate from a Key Vault has to be for both', async () => {
  const own = { endpoint: GitLabEndpoint.certificateFromKeyVault(HOST, KeyVaultSecret.of(VAULT, 'web')), pages: { domain: DOMAIN } };
  azure.vault('own-vault').set('web', certificateFor(HOST));
  server.plan(own);
  assert.equal(await server.refused('gitlab'), `the certificate web of Key Vault own-vault is not for ${DOMAIN}; use one that is, then run this step again`);
  azure.vault('own-vault').set('web', certificateFor(HOST, DOMAIN));
  await server.applied(own);
  await untilShown(DOMAIN, ({ subjectAltName }) => subjectAltName === `DNS:${HOST}, DNS:${DOMAIN}`);
});

test('without Pages, the server is as it was', async () => {
  await server.applied(PROPS);
  assert.match((await shownCertificate(HOST)).certificate.issuer, /Let's Encrypt/);
  assert.equal((await configured()).pages_external_url, undefined);
});
