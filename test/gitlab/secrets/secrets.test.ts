import { execFileSync, spawnSync } from 'child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { TerraformVariable } from 'cdktf';
import { GitLabEndpoint, GitLabVersion, KeyVaultSecret, SelfHostedGitLab } from '../../../src';
import { scriptPath } from '../../../src/assets';
import { gitlabRb } from '../../../src/gitlab/gitlab-rb/gitlab-rb';
import { Quoting, quotingOf } from '../../../src/gitlab/gitlab-rb/quoting';
import { secretFileId } from '../../../src/gitlab/set-up/secret-file';
import { literalSecrets } from '../../../src/gitlab/set-up/secret-keys';
import * as fc from '../../fast-check';
import { newStack, resources, synth, TerraformJson, warnings } from '../../synth';
import { ruby, testWith } from '../../tools';
import { serverJson } from '../server';

const vault = (name: string, group = 'g') => `/subscriptions/s/resourceGroups/${group}/providers/Microsoft.KeyVault/vaults/${name}`;
const secret = (name = 'bind', vaultId = vault('own')) => KeyVaultSecret.of(vaultId, name);


const parameters = (json: TerraformJson, step: string): { [name: string]: string } => Object.entries<any>(json.locals)
  .find(([id]) => id.includes(`SetUp_${step}Parameters`))?.[1] ?? {};
const files = (json: TerraformJson): any[] => JSON.parse(parameters(json, 'Secrets').SECRETS_JSON ?? '[]');
const readers = (json: TerraformJson) => Object.values(resources(json, 'azurerm_role_assignment'))
  .filter(({ role_definition_name: name }) => name === 'Key Vault Secrets User').map(({ scope }) => scope);

const rendered = (omnibusSettings: any) => gitlabRb({
  version: GitLabVersion.V19_4, endpoint: { host: 'gitlab.example.com', certificate: 'none' }, lowMemoryTuningEnabled: false, omnibusSettings, parts: [],
});

/** gitlab.rb as GitLab reads it, with the files of secrets as they would lie on the machine. */
const READER = `
require 'json'
given = JSON.parse($stdin.read)
FILES = given.fetch('files')
class File
  def self.read(path, **) = FILES.fetch(path)
end
sections = Hash.new { |hash, name| hash[name] = {} }
reader = Object.new
reader.define_singleton_method(:method_missing) { |name, *values| values.empty? ? sections[name.to_s] : nil }
puts JSON.generate(given.fetch('texts').map { |text| sections.clear; reader.instance_eval(text); sections.dup })`;

function evaluated(contents: { readonly [path: string]: string }, ...texts: string[]): any[] {
  return JSON.parse(execFileSync('ruby', ['-e', READER], { input: JSON.stringify({ files: contents, texts }), encoding: 'utf8' }));
}

const SECRET_FILE = (one: KeyVaultSecret, folder = 'secrets') => `/etc/gitlab/${folder}/${secretFileId(one)}`;
const judged = testWith(ruby, 'ruby');

/** All that a person may put into a vault. */
const anySecret = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(...'"\'\\#{}$@:%& \n\t-~.0123yesnoaZ'), minLength: 1, maxLength: 20 }),
  fc.constantFrom('#{exit}', 'a#$x', '"; exit; "', "it's", 'a\\b', '0123', 'yes', '-----BEGIN X-----\nabc\n-----END X-----\n', '~', '1e3', '.inf', '2026-01-01', 'a: b', ' #x'),
).filter((text) => !/\0|\p{Surrogate}/u.test(text));

