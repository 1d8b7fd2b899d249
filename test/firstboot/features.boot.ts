import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { before, test } from 'node:test';
import { changes, fingerprint } from './harness/changes';
import { leaks, TRACED } from './harness/secrets';
import { Server } from './harness/server';
import { GitLabEndpoint, KeyVaultSecret } from 'cdktf-azure-gitlab';

const ENDPOINT = { endpoint: GitLabEndpoint.https({ letsEncrypt: false }) };
const MAIL = {
  smtp: {
    host: 'smtp.example.com', fromAddress: 'git@example.com', username: 'git',
    password: KeyVaultSecret.of('/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/own/providers/Microsoft.KeyVault/vaults/own-vault', 'smtp'),
  },
};
const PROPS = { ...ENDPOINT, ...MAIL, registry: {}, objectStorage: {} };
const PASSWORD = 'a "password" that nobody\'s \\ may see $x';

const server = new Server();
const { azure, disk, machine } = server;

before(async () => {
  azure.vault('own-vault', (_, method) => method === 'GET');
  await server.begin(PROPS);
  disk.attach();
  await server.ran('data-disk');
});

const configured = async () => JSON.parse(await machine.run('cat', '/var/opt/gitlab/gitlab.json'));

test('a mail server\'s password that is not in its vault ends the step', async () => {
  assert.equal(await server.refused('secrets'), 'Key Vault own-vault has no secret smtp; put it there, then run this step again');
});

test('mail: the settings arrive, the password comes from its vault and is seen nowhere else', async () => {
  azure.vault('own-vault').set('smtp', PASSWORD);
  await server.runAll(TRACED);
  const { gitlab_rails: rails } = (await configured()).sections;
  assert.equal(rails.smtp_enable, true);
  assert.equal(rails.smtp_address, 'smtp.example.com');
  assert.equal(rails.smtp_user_name, 'git');
  assert.equal(rails.smtp_password, PASSWORD);
  assert.equal(rails.gitlab_email_from, 'git@example.com');
  assert.deepEqual(await leaks(server, [PASSWORD]), []);
  assert.ok(!(await machine.run('cat', '/etc/gitlab/gitlab.rb')).includes(PASSWORD));
});

test('a new password in the vault is taken by the next run', async () => {
  azure.vault('own-vault').set('smtp', 'another one');
  await server.ran('secrets');
  await server.ran('gitlab');
  assert.equal((await configured()).sections.gitlab_rails.smtp_password, 'another one');
});

test('the container registry answers on its port, with the server\'s certificate', async () => {
  const { sections, registry_external_url: url } = await configured();
  assert.match(url, /^https:\/\/gitlab-firstboot\.koreacentral\.cloudapp\.azure\.com:5050$/);
  assert.equal(sections.registry.enable, true);
  assert.equal(sections.registry.nginx.ssl_certificate, '/etc/gitlab/ssl/server.crt');
  await new Promise<void>((resolve, reject) => {
    const socket = connect(5050, '127.0.0.1', () => {
      socket.destroy();
      resolve();
    }).on('error', reject);
  });
});

test('object storage: by the machine\'s identity, without a key, and with a new sign-in each night', async () => {
  const { object_store: store } = (await configured()).sections.gitlab_rails;
  assert.equal(store.enabled, true);
  assert.equal(store.connection.provider, 'AzureRM');
  assert.equal(store.connection.azure_storage_account_name, server.storageAccount);
  assert.equal(store.connection.azure_storage_access_key, undefined);
  assert.equal(await machine.run('systemctl', 'is-active', 'gitlab-sign-in.timer'), 'active\n');
  await machine.run('systemctl', 'start', 'gitlab-sign-in.service');
});

test('a second run with all of it changes nothing', async () => {
  const earlier = await fingerprint(server);
  await server.runAll();
  assert.deepEqual(changes(earlier, await fingerprint(server)), []);
});

test('without these features nothing of them stays', async () => {
  await server.applied(ENDPOINT);
  const { sections, registry_external_url: url } = await configured();
  assert.equal(url, undefined);
  assert.equal(sections.registry.enable, false);
  assert.equal(sections.gitlab_rails.smtp_enable, undefined);
  assert.equal(sections.gitlab_rails.object_store, undefined);
  assert.equal((await machine.try('test', '-e', '/etc/gitlab/smtp-password')).status, 1);
  assert.notEqual((await machine.try('systemctl', 'is-enabled', 'gitlab-sign-in.timer')).output.trim(), 'enabled');
});
