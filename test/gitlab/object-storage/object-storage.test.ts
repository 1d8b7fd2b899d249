import { GitLabEndpoint, GitLabSmtpEncryption, GitLabVersion, KeyVaultSecret, SelfHostedGitLab, SelfHostedGitLabProps } from '../../../src';
import { newStack, resources, synth, TerraformJson, warnings } from '../../synth';

const VAULT = '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/mail-vault';

function server(props: any) {
  const stack = newStack();
  const given: SelfHostedGitLabProps = { location: 'koreacentral', dnsLabel: 'acme', ...props };
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', given);
  return { gitlab, stack, json: synth(stack) };
}

function parameters(json: TerraformJson, step: string): { [name: string]: string } {
  return json.locals[Object.keys(json.locals).find((key) => key.startsWith(`GitLab_SetUp_${step}Parameters_`))!];
}

const rb = (json: TerraformJson): string[] => parameters(json, 'Gitlab').GITLAB_RB.split('\n');
const readers = (json: TerraformJson) => Object.values(resources(json, 'azurerm_role_assignment'))
  .filter(({ role_definition_name: name }) => name === 'Key Vault Secrets User').map(({ scope }) => scope);

describe('the mail server', () => {
  const smtp = { host: 'smtp.example.com', fromAddress: 'gitlab@example.com', username: 'gitlab', password: KeyVaultSecret.of(VAULT, 'smtp-password') };

  test('is told to GitLab, and its password read on the machine alone', () => {
    const { json } = server({ smtp });
    expect(rb(json).filter((line) => /smtp|email/.test(line))).toEqual([
      'gitlab_rails["smtp_enable"] = true',
      'gitlab_rails["smtp_address"] = "smtp.example.com"',
      'gitlab_rails["smtp_port"] = 587',
      'gitlab_rails["smtp_domain"] = "example.com"',
      'gitlab_rails["smtp_enable_starttls_auto"] = true',
      'gitlab_rails["smtp_tls"] = false',
      'gitlab_rails["smtp_openssl_verify_mode"] = "peer"',
      'gitlab_rails["smtp_authentication"] = "login"',
      'gitlab_rails["smtp_user_name"] = "gitlab"',
      'gitlab_rails["smtp_password"] = File.read("/etc/gitlab/secrets/b5eb16ce98741db7", encoding: "UTF-8").chomp',
      'gitlab_rails["gitlab_email_from"] = "gitlab@example.com"',
      'gitlab_rails["gitlab_email_display_name"] = "GitLab"',
      'gitlab_rails["gitlab_email_reply_to"] = "gitlab@example.com"',
    ]);
    expect(JSON.parse(parameters(json, 'Secrets').SECRETS_JSON)).toEqual([
      { id: 'b5eb16ce98741db7', vault: 'mail-vault', name: 'smtp-password', read: true, named: false, wanted: { anything: 'gitlab_rails.smtp_password' } },
    ]);
    expect(readers(json)).toEqual([VAULT]);
  });

  test('may be spoken to with TLS from the start, without a sign-in', () => {
    const { json } = server({ smtp: { host: 'relay', fromAddress: 'a@b', encryption: GitLabSmtpEncryption.TLS, fromName: 'CI', replyToAddress: 'c@d' } });
    const lines = rb(json);
    expect(lines).toEqual(expect.arrayContaining([
      'gitlab_rails["smtp_port"] = 465', 'gitlab_rails["smtp_tls"] = true', 'gitlab_rails["smtp_enable_starttls_auto"] = false',
      'gitlab_rails["gitlab_email_display_name"] = "CI"', 'gitlab_rails["gitlab_email_reply_to"] = "c@d"',
    ]));
    expect(lines.join()).not.toMatch(/smtp_password|smtp_authentication|smtp_user_name/);
    expect(readers(json)).toEqual([]);
  });

  test('shares a vault with the certificate, for which one role is enough', () => {
    const endpoint = GitLabEndpoint.certificateFromKeyVault('g.example.com', KeyVaultSecret.of(VAULT.replace('mail-vault', 'Mail-Vault'), 'web'));
    expect(readers(server({ smtp, endpoint }).json)).toHaveLength(1);
  });

  test('gives way to the user\'s own settings', () => {
    expect(rb(server({ smtp, omnibusSettings: { gitlab_rails: { smtp_authentication: 'plain' } } }).json)).toContain('gitlab_rails["smtp_authentication"] = "plain"');
  });

  test.each<[string, any, string]>([
    ['it is a text', 'smtp.example.com', 'smtp: not an object, got "smtp.example.com"; give an object with its props'],
    ['the host is missing', { fromAddress: 'a@b' }, 'smtp.host: missing, got nothing; give a DNS name in lower case such as "smtp.example.com"'],
    ['the host has a scheme', { ...smtp, host: 'smtp://x' }, 'smtp.host: not a valid value, got "smtp://x"; give a DNS name in lower case such as "smtp.example.com"'],
    ['the port is one that Azure closes', { ...smtp, port: 25 }, 'smtp.port: Azure blocks outbound mail on this port, got 25; give 587, or 465 with GitLabSmtpEncryption.TLS'],
    ['the port is none', { ...smtp, port: 0 }, 'smtp.port: out of range, got 0; give a whole number from 1 to 65535'],
    ['nothing is encrypted', { ...smtp, encryption: 'none' }, 'smtp.encryption: not supported, got "none"; give one of "starttls", "tls"'],
    ['there is no password', { ...smtp, password: undefined }, 'smtp.password: missing beside smtp.username, got nothing; name the Key Vault secret that holds it'],
    ['there is no user', { ...smtp, username: undefined }, 'smtp.username: missing beside smtp.password, got nothing; give the user name too'],
    ['the password is a text', { ...smtp, password: 'secret' }, 'smtp.password: not a KeyVaultSecret, got "(hidden)"; give KeyVaultSecret.of(keyVaultId, secretName)'],
    ['the password is a map', { ...smtp, password: { keyVaultId: VAULT, secretName: 's' } },
      'smtp.password: not a KeyVaultSecret, got "Object"; give KeyVaultSecret.of(keyVaultId, secretName)'],
    ['nobody sends', { ...smtp, fromAddress: undefined }, 'smtp.fromAddress: missing, got nothing; give a mail address'],
    ['who answers has no address', { ...smtp, replyToAddress: 'ops' }, 'smtp.replyToAddress: not a valid value, got "ops"; give a mail address'],
    ['the name has two lines', { ...smtp, fromName: 'a\nb' }, 'smtp.fromName: not a valid value, got "a\\nb"; give 1 to 100 characters on one line'],
  ])('fails when %s', (_, given, message) => {
    expect(() => server({ smtp: given })).toThrow(new Error(`${message} (at Test/GitLab)`));
  });
});