describe('a secret among the settings', () => {
  test('is read on the machine, wherever it stands', () => {
    const id = secretFileId(secret());
    expect(id).toBe('338066d36e586d51');
    expect(rendered({
      gitlab_rails: { ldap_servers: { main: { password: secret(), hosts: [['a', 636]] } }, omniauth_providers: [{ args: { client_options: { secret: secret() } } }] },
    }).split('\n')).toEqual(expect.arrayContaining([
      `gitlab_rails["ldap_servers"] = {"main" => {"password" => File.read("/etc/gitlab/secrets/${id}", encoding: "UTF-8").chomp, "hosts" => [["a", 636]]}}`,
      `gitlab_rails["omniauth_providers"] = [{"args" => {"client_options" => {"secret" => File.read("/etc/gitlab/secrets/${id}", encoding: "UTF-8").chomp}}}]`,
    ]));
  });

  judged('has its value there, whatever that is', () => {
    fc.assert(fc.property(fc.array(anySecret, { minLength: 20, maxLength: 20 }), (values) => {
      const contents: { [path: string]: string } = {};
      const texts = values.map((value, index) => {
        contents[SECRET_FILE(secret(`s${index}`))] = value;
        return rendered({ gitlab_rails: { a: { b: [secret(`s${index}`)] }, c: secret(`s${index}`).inText('<#{', '}>'), d: secret(`s${index}`).inUrl('rediss://:', '@host') } });
      });
      evaluated(contents, ...texts).forEach(({ gitlab_rails: { a, c, d } }, index) => {
        const value = values[index].replace(/\r?\n$|\r$/, '');
        expect(a).toEqual({ b: [value] });
        expect(c).toBe(`<#{${value}}>`);
        const [, encoded] = /^rediss:\/\/:([A-Za-z0-9._~%-]*)@host$/.exec(d)!;
        expect(decodeURIComponent(encoded)).toBe(value);
      });
    }), { numRuns: 5 });
  });

  judged('can be a map, a number or the path of a file', () => {
    const [map, count, keytab] = [secret('map').asJson(), secret('count').asInteger(), secret('keytab').asPath()];
    const [{ gitlab_rails: rails }] = evaluated(
      { [SECRET_FILE(map)]: '{"host": "ldap", "port": 636}\n', [SECRET_FILE(count)]: '0042\n' },
      rendered({ gitlab_rails: { ldap_servers: { main: map }, limit: count, kerberos_keytab: keytab } }),
    );
    expect(rails).toEqual({ ldap_servers: { main: { host: 'ldap', port: 636 } }, limit: 42, kerberos_keytab: SECRET_FILE(keytab, 'secret-files') });
  });

  test('is fetched once by a step of its own, which comes before GitLab\'s', () => {
    const json = serverJson({
      omnibusSettings: {
        gitlab_rails: {
          microsoft_graph_mailer_client_secret: secret(), kerberos_keytab: secret('keytab').asPath(), db_password: secret(), incoming_email_password: secret(),
          object_store: { connection: secret('store').asJson() }, http_client: { tls_client_cert_file: secret().asPath(), tls_client_cert_password: secret() },
        },
        redis: { password: secret() },
      },
    });
    expect(files(json)).toEqual([
      {
        id: secretFileId(secret()), vault: 'own', name: 'bind', read: true, named: true,
        wanted: {
          bare: 'gitlab_rails.microsoft_graph_mailer_client_secret', inspected: 'gitlab_rails.db_password',
          anything: 'gitlab_rails.http_client.tls_client_cert_password', quoted: 'redis.password',
        },
      },
      { id: secretFileId(secret('keytab')), vault: 'own', name: 'keytab', read: false, named: true, wanted: {} },
      { id: secretFileId(secret('store')), vault: 'own', name: 'store', read: true, named: false, wanted: { json: 'gitlab_rails.object_store.connection' } },
    ]);
    const steps = Object.entries<any>(resources(json, 'azurerm_virtual_machine_run_command'));
    const [before] = steps.find(([, { name }]) => name.startsWith('secrets-'))!;
    expect(steps.find(([, { name }]) => name.startsWith('gitlab-'))![1].depends_on).toContain(`azurerm_virtual_machine_run_command.${before}`);
    expect(parameters(json, 'Secrets').SECRETS_RELOAD_TIME).toBe('03:00');
  });

  test('needs no step where there is none', () => {
    expect(parameters(serverJson({ omnibusSettings: { gitlab_rails: { time_zone: 'Asia/Seoul' } } }), 'Secrets')).toEqual({});
  });

  test('may lie in a vault that only the apply knows', () => {
    const stack = newStack();
    const { stringValue } = new TerraformVariable(stack, 'vault', {});
    new SelfHostedGitLab(stack, 'GitLab', {
      location: 'koreacentral',
      omnibusSettings: { gitlab_rails: { ldap_servers: { a: { password: secret('x', stringValue) }, b: { password: secret('x', stringValue) } } } },
    });
    const json = synth(stack);
    const id = '${substr(sha256(lower(join("/", [element(split("/", var.vault), 8), "x"]))), 0, 16)}';
    expect(parameters(json, 'Gitlab').GITLAB_RB.match(/File\.read\("\/etc\/gitlab\/secrets\/[^,]*sha256/g)).toHaveLength(2);
    expect(parameters(json, 'Secrets').SECRETS_JSON.match(/"id"/g)).toHaveLength(1);
    expect(parameters(json, 'Secrets').SECRETS_JSON).toContain(id.slice(2, 60));
    expect(readers(json)).toEqual(['${var.vault}']);
  });

  test.each<[string, any, string]>([
    ['a section', { gitlab_rails: secret().asJson() }, 'omnibusSettings.gitlab_rails: not a section, got {…}; give its keys, such as {"gitlab_rails": {"enable": true}}'],
    ['what is decided elsewhere', { gitlab_rails: { initial_root_password: secret() } },
      'omnibusSettings.gitlab_rails.initial_root_password: decided elsewhere, got "(hidden)"; leave it out; the password is made on the server and put into the '
      + 'server\'s Key Vault'],
  ])('cannot be %s', (_, omnibusSettings, message) => {
    expect(() => serverJson({ omnibusSettings })).toThrow(new Error(`${message} (at Test/GitLab)`));
  });
});

describe('the role on a vault', () => {
  test('is given once, whoever needs it', () => {
    const json = serverJson({
      endpoint: GitLabEndpoint.certificateFromKeyVault('g.example.com', KeyVaultSecret.of(vault('Own'), 'web')),
      smtp: { host: 'smtp.example.com', fromAddress: 'a@b', username: 'u', password: secret('smtp', vault('mail')) },
      omnibusSettings: {
        gitlab_rails: { ldap_servers: { main: { password: secret('a', vault('OWN')) } }, incoming_email_password: secret('b', vault('mail')) },
        redis: { password: secret('c', vault('third')) }, registry: { http_secret: secret('d', vault('third')) },
      },
    });
    expect(readers(json).sort()).toEqual([vault('Own'), vault('mail'), vault('third')]);
  });

  test('stays where it is when secrets of other vaults come and go', () => {
    const roles = (settings: any) => Object.keys(resources(serverJson({ omnibusSettings: { gitlab_rails: { ldap_servers: settings } } }), 'azurerm_role_assignment'));
    const [both, one] = [roles({ a: { password: secret('x', vault('first')) }, b: { password: secret('x', vault('second')) } }), roles({ b: { password: secret('x', vault('second')) } })];
    expect(both).toEqual(expect.arrayContaining(one));
    expect(both).toHaveLength(one.length + 1);
  });
});

describe('another form', () => {
  test.each<[string, () => unknown, string]>([
    ['the mail server\'s password', () => serverJson({ smtp: { host: 'relay', fromAddress: 'a@b', username: 'u', password: secret().asJson() } }),
      'smtp.password: only omnibusSettings takes another form of a secret, got a secret as json; give KeyVaultSecret.of(keyVaultId, secretName) (at Test/GitLab)'],
    ['the certificate', () => GitLabEndpoint.certificateFromKeyVault('g.example.com', secret().inText('a')),
      'certificate: only omnibusSettings takes another form of a secret, got a secret within a text; give KeyVaultSecret.of(keyVaultId, secretName) '
      + '(at GitLabEndpoint.certificateFromKeyVault)'],
  ])('is nothing for %s', (_, make, message) => {
    expect(make).toThrow(new Error(message));
  });

  test.each<[string, () => unknown, string]>([
    ['a prefix is none', () => secret().inText(1 as any), 'prefix: not text, got 1; give text (at KeyVaultSecret.inText)'],
    ['a prefix is missing', () => secret().inUrl(undefined as any), 'prefix: missing, got nothing; give text (at KeyVaultSecret.inUrl)'],
    ['a suffix is none', () => secret().inUrl('a', {} as any), 'suffix: not text, got {}; give text (at KeyVaultSecret.inUrl)'],
  ])('fails when %s', (_, make, message) => {
    expect(make).toThrow(new Error(message));
  });
});

describe('a secret that is none of a Key Vault', () => {
  const LITERALS: readonly [string, any][] = [
    ['gitlab_rails.smtp_password', { gitlab_rails: { smtp_password: 'x' } }],
    ['gitlab_rails.ldap_servers.main.password', { gitlab_rails: { ldap_servers: { main: { password: 'x', bind_dn: 'cn=x' } } } }],
    ['gitlab_rails.omniauth_providers[1].args.client_options.secret', { gitlab_rails: { omniauth_providers: [{ name: 'github' }, { name: 'openid_connect', args: { client_options: { identifier: 'x', secret: 'y' } } }] } }],
    ['gitlab_rails.omniauth_providers[0].app_secret', { gitlab_rails: { omniauth_providers: [{ name: 'github', app_id: 'x', app_secret: 'y' }] } }],
    ['gitlab_rails.object_store.connection.aws_secret_access_key', { gitlab_rails: { object_store: { connection: { aws_access_key_id: 'x', aws_secret_access_key: 'y' } } } }],
    ['gitlab_rails.backup_upload_connection.azure_storage_access_key', { gitlab_rails: { backup_upload_connection: { provider: 'AzureRM', azure_storage_account_name: 'a', azure_storage_access_key: 'y' }, backup_upload_remote_directory: 'b' } }],
    ['gitlab_rails.incoming_email_inbox_options.client_secret', { gitlab_rails: { incoming_email_inbox_options: { tenant_id: 'x', client_secret: 'y' } } }],
    ['gitlab_rails.redis_sessions_sentinels_password', { gitlab_rails: { redis_sessions_sentinels_password: 'y' } }],
    ['gitlab_rails.env.AWS_SECRET_ACCESS_KEY', { gitlab_rails: { env: { AWS_REGION: 'x', AWS_SECRET_ACCESS_KEY: 'y' } } }],
    ['gitlab_rails.env.https_proxy', { gitlab_rails: { env: { https_proxy: 'http://user:word@proxy' } } }],
    ['nginx.custom_nginx_config', { nginx: { custom_nginx_config: 'x\n-----BEGIN RSA PRIVATE KEY-----' } }],
    ['registry.storage.azure.accountkey', { registry: { storage: { azure: { accountname: 'x', accountkey: 'y' } } } }],
    ['alertmanager.receivers[0].slack_configs[0].api_url', { alertmanager: { receivers: [{ slack_configs: [{ api_url: 'https://hooks.slack.com/services/T0/B0/x0' }] }] } }],
    ['registry.notifications[0].headers.Authorization[0]', { registry: { notifications: [{ headers: { Authorization: ['Bearer y'] } }] } }],
    ['registry.notifications[0].headers.X-Auth-Token[0]', { registry: { notifications: [{ headers: { 'X-Auth-Token': ['y'] } }] } }],
    ['prometheus.remote_write[0].authorization.credentials', { prometheus: { remote_write: [{ authorization: { type: 'Bearer', credentials: 'y' } }] } }],
    ['registry.http_secret', { registry: { http_secret: 'y' } }],
    ['postgresql.sql_user_password', { postgresql: { sql_user_password: 'y' } }],
  ];

  test.each(LITERALS)('%s is refused, and not shown', (path, omnibusSettings) => {
    expect(() => serverJson({ omnibusSettings })).toThrow(new Error(`omnibusSettings.${path}: a secret, which the Terraform state and the machine's run commands would contain, `
      + 'got "(hidden)"; give KeyVaultSecret.of(keyVaultId, secretName), or set literalSecretsAllowed to true (at Test/GitLab)'));
  });

  test('is refused as a reference too, since the state has its value', () => {
    const stack = newStack();
    const { stringValue } = new TerraformVariable(stack, 'password', { sensitive: true });
    expect(() => new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral', omnibusSettings: { gitlab_rails: { smtp_password: stringValue } } }))
      .toThrow('omnibusSettings.gitlab_rails.smtp_password: a secret, which');
  });

  test('is known by the variable or the resource that a reference is to, whatever its key is called', () => {
    const stack = newStack();
    const { stringValue } = new TerraformVariable(stack, 'banner', { sensitive: true });
    const settings = { gitlab_rails: { env: { BANNER: stringValue } } };
    expect(() => new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral', omnibusSettings: settings })).toThrow('omnibusSettings.gitlab_rails.env.BANNER: a secret, which');
    new SelfHostedGitLab(stack, 'Other', { location: 'koreacentral', omnibusSettings: settings, literalSecretsAllowed: true });
    expect(warnings(stack)).toEqual([expect.stringContaining('contain the values of gitlab_rails.env.BANNER; ')]);
  });

  test.each(LITERALS)('%s is taken by who insists, with a warning', (path, omnibusSettings) => {
    const stack = newStack();
    new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral', omnibusSettings, literalSecretsAllowed: true });
    expect(warnings(stack)).toEqual([`Test/GitLab: literalSecretsAllowed: the Terraform state and the machine's run commands contain the values of ${path}; `
      + 'give each as KeyVaultSecret.of()']);
  });

  test('is not seen where there is none', () => {
    expect(literalSecrets({
      gitlab_rails: {
        smtp_password: secret(), db_password: '', ldap_password: null, amazon_ses_mailer_access_key_id: 'x', registry_key_path: '/x', redis_tls_client_key_file: '/x',
        omniauth_providers: [{ args: { client_options: { secret: secret(), identifier: 'x' }, send_scope_to_token_endpoint: false, secret: false } }],
        display_initial_root_password: true, session_store_session_cookie_token_prefix: 'x', forti_token_cloud_client_id: 'x', redis_cache_instance: 'redis://cache:6379',
      },
      nginx: { ssl_certificate_key: '/x', ssl_password_file: '/x' }, letsencrypt: { key_type: 'rsa' }, registry: { storage: { azure: secret().asJson() } },
    })).toEqual([]);
  });
});

describe('the machine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  // only its functions: without what makes them work.
  const functions = readFileSync(scriptPath('gitlab', 'secrets.sh'), 'utf8').replace(/^begin secrets[^]*/m, '');

  /** What it says of each value that a key of each kind wants. */
  function problems(kind: string, values: readonly string[]): string[] {
    values.forEach((value, index) => writeFileSync(join(folder, String(index)), value));
    writeFileSync(join(folder, 'script'), `${functions}\nfor index in $(seq 0 ${values.length - 1}); do secret_problem x "$1/$index" | tr -d '\\n'; echo; done\n`);
    const { stdout, stderr, status } = spawnSync('bash', ['-euo', 'pipefail', join(folder, 'script'), folder], {
      encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8', SECRETS_JSON: JSON.stringify([{ id: 'x', wanted: { [kind]: 'the.key' } }]) },
    });
    expect([stderr, status]).toEqual(['', 0]);
    return stdout.split('\n').slice(0, values.length);
  }

  /** What Omnibus' templates do, and what the program at the other end reads. */
  const PROGRAMS: { readonly [kind in Quoting]?: string } = {
    anything: 'YAML.load("k: #{v.to_json}")["k"]',
    inspected: 'YAML.load("k: #{v.inspect}")["k"]',
    quoted: 'YAML.load(%(k: "#{v}"))["k"]',
    bare: 'YAML.load("k: #{v}")["k"]',
    line: '"k=#{v}\\n".lines.then { |lines| lines.size == 1 ? lines.first.chomp.split("=", 2).last.strip : nil }',
  };

  const survivors = (kind: Quoting, values: readonly string[]): boolean[] => JSON.parse(execFileSync('ruby', ['-ryaml', '-rjson', '-e', `
    puts JSON.generate(JSON.parse($stdin.read).map { |v| (begin; ${PROGRAMS[kind]}; rescue Exception; nil; end) == v })`],
  { input: JSON.stringify(values), encoding: 'utf8' }));

  judged.each(Object.keys(PROGRAMS) as Quoting[])('lets nothing pass that the quoting "%s" would change', (kind) => {
    const values = fc.sample(anySecret, { numRuns: 60, seed: 17 }).map((value) => value.replace(/[\r\n]+$/, '')).filter((value) => value !== '');
    const found = problems(kind, values);
    const survived = survivors(kind, values);
    expect(values.filter((_, index) => found[index] === '' && !survived[index])).toEqual([]);
    // and it stops nobody for nothing.
    const plain = ['abcDEF123', 'aB3~x.y-Z_9', 'Q7v8Q~Ab.cd-Ef_gh1'];
    expect(problems(kind, plain)).toEqual(['', '', '']);
    expect(survivors(kind, plain)).toEqual([true, true, true]);
  });

  test.each<[string, string, string]>([
    ['inspected', 'a#{b', 'has "#{", "#$", "#@" or characters beyond U+FFFF, which GitLab does not take for the.key'],
    ['quoted', 'a"b', 'has double quotes, backslashes or line breaks, which GitLab does not take for the.key'],
    ['line', 'a\nb', 'has line breaks or blanks around it, which GitLab does not take for the.key'],
    ['bare', 'yes', 'is not of letters, digits, ".", "_", "~" and "-" alone, or is a number or a word that YAML takes for something else, which GitLab does not take for the.key'],
    ['unknown', 'a\\b', 'has double quotes, backslashes, line breaks, "#{", "#$", "#@" or characters beyond U+FFFF, which GitLab does not take for the.key'],
    ['json', '"text"', 'is no map or list in JSON, which GitLab does not take for the.key'],
    ['json', '{"a": ', 'is no map or list in JSON, which GitLab does not take for the.key'],
    ['integer', '1.5', 'is no whole number, which GitLab does not take for the.key'],
    ['json', '{"a": [1]}\n', ''],
    ['integer', '42\n', ''],
    ['anything', '"#{\\\n', ''],
  ])('says what %s does not bear: %j', (kind, value, problem) => {
    expect(problems(kind, [value])).toEqual([problem]);
  });
});

test.each<[Quoting, string]>([
  ['anything', 'gitlab_rails.smtp_password'], ['anything', 'gitlab_rails.ldap_servers.main.password'], ['inspected', 'gitlab_rails.db_password'],
  ['inspected', 'gitlab_rails.duo_auth_secret_key'], ['quoted', 'redis.password'], ['quoted', 'gitlab_rails.redis_password'], ['quoted', 'gitlab_rails.redis_cache_sentinels_password'],
  ['bare', 'gitlab_rails.redis_cluster_rate_limiting_password'], ['bare', 'gitlab_rails.microsoft_graph_mailer_client_secret'], ['line', 'gitlab_pages.auth_secret'],
  ['line', 'gitlab_rails.env.TOKEN'], ['inspected', 'gitlab_rails.clickhouse_databases.main.password'], ['unknown', 'grafana.something'], ['unknown', 'gitlab_rails.time_zone'],
])('%s is how Omnibus writes %s', (quoting, path) => {
  expect(quotingOf(path.split('.'))).toBe(quoting);
});
