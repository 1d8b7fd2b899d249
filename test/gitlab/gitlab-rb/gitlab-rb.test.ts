import { Fn, TerraformLocal, TerraformVariable, Testing, Token } from 'cdktf';

import { readByRuby as read } from './gitlab-rb-reader';
import { rbSettings as settings } from './gitlab-rb-settings';
import { GitLabVersion } from '../../../src';
import { ServerEndpoint } from '../../../src/gitlab/endpoint/server-endpoint';
import { gitlabRb } from '../../../src/gitlab/gitlab-rb/gitlab-rb';
import { jsonText, rubyText } from '../../../src/gitlab/gitlab-rb/literals';
import { OmnibusSettings } from '../../../src/gitlab/gitlab-rb/omnibus-settings';
import { omnibusSettings } from '../../../src/gitlab/gitlab-rb/omnibus-settings-rules';
import { takeValue } from '../../../src/private/rules/rule';
import { ValidationError } from '../../../src/private/validation-error';
import * as fc from '../../fast-check';
import { newStack } from '../../synth';
import { ruby, testWith } from '../../tools';

const judged = testWith(ruby, 'ruby');

function take(value: unknown): OmnibusSettings {
  return takeValue('Test', 'omnibusSettings', value, omnibusSettings());
}

describe('gitlab.rb', () => {
  test('is the same text for the same settings, line by line', () => {
    expect(gitlabRb(settings({ omnibusSettings: { gitlab_rails: { time_zone: 'Asia/Seoul' } } }))).toBe([
      '# written by the stack that made this server, and again by each of its applies: change the stack, not this file.',
      'external_url "https://gitlab.example.com"',
      'registry["enable"] = false',
      'registry["uid"] = 704',
      'registry["gid"] = 704',
      'gitlab_rails[\'nginx\']["redirect_http_to_https"] = true',
      'gitlab_rails["time_zone"] = "Asia/Seoul"',
      'high_availability["mountpoint"] = ["/var/opt/gitlab", "/etc/gitlab"]',
      'user["uid"] = 700',
      'user["gid"] = 700',
      'web_server["uid"] = 701',
      'web_server["gid"] = 701',
      'redis["uid"] = 702',
      'redis["gid"] = 702',
      'postgresql["uid"] = 703',
      'postgresql["gid"] = 703',
      'prometheus["uid"] = 705',
      'prometheus["gid"] = 705',
      'letsencrypt["enable"] = false',
      'gitlab_rails[\'nginx\']["ssl_certificate"] = "/etc/gitlab/ssl/server.crt"',
      'gitlab_rails[\'nginx\']["ssl_certificate_key"] = "/etc/gitlab/ssl/server.key"',
      'gitlab_rails[\'nginx\']["hsts_max_age"] = 0',
    ].join('\n'));
  });

  test('keeps the address where GitLab\'s package looks for it', () => {
    expect(gitlabRb(settings()).split('\n')).toContain('external_url "https://gitlab.example.com"');
  });

  test('plain http has an address and no certificate', () => {
    const text = gitlabRb(settings({ endpoint: { host: '20.1.2.3', certificate: 'none' } }));
    expect(text).toContain('external_url "http://20.1.2.3"');
    expect(text).toContain('letsencrypt["enable"] = false');
    expect(text).not.toContain('nginx');
  });

  test('names nginx\'s keys as the version does', () => {
    expect(gitlabRb(settings({ version: GitLabVersion.V19_2 }))).toContain('gitlab_rails[\'nginx\']["ssl_certificate"] =');
    const older = gitlabRb(settings({ version: GitLabVersion.V18_11 }));
    expect(older).toContain('\nnginx["ssl_certificate"] =');
    expect(older).not.toContain('gitlab_rails[\'nginx\']');
  });

  test('says no to the registry unless it has an address', () => {
    expect(gitlabRb(settings())).toContain('registry["enable"] = false');
    const text = gitlabRb(settings({ omnibusSettings: { registry_external_url: 'https://gitlab.example.com:5050' } }));
    expect(text).toContain('registry_external_url "https://gitlab.example.com:5050"');
    expect(text).toContain('registry["enable"] = true');
    expect(text).toContain('registry[\'nginx\']["ssl_certificate"] = "/etc/gitlab/ssl/server.crt"');
  });

  test('tunes a small machine, and the user decides otherwise', () => {
    const tuned = gitlabRb(settings({ lowMemoryTuningEnabled: true, omnibusSettings: { puma: { worker_processes: 3 } } }));
    expect(tuned).toContain('puma["worker_processes"] = 3');
    expect(tuned).toContain('sidekiq["concurrency"] = 10');
    expect(tuned).toContain('prometheus_monitoring["enable"] = false');
    expect(tuned).toContain('gitlab_kas["enable"] = false');
    expect(gitlabRb(settings())).not.toContain('puma');
  });

  test('lets a browser forget a certificate of an own authority, but not the user\'s', () => {
    expect(gitlabRb(settings())).toContain('["hsts_max_age"] = 0');
    const endpoint = { host: 'a.example', certificate: 'key-vault', keyVaultCertificate: { vaultName: 'v', secretName: 's' } } as const;
    expect(gitlabRb(settings({ endpoint }))).not.toContain('hsts_max_age');
  });

  judged('lets it forget the own authority only while that vouches, at each port of the host', () => {
    const endpoint: ServerEndpoint = { host: 'a.example', certificate: 'generated', letsEncrypt: { contactEmails: [] } };
    const given = { registry_external_url: 'https://a.example:5050' };
    const text = gitlabRb(settings({ endpoint, omnibusSettings: given, version: GitLabVersion.V18_11 }));
    const [off, on] = read(text, text.replace('/etc/gitlab/ssl/use-lets-encrypt', '/'));
    expect([off.nginx.hsts_max_age, off.registry_nginx.hsts_max_age]).toEqual([0, 0]);
    expect([on.nginx, on.registry_nginx].flatMap((section) => Object.keys(section ?? {}))).not.toContain('hsts_max_age');
    const [own] = read(gitlabRb(settings({ endpoint, omnibusSettings: { nginx: { hsts_max_age: 60 } }, version: GitLabVersion.V18_11 })));
    expect(own.nginx.hsts_max_age).toBe(60);
  });

  judged('leaves the switch of Let\'s Encrypt to the scripts', () => {
    const text = gitlabRb(settings({ endpoint: { host: 'a.example', certificate: 'generated', letsEncrypt: { contactEmails: ['a@b.c'] } } }));
    const [off] = read(text);
    expect(off.letsencrypt).toEqual({ enable: false });
    expect(off.gitlab_rails.nginx.ssl_certificate).toBe('/etc/gitlab/ssl/server.crt');
    const [on] = read(text.replace('/etc/gitlab/ssl/use-lets-encrypt', '/'));
    expect(on.letsencrypt).toEqual({ enable: true, contact_emails: ['a@b.c'] });
    expect(on.gitlab_rails.nginx.ssl_certificate).toBeUndefined();
  });

  judged('gives Ruby exactly the values of the user', () => {
    const value = fc.letrec((tie) => ({
      value: fc.oneof({ depthSize: 'small' },
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom('#{exit}', '#$0', '#@x', '\\', '"', '\u2028', '${x}', '%{y}', '\r\n\t\u0007', '#\\#{1}', '\u007f'),
        fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)), fc.boolean(), fc.constant(null),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 8 }).filter((key) => key !== '__proto__'), tie('value'), { maxKeys: 3 }),
      ),
    })).value.filter((candidate) => !JSON.stringify(candidate).includes('\\u0000') && !/[\ud800-\udfff]/u.test(JSON.stringify(candidate)));
    const samples = fc.sample(value, { numRuns: 600 });
    const texts = samples.map((sample) => gitlabRb(settings({ omnibusSettings: take({ gitlab_rails: { sample } }) })));
    read(...texts).forEach((seen, index) => expect(seen.gitlab_rails.sample).toEqual(samples[index]));
  });

  describe('a section that only the apply knows', () => {
    /** The text as the apply would leave it: every reference is to this map. */
    const written = (user: (section: any) => object, keys: object | null, changes: Parameters<typeof settings>[0] = {}): string => {
      const stack = newStack();
      const { value } = new TerraformVariable(stack, 'section', {});
      new TerraformLocal(stack, 'rendered', gitlabRb(settings({ ...changes, omnibusSettings: take(user(value)) })));
      const { rendered } = JSON.parse(Testing.synth(stack)).locals;
      expect(rendered).toContain('var.section');
      return rendered.replace(/\$\{replace\(.*?\)\}/, JSON.stringify(JSON.stringify(keys)).slice(1, -1));
    };

    judged('wins over what we would choose', () => {
      const [seen] = read(written((section) => ({ puma: section }), { 'worker_processes': 7, 'a"b': [1, { c: null }] }, { lowMemoryTuningEnabled: true }));
      expect(seen.puma).toEqual({ 'worker_processes': 7, 'a"b': [1, { c: null }] });
      expect(seen.sidekiq).toEqual({ concurrency: 10 });
    });

    const NGINX = { client_max_body_size: '250m', custom_nginx_config: 'include x;', gzip_enabled: false };

    judged('may be nginx\'s, by either name: each key comes to its place', () => {
      const uses: [string, (section: any) => object][] = [
        ['old', (section) => ({ nginx: section })], ['new', (section) => ({ gitlab_rails: { nginx: section } })],
        ['old', (section) => ({ nginx: Fn.merge([section]) })], ['new', (section) => ({ gitlab_rails: { nginx: Fn.merge([section]) } })],
      ];
      for (const [spelling, user] of uses) {
        const [since] = read(written(user, NGINX));
        expect(since.gitlab_rails.nginx).toMatchObject({ client_max_body_size: '250m', ssl_certificate: '/etc/gitlab/ssl/server.crt' });
        expect(since.gitlab_rails.nginx.gzip_enabled).toBe(spelling === 'new' ? false : undefined);
        expect(since.nginx).toEqual({ custom_nginx_config: 'include x;', ...spelling === 'old' ? { gzip_enabled: false } : {} });
        const [before] = read(written(user, NGINX, { version: GitLabVersion.V18_11 }));
        expect(before.nginx).toMatchObject(NGINX);
        expect(before).not.toHaveProperty('gitlab_rails');
      }
    });

    judged.each<[string, (section: any) => object]>([
      ['registry_nginx', (section) => ({ registry_nginx: section })], ['registry.nginx', (section) => ({ registry: { nginx: section } })],
    ])('may be another server\'s, as %s', (_, user) => {
      expect(read(written(user, { listen_port: 5050 }))[0].registry).toMatchObject({ enable: false, nginx: { listen_port: 5050 } });
      const [before] = read(written(user, { listen_port: 5050 }, { version: GitLabVersion.V18_11 }));
      expect(before.registry_nginx).toEqual({ listen_port: 5050 });
      expect(before.registry).not.toHaveProperty('nginx');
    });

    judged('may hold nginx\'s settings among others', () => {
      const user = (section: any) => ({ gitlab_rails: section });
      const [since] = read(written(user, { time_zone: 'UTC', nginx: NGINX }));
      expect(since.gitlab_rails).toMatchObject({ time_zone: 'UTC', nginx: { client_max_body_size: '250m', gzip_enabled: false } });
      expect(since.nginx).toEqual({ custom_nginx_config: 'include x;' });
      const [before] = read(written(user, { time_zone: 'UTC', nginx: NGINX }, { version: GitLabVersion.V18_11 }));
      expect(before.gitlab_rails).toEqual({ time_zone: 'UTC' });
      expect(before.nginx).toMatchObject(NGINX);
      expect(read(written(user, { nginx: null }))[0].nginx).toBeUndefined();
    });

    judged('may turn out to be null', () => {
      expect(read(written((section) => ({ puma: section }), null))[0]).not.toHaveProperty('puma');
    });

    judged.each<[string, (section: any) => object, object]>([
      ['gitlab_rails.auto_migrate', (section) => ({ gitlab_rails: section }), { auto_migrate: false }],
      ['gitlab_rails.nginx.listen_port', (section) => ({ gitlab_rails: section }), { nginx: { listen_port: 1 } }],
      ['nginx.listen_port', (section) => ({ nginx: section }), { listen_port: 1 }],
      ['postgresql.uid', (section) => ({ postgresql: section }), { uid: 1 }],
    ])('fails on the machine when it holds %s', (key, user, keys) => {
      expect(() => read(written(user, keys))).toThrow(`omnibusSettings.${key}: decided elsewhere; leave it out`);
    });
  });

  test('quotes what only the apply knows at the apply', () => {
    const stack = newStack();
    const text = new TerraformVariable(stack, 'text', { type: 'string' });
    const list = new TerraformVariable(stack, 'list', { type: 'list(string)' });
    const number = new TerraformVariable(stack, 'number', { type: 'number' });
    const rendered = (value: string): string => {
      new TerraformLocal(stack, 'rendered', value);
      const { rendered: result } = JSON.parse(Testing.synth(stack)).locals;
      stack.node.tryRemoveChild('rendered');
      return result;
    };
    expect(rendered(rubyText(`a "${text.stringValue}"`)))
      .toBe('"a \\"${replace(trimsuffix(trimprefix(jsonencode(var.text), "\\""), "\\""), "#", "\\\\#")}\\""');
    expect(rendered(rubyText(number.numberValue))).toBe('${var.number}');
    expect(rendered(rubyText(list.listValue))).toMatch(/^JSON\.parse\("\$\{replace\(.*jsonencode\(jsonencode\(var\.list\)\).*\}"\)$/);
    expect(rendered(jsonText({ list: list.listValue, text: text.stringValue, number: number.numberValue })))
      .toBe('{"list":${jsonencode(var.list)},"text":"${trimsuffix(trimprefix(jsonencode(var.text), "\\""), "\\"")}",'
        + '"number":${jsonencode(var.number)}}');
  });
});