describe('the registry', () => {
  test('has the server\'s name and certificate, a port of its own, and a rule for it', () => {
    const { json, gitlab } = server({ registry: {}, omnibusSettings: { registry_external_url: undefined } });
    expect(gitlab.registryAddress).toBe('acme.koreacentral.cloudapp.azure.com:5050');
    expect(rb(json)).toEqual(expect.arrayContaining([
      'registry_external_url "https://acme.koreacentral.cloudapp.azure.com:5050"', 'registry["enable"] = true',
      '  registry[\'nginx\']["ssl_certificate"] = "/etc/gitlab/ssl/server.crt"',
    ]));
    expect(Object.values(resources(json, 'azurerm_network_security_rule')).find(({ name }) => name === 'AllowRegistry')).toMatchObject({
      destination_port_range: '5050', priority: 130, source_address_prefix: '*',
    });
  });

  test('is reached by whoever reaches GitLab', () => {
    const { json } = server({ firstRulePriority: 300, registry: { port: 5443 }, webAllowedCidrs: ['203.0.113.0/24'] });
    expect(Object.values(resources(json, 'azurerm_network_security_rule')).find(({ name }) => name === 'AllowRegistry')).toMatchObject({
      destination_port_range: '5443', priority: 330, source_address_prefixes: ['203.0.113.0/24'],
    });
    const stack = newStack();
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral', registry: {}, webAllowedCidrs: [] });
    gitlab.allowWebFrom(gitlab, 'Runners', ['20.1.2.3']);
    expect(Object.values(resources(synth(stack), 'azurerm_network_security_rule')).find(({ name }) => /^AllowWeb\d/.test(name))).toMatchObject({
      destination_port_ranges: ['80', '443', '5050'],
    });
  });

  test('warns where nobody knows its certificate', () => {
    const found = (endpoint?: GitLabEndpoint) => warnings(server({ registry: {}, endpoint }).stack).filter((text) => text.includes('registry:'));
    expect(found()).toEqual([
      'Test/GitLab: registry: docker and the nodes of a cluster do not trust the server\'s own authority, whose certificate it has until Let\'s Encrypt issues one, '
      + 'which for a name in Azure\'s domain may be never; use GitLabEndpoint.customDomain() or certificateFromKeyVault()',
    ]);
    expect(found(GitLabEndpoint.customDomain('gitlab.example.com'))).toEqual([]);
    expect(found(GitLabEndpoint.customDomain('gitlab.example.com', { letsEncrypt: false }))).toHaveLength(1);
    expect(found(GitLabEndpoint.certificateFromKeyVault('g.example.com', KeyVaultSecret.of(VAULT, 'web')))).toEqual([]);
  });

  test.each<[string, any, string]>([
    ['it is a text', { registry: 'yes' }, 'registry: not an object, got "yes"; give an object with its props'],
    ['the port is a system\'s', { registry: { port: 443 } }, 'registry.port: out of range, got 443; give a whole number from 1024 to 65535'],
    ['the port is GitLab\'s', { registry: { port: 5000 } }, 'registry.port: in use by GitLab itself, got 5000; give another one such as 5050'],
    ['there is no HTTPS', { registry: {}, endpoint: GitLabEndpoint.http() },
      'registry: registry clients refuse plain HTTP, got "GitLabEndpoint.http()"; choose an endpoint with HTTPS'],
    ['gitlab.rb names another one', { registry: {}, omnibusSettings: { registry_external_url: 'https://r.example.com' } },
      'omnibusSettings.registry_external_url: set together with registry, got "https://r.example.com"; leave one of the two out'],
  ])('fails when %s', (_, given, message) => {
    expect(() => server(given)).toThrow(new Error(`${message} (at Test/GitLab)`));
  });
});

