// What holds for every key of config.toml, whatever it means: a value is in the file as it was given, or refused by the key's name. Nothing else happens.
import { App } from 'cdk8s';
import { Fn, TerraformVariable, Token } from 'cdktf';
import { parse } from 'smol-toml';
import { ValidationError } from '../../../src/private/validation-error';
import { GitLabRunnerChart, RunnerCache, RunnerSecret, RunnerToken } from '../../../src/runner';
import { GLOBAL_KEYS, NEVER, OTHER_WAYS, RUNNER_KEYS, SECRETS } from '../../../src/runner/config/runner-keys';
import { runnerSettings } from '../../../src/runner/config/runner-settings';
import { KUBERNETES_KEYS } from '../../../src/runner/job-pod/kubernetes-keys';
import { kubernetesSettings } from '../../../src/runner/job-pod/kubernetes-settings';
import { SETTINGS_OF_PROPS } from '../../../src/runner/job-pod/settings-of-props';
import { newStack } from '../../synth';

const RULES = { kubernetesSettings: kubernetesSettings(), runnerSettings: runnerSettings(true) };
type Place = keyof typeof RULES;
type Key = readonly [place: Place, key: string, type: string];

const keysOf = (place: Place, table: { readonly [key: string]: string }): Key[] => Object.entries(table)
  .map(([key, entry]): Key => [place, key, entry.slice(0, entry.lastIndexOf(' '))]);