describe('omnibusSettings', () => {
  const check = (value: any) => () => take(value);
  const error = (message: string) => expect.objectContaining({ message: `${message} (at Test)` });

  test('takes any key of gitlab.rb', () => {
    expect(check({ gitlab_rails: { smtp_port: 587, object_store: { enabled: true } }, roles: ['a'], registry_external_url: 'https://x:5050' }))
      .not.toThrow();
  });

  test('is a copy without what is left out', () => {
    const list = [1];
    const given = { gitlab_rails: { list, none: null }, puma: null, registry_external_url: undefined };
    const taken = take(given);
    list.push(2);
    expect(taken).toEqual({ gitlab_rails: { list: [1], none: null } });
    expect(Object.keys(taken)).toEqual(['gitlab_rails']);
  });

  test.each<[string, any, string]>([
    ['the address', { external_url: 'https://x' }, 'omnibusSettings.external_url: decided elsewhere, got "https://x"; set the endpoint instead'],
    ['Let\'s Encrypt', { letsencrypt: { enable: true } }, 'omnibusSettings.letsencrypt: decided elsewhere, got {…}; set the endpoint instead'],
    ['nginx\'s port', { nginx: { listen_port: 8080 } },
      'omnibusSettings.nginx.listen_port: decided elsewhere, got 8080; leave it out; the endpoint decides, such as GitLabEndpoint.behindProxy()'],
    ['nginx\'s port by its new name', { gitlab_rails: { nginx: { listen_https: false } } },
      'omnibusSettings.gitlab_rails.nginx.listen_https: decided elsewhere, got false; leave it out; the endpoint decides, such as GitLabEndpoint.behindProxy()'],
    ['the first password', { gitlab_rails: { initial_root_password: 'x' } },
      'omnibusSettings.gitlab_rails.initial_root_password: decided elsewhere, got "(hidden)"; '
      + 'leave it out; the password is made on the server and put into the server\'s Key Vault'],
    ['system ids', { postgresql: { uid: 5 } },
      'omnibusSettings.postgresql.uid: decided elsewhere, got 5; leave it out; the ids are fixed, so that the data disk fits every virtual machine'],
    ['a section without keys', { gitlab_rails: true },
      'omnibusSettings.gitlab_rails: not a section, got true; give its keys, such as {"gitlab_rails": {"enable": true}}'],
    ['names that Ruby would run', { system: { x: 1 } },
      'omnibusSettings.system: not a name of gitlab.rb, got {…}; give a section such as "gitlab_rails" or a key such as "registry_external_url"'],
    ['names that are none', { 'a b': {} },
      'omnibusSettings.a b: not a name of gitlab.rb, got {…}; give a section such as "gitlab_rails" or a key such as "registry_external_url"'],
    ['a key as Ruby has it, and tells nobody its value', { 'gitlab_rails[\'smtp_password\']': 'hunter2' },
      'omnibusSettings.gitlab_rails[\'smtp_password\']: not a name of gitlab.rb, got "…"; give a map in a map, {"gitlab_rails": {"smtp_password": …}}'],
    ['a key with dots, and tells nobody its value', { 'gitlab_rails.smtp_password': 'hunter2' },
      'omnibusSettings.gitlab_rails.smtp_password: not a name of gitlab.rb, got "…"; give a map in a map, {"gitlab_rails": {"smtp_password": …}}'],
    ['a file as text, and tells nobody its secrets', 'gitlab_rails[\'smtp_password\'] = \'hunter2\'',
      'omnibusSettings: not a map, got "…"; give gitlab.rb\'s sections, such as {"gitlab_rails": {"time_zone": "Asia/Seoul"}}'],
    ['a Map, whose entries would be lost', new Map([['gitlab_rails', { time_zone: 'UTC' }]]),
      'omnibusSettings: not a map, got a Map; give gitlab.rb\'s sections, such as {"gitlab_rails": {"time_zone": "Asia/Seoul"}}'],
    ['a Map for a section', { gitlab_rails: new Map([['time_zone', 'UTC']]) },
      'omnibusSettings.gitlab_rails: cannot be written to gitlab.rb, got a Map; '
      + 'give text, a finite number, true, false, null, a KeyVaultSecret, or a list or map of these'],
    ['numbers that are none', { puma: { worker_processes: NaN } },
      'omnibusSettings.puma.worker_processes: cannot be written to gitlab.rb, got NaN; '
      + 'give text, a finite number, true, false, null, a KeyVaultSecret, or a list or map of these'],
    ['functions', { puma: { list: [1, () => 1] } },
      'omnibusSettings.puma.list[1]: cannot be written to gitlab.rb, got a function; '
      + 'give text, a finite number, true, false, null, a KeyVaultSecret, or a list or map of these'],
    ['halves of characters', { puma: { text: '\ud800' } },
      'omnibusSettings.puma.text: not valid text, got "\\ud800"; give text without null characters and halves of surrogate pairs'],
    ['what is no map', ['x'],
      'omnibusSettings: not a map, got […]; give gitlab.rb\'s sections, such as {"gitlab_rails": {"time_zone": "Asia/Seoul"}}'],
    ['too much', { gitlab_rails: { text: 'x'.repeat(20_000) } },
      'omnibusSettings: too long, got 20028 characters; keep it below 16000 characters of JSON'],
  ])('fails when given %s', (_, value, message) => {
    expect(check(value)).toThrow(error(message));
  });

  test.each<[string, any, string]>([
    ['a reference', Token.asAny('x'), 'omnibusSettings: known only at apply time, got a reference; '
      + 'write the map here; its sections and their values may be references'],
    ['a map of references', Token.asStringMap('x'), 'omnibusSettings: known only at apply time, got a reference; '
      + 'write the map here; its sections and their values may be references'],
    ['a section that is a text', { puma: `a${Token.asString(Token.asAny('x'))}` },
      'omnibusSettings.puma: not a section, got "a${…}"; give its keys, such as {"puma": {"enable": true}}'],
    ['a section that is a list', { puma: Token.asList(Token.asAny('x')) },
      'omnibusSettings.puma: not a section, got a reference; give its keys, such as {"puma": {"enable": true}}'],
    ['what is decided elsewhere', { letsencrypt: Token.asAny('x') }, 'omnibusSettings.letsencrypt: decided elsewhere, got a reference; set the endpoint instead'],
    ['an own key', { nginx: { listen_port: Token.asAny('x') } },
      'omnibusSettings.nginx.listen_port: decided elsewhere, got a reference; leave it out; the endpoint decides, such as GitLabEndpoint.behindProxy()'],
    ['nginx\'s keys in two places', { nginx: {}, gitlab_rails: { nginx: Token.asAny('x') } },
      'omnibusSettings.gitlab_rails.nginx: a reference beside omnibusSettings.nginx, got a reference; give one of the two'],
  ])('fails when only the apply knows %s', (_, value, message) => {
    expect(check(value)).toThrow(error(message));
  });

  test('fails when it holds itself', () => {
    const loop: any = {};
    loop.loop = loop;
    expect(check({ gitlab_rails: loop })).toThrow(error('omnibusSettings.gitlab_rails.loop.loop: nested too deeply, got more than 20 levels; '
      + 'give text, a finite number, true, false, null, a KeyVaultSecret, or a list or map of these'));
  });

  test('either renders or names the key, whatever is given', () => {
    fc.assert(fc.property(fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, withMap: true }), (value: any) => {
      for (const given of [value, { gitlab_rails: value }, { [String(typeof value)]: value }]) {
        try {
          gitlabRb(settings({ omnibusSettings: take(given) }));
        } catch (caught) {
          expect(caught).toBeInstanceOf(ValidationError);
          expect((caught as Error).message).toMatch(/^omnibusSettings.*\(at Test\)$/s);
        }
      }
    }), { numRuns: 1000 });
  });

});