describe('object storage', () => {
  const { json, stack } = server({ objectStorage: {} });

  test('has a container of its own for each kind, no keys, and keeps what is deleted', () => {
    expect(Object.values(resources(json, 'azurerm_storage_account'))).toMatchObject([{
      name: expect.stringMatching(/^gitlabobjects\$\{local\./), shared_access_key_enabled: false, account_replication_type: 'ZRS',
      blob_properties: { versioning_enabled: true, delete_retention_policy: { days: 14 } }, lifecycle: { prevent_destroy: true },
    }]);
    expect(Object.values(resources(json, 'azurerm_storage_container')).map(({ name }) => name).sort()).toEqual([
      'agent-plan-content', 'artifacts', 'ci-secure-files', 'dependency-proxy', 'external-diffs', 'lfs-objects', 'packages', 'pages', 'terraform-state', 'uploads',
    ]);
    expect(warnings(stack)).toEqual([]);
  });

  test('is opened by an identity of its own, which opens nothing else', () => {
    const both = server({ objectStorage: {}, backup: {} }).json;
    const [own] = Object.keys(resources(both, 'azurerm_user_assigned_identity')).filter((name) => name.startsWith('GitLab_ObjectsIdentity_'));
    const [account] = Object.keys(resources(both, 'azurerm_storage_account')).filter((name) => name.startsWith('GitLab_Objects_'));
    const roles = Object.values(resources(both, 'azurerm_role_assignment'));
    expect(roles.filter(({ principal_id: id }) => id.includes(own))).toMatchObject([{
      role_definition_name: 'Storage Blob Data Contributor', scope: `\${azurerm_storage_account.${account}.id}`,
    }]);
    expect(roles.filter(({ scope }) => scope.includes(account))).toHaveLength(1);
    const [machine] = Object.values(resources(both, 'azurerm_linux_virtual_machine'));
    expect(machine.identity.identity_ids).toEqual([expect.stringContaining('.GitLab_Identity_'), `\${azurerm_user_assigned_identity.${own}.id}`]);
    expect(parameters(both, 'Metadata').OBJECTS_CLIENT_ID).toBe(`\${azurerm_user_assigned_identity.${own}.client_id}`);
    for (const step of ['DataDisk', 'Gitlab', 'Runners', 'Backup']) {
      expect(JSON.stringify(parameters(both, step))).not.toContain(own);
    }
    expect(parameters(server({}).json, 'Metadata')).not.toHaveProperty('OBJECTS_CLIENT_ID');
  });

  test('is told to GitLab without a key', () => {
    const line = rb(json).find((candidate) => candidate.startsWith('gitlab_rails["object_store"]'))!;
    expect(line).toMatch(new RegExp('^gitlab_rails\\["object_store"\\] = \\{"enabled" => true, "proxy_download" => true, "connection" => \\{"provider" => "AzureRM", '
      + '"azure_storage_account_name" => ".*", "azure_storage_domain" => "blob.core.windows.net"\\}, "objects" => \\{"artifacts" => \\{"bucket" => "artifacts"\\}, '));
    expect(line).toContain('"agent_plan_content"');
    expect(rb(server({ objectStorage: {}, version: GitLabVersion.V18_11 }).json).join()).not.toContain('agent_plan_content');
    expect(parameters(json, 'Gitlab').OBJECT_STORAGE).toBe('yes');
  });

  test('warns beside a backup, which does not hold it', () => {
    expect(warnings(server({ objectStorage: { replication: 'GRS' }, backup: {} }).stack)).toEqual([
      'Test/GitLab: objectStorage: backups do not include what is in Blob storage; restore deleted and overwritten blobs within '
      + 'objectStorage.deletedRetentionDays, and protect against larger losses with objectStorage.replication',
    ]);
  });

  test.each<[string, any, string]>([
    ['it is a text', { objectStorage: 'blob' }, 'objectStorage: not an object, got "blob"; give an object with its props'],
    ['the account has capitals', { objectStorage: { storageAccountName: 'Acme' } },
      'objectStorage.storageAccountName: not a valid value, got "Acme"; give 3 to 24 lower-case letters and digits'],
    ['nothing is kept', { objectStorage: { deletedRetentionDays: 0 } },
      'objectStorage.deletedRetentionDays: out of range, got 0; give a whole number from 1 to 365'],
    ['the copies are of no kind', { objectStorage: { replication: 'X' } },
      'objectStorage.replication: not supported, got "X"; give one of "LRS", "ZRS", "GRS", "GZRS"'],
    ['the account is the backups\'', { objectStorage: { storageAccountName: 'acme' }, backup: { storageAccountName: 'acme' } },
      'objectStorage.storageAccountName: the same as backup.storageAccountName, got "acme"; give another name: a backup belongs in an account of its own'],
    ['GitLab is too old', { objectStorage: {}, version: GitLabVersion.of('17.8.7') },
      'objectStorage: it needs GitLab 17.9 or later, which signs in to Blob storage without a key, got "17.8.7"; set a later version'],
    ['gitlab.rb names another one', { objectStorage: {}, omnibusSettings: { gitlab_rails: { artifacts_object_store_enabled: true } } },
      'omnibusSettings.gitlab_rails.artifacts_object_store_enabled: set together with objectStorage, got "{…}"; leave one of the two out'],
  ])('fails when %s', (_, given, message) => {
    expect(() => server(given)).toThrow(new Error(`${message} (at Test/GitLab)`));
  });
});

test('upgrades are told the stops before the wanted version, and to walk only if asked', () => {
  const plain = parameters(server({ version: GitLabVersion.of('18.5.7') }).json, 'Gitlab');
  expect(plain.UPGRADE_STOPS).toBe('16.3 16.7 16.11 17.3 17.5 17.8 17.11 18.2');
  expect(plain).not.toHaveProperty('WALK');
  expect(parameters(server({ upgradeThroughStopsAllowed: true }).json, 'Gitlab').WALK).toBe('yes');
});
