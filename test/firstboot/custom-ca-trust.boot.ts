import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DecryptingProxy } from './harness/decrypting-proxy';
import { ServerProps } from './harness/program';
import { Server } from './harness/server';
import { CertificateAuthority } from '../apply/azure/certificates';
import { GitLabEndpoint, HttpProxy } from 'cdktf-azure-gitlab';

const proxy = new DecryptingProxy();
const successor = new CertificateAuthority('its successor');
const PROPS: ServerProps = { endpoint: GitLabEndpoint.https({ letsEncrypt: false }), backup: {}, httpProxy: HttpProxy.at(proxy.url) };
const OWN = proxy.authority.certificate;
const server = new Server();
const { azure, disk, machine } = server;
const UPDATE = '/usr/local/sbin/update-ca-certificates';
const STORE = '/etc/ssl/certs/ca-certificates.crt';
const SAYS = 'telling this machine whom it trusts';
const RESTARTS = 'having GitLab\'s services know whom they trust';

/** From now on only the proxy knows where names lead. */
function plan(props: ServerProps): void {
  server.plan(props);
  machine.writeHosts('');
}

const reconfigures = async () => (await machine.run('cat', '/var/opt/gitlab/reconfigures')).trim().split('\n').length;
/** The body of a certificate, which no other one has. */
const bodyOf = (certificate: string) => certificate.split('\n')[2];
/** Whose certificates GitLab is given. */
const shared = async () => machine.shell('cat /etc/gitlab/trusted-certs/custom-ca-trust-*.crt 2>/dev/null || true');
const count = (text: string, part: string) => text.split(part).length - 1;

before(async () => {
  await server.begin(PROPS);
  disk.attach();
  await proxy.start(azure.hosts, azure.authority.certificate);
  plan(PROPS);
});
after(() => {
  proxy.stop();
  successor.close();
});

test('without its authority the first step that asks somebody fails at once, and says what to give', async () => {
  await server.ran('metadata');
  await server.ran('data-disk');
  assert.match(await server.refused('gitlab'), new RegExp('^https://\\S+\\.vault\\.azure\\.net/\\S+ shows a certificate of an authority that this machine does not trust '
    + '\\(curl: \\(60\\) SSL certificate problem: .*\\); if a proxy or a firewall decrypts on the way, give its authority in customCaTrustCertificates and apply$'));
  assert.deepEqual([...proxy.asked], []);
});

test('what is no certificate fails in words, and changes nothing', async () => {
  const { CUSTOM_CA_TRUST: _, ...rest } = server.command('metadata').parameters;
  assert.equal(_, undefined);
  for (const [given, told] of [
    ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', 'certificate 001 of customCaTrustCertificates cannot be read; give it as PEM and apply'],
    ['company.pem', 'customCaTrustCertificates has no certificate; give each as PEM, -----BEGIN CERTIFICATE----- and on, and apply'],
  ]) {
    assert.equal(await server.refused('metadata', { environment: { ...rest, CUSTOM_CA_TRUST: given } }), told);
  }
  assert.equal((await machine.try('test', '-e', '/usr/local/share/ca-certificates/gitlab-server')).status, 1);
});

test('a store that was cut off is finished by the next run', async () => {
  plan({ ...PROPS, customCaTrustCertificates: [OWN] });
  machine.write(UPDATE, '#!/bin/sh\nexit 1\n', 0o755);
  assert.match(await server.refused('metadata'), /^the authorities that this machine trusts cannot be renewed, /);
  await machine.run('rm', UPDATE);
  assert.ok((await server.ran('metadata')).said.includes(SAYS));
  assert.equal(count(await machine.run('cat', STORE), bodyOf(OWN)), 1);
});

test('with it the first boot ends well, and all came through the proxy', async () => {
  await server.runAll();
  assert.ok(await server.isReady());
  for (const host of ['packages.gitlab.com', `${server.storageAccount}.blob.core.windows.net`]) {
    assert.ok(proxy.asked.has(host), `${host} is among ${[...proxy.asked].join()}`);
  }
  assert.equal([...proxy.asked].filter((host) => host.endsWith('.vault.azure.net')).length, 2);
});

test('other programs of the machine trust it, and GitLab is given it', async () => {
  const key = 'https://packages.gitlab.com/gpgkey/gpg.key';
  await machine.shell(`https_proxy=${proxy.url} python3 -c 'import urllib.request; urllib.request.urlopen("${key}").read()'`);
  await machine.shell('apt-get -q update -o Dir::Etc::sourcelist=/etc/apt/sources.list.d/gitlab.list -o Dir::Etc::sourceparts=- -o APT::Update::Error-Mode=any');
  assert.equal(count(await shared(), bodyOf(OWN)), 1);
  // GitLab's users read it.
  assert.deepEqual((await machine.shell('stat -c %a /etc/gitlab/trusted-certs /etc/gitlab/trusted-certs/custom-ca-trust-*.crt')).trim().split('\n'), ['755', '644']);
});

test('nothing is done a second time', async () => {
  const earlier = await reconfigures();
  const said = (await server.runAll()).flatMap((result) => result.said);
  assert.deepEqual(said.filter((line) => [SAYS, RESTARTS].includes(line)), []);
  assert.equal(await reconfigures(), earlier);
});

test('a successor beside it: GitLab is configured and restarted for it', async () => {
  const earlier = await reconfigures();
  plan({ ...PROPS, customCaTrustCertificates: [successor.certificate, OWN] });
  const results = await server.runAll();
  assert.deepEqual(results.filter(({ said }) => said.includes(RESTARTS)).map(({ step }) => step), ['gitlab']);
  assert.equal(await reconfigures(), earlier + 1);
  for (const store of [await machine.run('cat', STORE), await shared()]) {
    assert.deepEqual([OWN, successor.certificate].map((one) => count(store, bodyOf(one))), [1, 1]);
  }
  assert.ok(await server.isReady());
});

test('without the prop nobody trusts it any more', async () => {
  const earlier = await reconfigures();
  server.plan({ ...PROPS, httpProxy: undefined });
  const results = await server.runAll();
  assert.deepEqual(results.filter(({ said }) => said.includes(RESTARTS)).map(({ step }) => step), ['gitlab']);
  assert.equal(await reconfigures(), earlier + 1);
  assert.equal(await shared(), '');
  assert.equal(count(await machine.run('cat', STORE), bodyOf(OWN)), 0);
  assert.match((await machine.try('curl', '--proxy', proxy.url, '--silent', '--show-error', 'https://packages.gitlab.com/')).output, /\(60\)/);
  assert.equal(await machine.shell('find /etc/ssl/certs -name "custom-ca-trust-*"'), '');
});
