import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { lane, until } from './harness/lane';
import { AZURE_NAME } from './harness/program';
import { Server } from './harness/server';
import { shownCertificate, untilShown } from './harness/shown-certificate';
import { GitLabEndpoint, KeyVaultSecret } from 'cdktf-azure-gitlab';

const server = new Server();
const { azure, disk, machine } = server;
const OWN_VAULT = '/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/own/providers/Microsoft.KeyVault/vaults/own-vault';
const OWN = {
  endpoint: GitLabEndpoint.certificateFromKeyVault('git.example.com', KeyVaultSecret.of(OWN_VAULT, 'web')),
};

before(async () => {
  azure.vault('own-vault', (_, method) => method === 'GET');
  await server.begin({});
  disk.attach();
});

const shown = async () => (await shownCertificate(AZURE_NAME)).certificate;
const shows = (fits: (certificate: X509Certificate) => boolean, name = AZURE_NAME): Promise<X509Certificate> => untilShown(name, fits);
const showsThatOf = (pem: string, name?: string) => shows(({ fingerprint }) => fingerprint === new X509Certificate(pem).fingerprint, name);

const renew = async () => assert.equal((await machine.startService('gitlab-certificate.service')).status, 0);

/** Puts another certificate of the own authority in the place of the one that is there, for the same key. */
const reissue = (days: number) => machine.shell('cd /etc/gitlab/ssl && openssl x509 -x509toreq -in server.crt -signkey server.key -out /tmp/csr 2>/dev/null && '
  + `openssl x509 -req -in /tmp/csr -CA ca.crt -CAkey ca.key -set_serial 0x$(openssl rand -hex 16) -days ${days} -out server.crt 2>/dev/null`);

/** A key pair of a name in a folder, signed by an authority in the same one: key.pem, cert.pem, ca.pem. */
function keyPair(name: string, days = 90): string {
  const folder = mkdtempSync(join(lane.folder, 'own-'));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '100', '-subj', '/CN=own authority', '-keyout', 'ca.key', '-out', 'ca.pem');
  writeFileSync(join(folder, 'names'), `subjectAltName=DNS:${name}\n`);
  openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=own', '-keyout', 'key.pem', '-out', 'csr');
  openssl('x509', '-req', '-in', 'csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', String(days), '-extfile', 'names', '-out', 'cert.pem');
  openssl('pkcs12', '-export', '-in', 'cert.pem', '-inkey', 'key.pem', '-certfile', 'ca.pem', '-passout', 'pass:', '-out', 'all.pfx');
  return folder;
}

const read = (folder: string, ...files: string[]) => files.map((file) => readFileSync(join(folder, file), 'utf8')).join('');

test('Let\'s Encrypt refuses: loud, no failure, and the own authority goes on', async () => {
  const results = await server.applied({});
  assert.ok(results.flatMap(({ said }) => said).some((line) => line.startsWith('WARNING: Let\'s Encrypt gave no certificate')));
  assert.match((await shown()).issuer, /GitLab server authority/);
  assert.equal(azure.letsEncrypt.orders, 1);
});

test('it is not asked again at once', async () => {
  await renew();
  await server.ran('gitlab');
  assert.equal(azure.letsEncrypt.orders, 1);
});