const KEYS = [...keysOf('kubernetesSettings', KUBERNETES_KEYS), ...keysOf('runnerSettings', GLOBAL_KEYS), ...keysOf('runnerSettings', RUNNER_KEYS)]
  .filter(([place, key]) => place !== 'kubernetesSettings' || key !== 'bearer_token' && !SETTINGS_OF_PROPS.has(key.split(/[.[]/)[0]));

/** What has to be beside some keys. */
const BESIDE: { readonly [table: string]: object } = {
  'pod_spec[]': { patch: 'hostname: a' },
  'services[]': { name: 'postgres:18' },
  'dns_config.options[]': { name: 'ndots' },
  'host_aliases[]': { ip: '10.0.0.4', hostnames: ['gitlab'] },
  'container_lifecycle.post_start.http_get': { port: 80 },
  'container_lifecycle.post_start.tcp_socket': { port: 80 },
  'container_lifecycle.pre_stop.http_get': { port: 80 },
  'container_lifecycle.pre_stop.tcp_socket': { port: 80 },
};

/** The settings with one value at its place. */
function settings(key: string, value: unknown): any {
  const parts = key.split('.');
  return parts.reduceRight((inner: any, part, index) => {
    const table = { ...BESIDE[parts.slice(0, index).join('.')], [part.replace('[]', '')]: part.endsWith('[]') ? [inner] : inner };
    return part === 'patch_path' ? { [part]: inner } : table;
  }, value);
}

const at = (root: any, key: string): unknown => key.replace(/\[\]/g, '.0').split('.').reduce((inner, part) => inner?.[part], root);
const named = (place: Place, key: string) => `${place}.${key.replace(/\[\]/g, '[0]')}`;
/** By the key's own name, or that of the table that lacks it. */
const byName = (place: Place, key: string) => expect.stringMatching(new RegExp([named(place, key), `${named(place, key).replace(/\.\w+$/, '')}: without`].map((name) => `^${name.replace(/[.[\]]/g, '\\$&')}`).join('|')));

/** What goes on from here, or what is said instead, which is no crash. */
function outcome(place: Place, given: unknown): { readonly taken?: any; readonly error?: string } {
  try {
    return { taken: RULES[place].take({ where: 'ci', prop: place }, given) };
  } catch (error) {
    if (!ValidationError.is(error)) {
      throw error;
    }
    return { error: error.message };
  }
}

/** Values of all the kinds that a values file can have. */
const PLAIN = ['', ' ', 'x', '5m', '/x', 'https://x', '2Gi', 'true', 0, 1, -1, 1.5, true, false, [], ['x'], ['A=b'], [1], {}, { x: 'y' }, { x: 1 }];
/** And what else a program can have. */
const STRANGE: readonly unknown[] = [
  Symbol.for('x'), () => 1, 10n, NaN, -Infinity, new Date(0), new Map([['a', 1]]), Promise.resolve(1), /x/, new (class Own { a = 1; })(),
  [[]], [[1]], [null], [undefined], new Array(2), { 'a.b': { c: [1] } }, { a: { b: { c: 1 } } }, '\0', '\ud800', 'a\u0000b',
];

describe.each(KEYS)('%s.%s, %s', (place, key, type) => {
  test('null is left out', () => {
    for (const nothing of [null, undefined]) {
      const { taken, error } = outcome(place, settings(key, nothing));
      expect(error ?? at(taken, key)).toEqual(error === undefined ? undefined : expect.stringMatching(/: (missing|without a patch|not one handler)/));
    }
  });

  test('a plain value goes on as it was given, or is refused by its name', () => {
    for (const value of PLAIN) {
      const { taken, error } = outcome(place, settings(key, value));
      expect([value, error ?? at(taken, key)]).toEqual([value, error === undefined ? value : byName(place, key)]);
      expect(error ?? 'x: , got ; (at ci)').toMatch(/: [^]*, got [^]*; [^]*\(at ci\)$/);
    }
  });

  test('what is no plain value is refused by its name', () => {
    for (const value of STRANGE) {
      const { taken, error } = outcome(place, settings(key, value));
      expect([String(value), error ?? at(taken, key)]).toEqual([String(value), byName(place, key)]);
    }
  });

  test('what only the apply knows stays so, or is refused by its name', () => {
    const variable = new TerraformVariable(newStack(), 'reference', {});
    const { stringValue, numberValue, booleanValue, listValue, value } = variable;
    const forms = [stringValue, numberValue, booleanValue, listValue, value, Fn.merge([value]), Token.asAnyMap(value), [stringValue]];
    for (const form of forms) {
      const { taken, error } = outcome(place, settings(key, form));
      if (error === undefined) {
        const stays = (one: unknown): boolean => Token.isUnresolved(one) || Array.isArray(one) && one.length > 0 && one.every(stays);
        expect([type, stays(at(taken, key))]).toEqual([type, true]);
      } else {
        expect(error).toEqual(byName(place, key));
        expect(error).not.toContain('TfToken');
      }
    }
  });
});

test('every key that takes a plain value has it in config.toml', () => {
  const secret = RunnerSecret.kubernetesSecret('bucket', 'key');
  const base = {
    gitlabUrl: 'https://gitlab.example.com', token: RunnerToken.kubernetesSecret('ci-token'), bootVerificationEnabled: true, pollTimeoutSeconds: 1,
    cache: RunnerCache.s3({ bucketName: 'cache', accessKeyId: secret, secretAccessKey: secret }),
  };
  const lost = KEYS.flatMap(([place, key, type]) => {
    const value = PLAIN.find((one) => one !== '' && one !== ' ' && JSON.stringify(one).length > 2 - Number(typeof one !== 'object') && outcome(place, settings(key, one)).error === undefined);
    if (value === undefined || ['table', 'tables'].includes(type)) {
      return [];
    }
    let toml: string;
    try {
      toml = new GitLabRunnerChart(new App(), 'ci', { ...base, [place]: settings(key, value) }).toJson().find(({ kind }) => kind === 'ConfigMap').data['config.template.toml'];
    } catch (error) {
      // together with other settings it says nothing, or too much.
      return ValidationError.is(error) && error.message.startsWith(place) ? [] : [[key, error]];
    }
    const config: any = parse(toml);
    const found = at(place === 'kubernetesSettings' ? config.runners[0].kubernetes : Object.hasOwn(GLOBAL_KEYS, key) ? config : config.runners[0], key);
    return JSON.stringify(found) === JSON.stringify(value) || found === `^(?:${value})$` ? [] : [[key, value, found]];
  });
  expect(lost).toEqual([]);
});

test.each([...SETTINGS_OF_PROPS])('kubernetesSettings.%s is refused for the prop %s, whatever is given', (key, prop) => {
  // of the pod's security some settings have no prop.
  const maps = key === 'pod_security_context' ? [] : [{}];
  for (const value of ['', 'x', 0, true, [], ...maps, Symbol.for('x')]) {
    const { error } = outcome('kubernetesSettings', { [key]: value });
    expect([error?.startsWith(`kubernetesSettings.${key}: set by a prop of its own, got `), error?.endsWith(`; use ${prop} (at ci)`)]).toEqual([true, true]);
  }
  for (const nothing of [null, undefined]) {
    expect(outcome('kubernetesSettings', { [key]: nothing })).toEqual({ taken: {} });
  }
});

test.each([...Object.keys(OTHER_WAYS), ...Object.keys(NEVER), ...Object.keys(SECRETS)])('runnerSettings.%s is refused with what to do, whatever is given', (key) => {
  for (const value of ['', 'x', 0, true, [], { a: 1 }]) {
    const { error } = outcome('runnerSettings', settings(key, value));
    expect([error?.startsWith(`runnerSettings.${key}`), / got [^]+; \w[^]+ \(at ci\)$/.test(error ?? '')]).toEqual([true, true]);
  }
});