test('later the timer asks again, and takes what it gets', async () => {
  azure.letsEncrypt.refuses = false;
  await machine.shell('touch -d "-7 hours" /var/lib/gitlab-server/lets-encrypt-tried');
  await renew();
  const { subjectAltName } = await shows(({ issuer }) => /Let's Encrypt/.test(issuer));
  assert.match(subjectAltName!, new RegExp(AZURE_NAME));
  const orders = azure.letsEncrypt.orders;
  await renew();
  await server.ran('gitlab');
  assert.equal(azure.letsEncrypt.orders, orders);
  assert.match((await shown()).issuer, /Let's Encrypt/);
});

test('a certificate of the own authority is renewed by the timer before it ends, and nginx shows it', async () => {
  await server.applied({ endpoint: GitLabEndpoint.https({ letsEncrypt: false }) });
  const earlier = await shown();
  await renew();
  assert.equal((await shown()).fingerprint, earlier.fingerprint);
  // as it would be in two weeks and a day
  await reissue(14);
  await machine.run('gitlab-ctl', 'hup', 'nginx');
  await renew();
  const after = await shows(({ fingerprint, validTo }) => fingerprint !== earlier.fingerprint && Date.parse(validTo) > Date.now() + 29 * 86_400_000);
  assert.equal(after.issuer, earlier.issuer);
});

test('a renewal that was cut off before nginx heard of it is made good by the next run', async () => {
  await reissue(29);
  const written = new X509Certificate(await machine.run('cat', '/etc/gitlab/ssl/server.crt'));
  assert.notEqual((await shown()).fingerprint, written.fingerprint);
  await renew();
  await showsThatOf(written.toString());
});

test('a renewal that waited for a set-up is one of what the stack wants since then', async () => {
  await server.applied({ endpoint: GitLabEndpoint.https({ letsEncrypt: false }) });
  server.plan({ endpoint: GitLabEndpoint.customDomain('git.example.com', { letsEncrypt: false }) });
  await machine.run('touch', '/run/hold-reconfigure');
  const step = await server.start('gitlab');
  await until('the hold', async () => (await machine.try('test', '-e', '/run/held-in-reconfigure')).status === 0);
  const renewal = machine.startService('gitlab-certificate.service');
  await machine.waitsFor(9);
  await machine.run('rm', '/run/hold-reconfigure');
  assert.ok((await step.wait()).ok);
  assert.equal((await renewal).status, 0, await machine.journal('--unit=gitlab-certificate', '--lines=20'));
  await shows(({ subjectAltName }) => subjectAltName === 'DNS:git.example.com');
  assert.match(await machine.run('openssl', 'x509', '-in', '/etc/gitlab/ssl/server.crt', '-noout', '-ext', 'subjectAltName'), /DNS:git\.example\.com\n/);
});

test('a certificate of an own vault: what is wrong with it is said', async () => {
  server.plan(OWN);
  const vault = azure.vault('own-vault');
  assert.equal(await server.refused('gitlab'), 'Key Vault own-vault has no certificate web; put it there, then run this step again');
  vault.set('web', 'no certificate at all');
  assert.equal(await server.refused('gitlab'), 'the certificate web of Key Vault own-vault is neither PEM nor PKCS #12 without a password; '
    + 'import it as one of these, then run this step again');
  const [good, other] = [keyPair('git.example.com'), keyPair('other.example.com')];
  vault.set('web', read(good, 'cert.pem'));
  assert.equal(await server.refused('gitlab'), 'the certificate web of Key Vault own-vault comes without its private key; make it with an exportable key, '
    + 'then run this step again');
  vault.set('web', read(good, 'key.pem') + read(other, 'cert.pem'));
  assert.equal(await server.refused('gitlab'), 'none of the certificates in web of Key Vault own-vault fits the private key; import them anew, then run this step again');
  vault.set('web', read(other, 'key.pem', 'cert.pem'));
  assert.equal(await server.refused('gitlab'), 'the certificate web of Key Vault own-vault is not for git.example.com; use one that is, then run this step again');
});

test('a certificate of an own vault, PEM in the wrong order, then renewed there as PKCS #12', async () => {
  const vault = azure.vault('own-vault');
  const first = keyPair('git.example.com');
  vault.set('web', read(first, 'ca.pem', 'key.pem', 'cert.pem'));
  await server.applied(OWN);
  await showsThatOf(read(first, 'cert.pem'), 'git.example.com');
  assert.match(server.runnerVault.value('gitlab-ca-certificate')!, /BEGIN CERTIFICATE[^]*BEGIN CERTIFICATE/);

  const second = keyPair('*.example.com');
  vault.set('web', readFileSync(join(second, 'all.pfx')).toString('base64'));
  await renew();
  await showsThatOf(read(second, 'cert.pem'), 'git.example.com');
  assert.equal(await machine.run('stat', '-c', '%a', '/etc/gitlab/ssl/server.key'), '600\n');
});
