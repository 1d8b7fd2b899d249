import { App } from 'cdk8s';
import { parse } from 'smol-toml';
import { GitLabVersion } from '../../../src/gitlab';
import { GitLabRunnerChart, GitLabRunnerChartProps, RunnerToken } from '../../../src/runner';
import { GLOBAL_KEYS, RUNNER_KEYS } from '../../../src/runner/config/runner-keys';
import { SETTING_TYPES } from '../../../src/runner/config/setting-types';
import { KUBERNETES_KEYS } from '../../../src/runner/job-pod/kubernetes-keys';
import { SETTINGS_OF_PROPS } from '../../../src/runner/job-pod/settings-of-props';

function newChart(kubernetesSettings: any, props: Partial<GitLabRunnerChartProps> = {}): GitLabRunnerChart {
  return new GitLabRunnerChart(new App(), 'ci', {
    gitlabUrl: 'https://gitlab.example.com', token: RunnerToken.kubernetesSecret('ci-token'), kubernetesSettings, ...props,
  });
}

function runner(chart: GitLabRunnerChart): any {
  const { data } = chart.toJson().find(({ kind }) => kind === 'ConfigMap');
  return (parse(data['config.template.toml']) as any).runners[0];
}

/** What each type takes, and what it does not. */
const VALUES: { readonly [type: string]: { readonly right: readonly unknown[]; readonly wrong: readonly unknown[] } } = {
  string: { right: ['', 'a', '한글'], wrong: [1, true, ['a'], '\0', '\ud800'] },
  integer: { right: [0, 7], wrong: [-1, 1.5, '1', NaN, Infinity] },
  boolean: { right: [true, false], wrong: ['true', 1, 0] },
  number: { right: [0, 1.5], wrong: [-1, '1', NaN] },
  duration: { right: ['5m', '1h30m', '1.5s', '.5h', '250ms', '0', '10µs'], wrong: ['5 minutes', '10', '5M', '1d', '', '5m ', 300, '-5m'] },
  pattern: { right: ['', 'ci-.*', '(?i)a', '[[:alpha:]]'], wrong: ['ci-(', '(?!a)', '[z-a]', '*', 1] },
  capability: { right: ['SYS_ADMIN', 'ALL', 'SYSLOG'], wrong: ['CAP_SYS_ADMIN', 'sys_admin', 'SYS_ADMN', '', 1] },
  cores: { right: ['', '0', '500m', '2', '1.5', '.5', '1e3', '100n', '896'], wrong: ['2GB', 'two', '-1', '1 m', 2, '2Gi', '2M', '4000', '1e4'] },
  bytes: { right: ['', '0', '2Gi', '512M', '1.5Gi', '.5Gi', '1e9', '1048576', '8E'], wrong: ['2GB', '4gi', 'two', '-1', '1 Gi', 2, '2g', '512m', '512', '1e3', '4Ki'] },
  name: { right: ['', 'gitlab-runner', 'a.b'], wrong: ['Big', 'a_b', '-a', 'a'.repeat(254)] },
  host: { right: ['gitlab.example.com', 'a'], wrong: ['', 'A', 'a_b', 'a..b'] },
  search: { right: ['svc.cluster.local', 'corp.example.com.', '.', 'a_b.example.com'], wrong: ['', 'bad domain', 'Corp.example.com', 'a..b', '-a', 1] },
  ip: { right: ['10.0.0.4', '::1'], wrong: ['10.0.0', 'gitlab', '', '10.0.0.0/8'] },
  id: { right: ['0', '1000'], wrong: ['root', '-1', '', '1000:1000', 1000] },
  path: { right: ['', '/tmp'], wrong: ['tmp', './tmp'] },
  url: { right: ['', 'https://gitlab.internal', 'http://10.0.0.4:8080'], wrong: ['gitlab.internal', 'ftp://x', 'https://'] },
  schedule: {
    right: ['* * * * *', '*/5 7-19 * * mon-fri', '0 0 1,15 * *', '@daily', '0 9 * * 1#1'],
    wrong: ['* * * *', '60 * * * *', '* 25 * * *', '', 'daily', '@never', '* * * * * *', '* * * * foo'],
  },
  period: {
    right: ['* * * * *', '* * * * * 2030', '* * 9-17 * * mon-fri *', '0 30 9 1 jan ? 2026-2030', '@daily', '  * *  * * * '],
    wrong: ['* * * *', '61 * * * * * *', '* * * * * 1.5', '* * * * * * * *', '', 'daily', '@never'],
  },
  cap: { right: [-1, 0, 5], wrong: [-2, 1.5, '1'] },
  port: { right: [1, 65_535], wrong: [0, 65_536, '80', 1.5] },
  scheme: { right: ['', 'HTTP', 'HTTPS'], wrong: ['http', 'tcp'] },
  zone: { right: ['', 'Local', 'UTC', 'Asia/Seoul'], wrong: ['Seoul', 'KST+9', '+09:00'] },
  pull: { right: ['always', 'if-not-present', 'never'], wrong: ['', 'Always', 'IfNotPresent'] },
  dns: { right: ['', 'none', 'cluster-first'], wrong: ['ClusterFirst', 'None'] },
  profile: { right: ['', 'RuntimeDefault', 'Unconfined'], wrong: ['runtime/default', 'unconfined'] },
  patch: { right: ['', 'strategic', 'merge', 'json'], wrong: ['Strategic', 'strategic-merge', 'jsonpatch'] },
  procmount: { right: ['', 'default', 'Default', 'unmasked'], wrong: ['none', 'masked'] },
  propagation: { right: ['None', 'HostToContainer', 'Bidirectional'], wrong: ['', 'none', 'Shared'] },
  medium: { right: ['', 'Memory', 'HugePages', 'HugePages-2Mi'], wrong: ['memory', 'tmpfs'] },
  variable: { right: ['A=B', 'A='], wrong: ['A', '=B', ''] },
  flavor: { right: ['', 'alpine', 'alpine3.21', 'alpine-latest', 'ubuntu', 'ubi-fips'], wrong: ['debian', 'Alpine', 'alpine3', 'ubi', 'x86_64'] },
  shell: { right: ['', 'bash', 'sh', 'pwsh'], wrong: ['zsh', 'cmd', 'powershell', 'Bash'] },
};

/** What comes before the shape. */
const nameOf = (type: string): string => type.replace(/ (list|or list|table)$/, '');
const typeOf = (entry: string): string => entry.slice(0, entry.lastIndexOf(' '));
const tables: { readonly [table: string]: { readonly [key: string]: string } } = {
  'the global section': GLOBAL_KEYS, 'runners': RUNNER_KEYS, 'runners.kubernetes': KUBERNETES_KEYS,
};

describe('types', () => {
  test('of every key of every table are judged', () => {
    for (const [table, keys] of Object.entries(tables)) {
      const types = Object.values(keys).map(typeOf);
      const strange = types.filter((type) => !['table', 'tables'].includes(type) && !Object.hasOwn(SETTING_TYPES, nameOf(type)));
      expect([table, strange]).toEqual([table, []]);
      const withoutVersion = Object.entries(keys).filter(([, entry]) => !/ \d+\.\d+$/.test(entry)).map(([key]) => key);
      expect([table, withoutVersion]).toEqual([table, []]);
    }
    expect(Object.keys(VALUES).sort()).toEqual(Object.keys(SETTING_TYPES).sort());
  });

  test.each(Object.keys(SETTING_TYPES))('%s takes what is right, and nothing else', (name) => {
    const { matches, problem } = SETTING_TYPES[name];
    const passes = (value: unknown): boolean => matches(value) && problem?.(value) === undefined;
    expect(VALUES[name].right.filter((value) => !passes(value))).toEqual([]);
    expect(VALUES[name].wrong.filter(passes)).toEqual([]);
  });

  const given = (keys: { readonly [key: string]: string }, prop: string) => Object.entries(keys)
    .map(([key, entry]) => [prop, key, typeOf(entry)] as const)
    .filter(([, key, type]) => !['table', 'tables'].includes(type) && key !== 'bearer_token' && !key.startsWith('affinity'))
    .filter(([, key]) => prop !== 'kubernetesSettings' || !SETTINGS_OF_PROPS.has(key.split(/[.[]/)[0]));

  test.each([...given(KUBERNETES_KEYS, 'kubernetesSettings'), ...given(GLOBAL_KEYS, 'runnerSettings'), ...given(RUNNER_KEYS, 'runnerSettings')])(
    '%s.%s, %s: what is wrong is refused by its name', (prop, key, type) => {
      const shape = type.slice(nameOf(type).length + 1);
      const nested = (value: unknown): any => key.split('.').reverse().reduce(
        (inner, part) => part.endsWith('[]') ? { [part.slice(0, -2)]: [inner] } : { [part]: inner },
        (shape === 'list' ? [value] : shape === 'table' ? { xyz: value } : value) as any);
      for (const wrong of VALUES[nameOf(type)].wrong) {
        expect(() => newChart({}, { [prop]: nested(wrong) })).toThrow(
          new RegExp(`^${prop}\\.${key.replace(/\[\]/g, '\\[0\\]').replace(/\./g, '\\.')}(\\.xyz)?: `));
      }
    });

  test('leave what is right as it is', () => {
    expect(runner(newChart({ cleanup_resources_timeout: '5m', allowed_users: ['1000'], dns_policy: 'default' })).kubernetes)
      .toMatchObject({ cleanup_resources_timeout: '5m', allowed_users: ['1000'], dns_policy: 'default' });
  });
});

describe('profiles of the node', () => {
  test('fail without a name', () => {
    expect(() => newChart({ build_container_security_context: { seccomp_profile: { type: 'Localhost' } } })).toThrow(
      'kubernetesSettings.build_container_security_context.seccomp_profile.localhost_profile: missing, as the type is "Localhost", got nothing; '
      + 'give the profile\'s name on the node (at ci)');
    expect(() => newChart({ build_container_security_context: { app_armor_profile: { type: 'Localhost', localhost_profile: 'x' } } })).not.toThrow();
  });
});

describe('patches of the pod', () => {
  const patched = (patch: string, patch_type?: string, props: Partial<GitLabRunnerChartProps> = {}) =>
    newChart({ pod_spec: [{ name: 'x', patch, patch_type }] }, props);

  test('switch their feature flag on', () => {
    expect(runner(patched('hostUsers: false')).feature_flags.FF_USE_ADVANCED_POD_SPEC_CONFIGURATION).toBe(true);
    expect(runner(newChart({})).feature_flags).not.toHaveProperty('FF_USE_ADVANCED_POD_SPEC_CONFIGURATION');
    const off = { FF_USE_ADVANCED_POD_SPEC_CONFIGURATION: false };
    expect(() => patched('hostUsers: false', undefined, { featureFlags: off })).toThrow(
      'featureFlags.FF_USE_ADVANCED_POD_SPEC_CONFIGURATION: off, so that the runner would ignore pod_spec, got false; leave it out, or what needs pod_spec (at ci)');
    expect(() => patched('hostUsers: false', undefined, { environment: { FF_USE_ADVANCED_POD_SPEC_CONFIGURATION: 'false' } })).toThrow(/off, so that/);
    expect(() => newChart({}, { featureFlags: off })).not.toThrow();
  });

  test.each<[string, string | undefined]>([
    ['containers:\n  - name: build\n    volumeMounts:\n      - name: kubeconfig\n        mountPath: /tmp/kubeconfig\nvolumes:\n  - name: kubeconfig\n    secret:\n      secretName: kubeconfig\n', 'strategic'],
    ['{"hostUsers": false}', 'merge'],
    ['[{"op":"add","path":"/hostUsers","value":false}]', 'json'],
    ['- op: remove\n  path: /affinity\n', 'json'],
    ['containers:\n- { name: svc-0, tty: true }\n- { name: own, image: "busybox:1" }\n- { $patch: replace }\ninitContainers: [{ name: init-permissions, env: [] }]', undefined],
    ['{"volumes": [{"$patch": "delete", "name": "repo"}], "$setElementOrder/volumes": []}', undefined],
  ])('take %j', (patch, type) => {
    expect(() => patched(patch, type)).not.toThrow();
  });

  test.each<[string, string | undefined, string]>([
    ['a: [', undefined, 'kubernetesSettings.pod_spec[0].patch: neither YAML nor JSON, '],
    ['- op: add', 'strategic', 'kubernetesSettings.pod_spec[0].patch: not a map of a pod\'s spec, as patch_type "strategic" wants it, got '],
    ['hostUsers: false', 'json', 'kubernetesSettings.pod_spec[0].patch: not a list of operations, as patch_type "json" wants it, got '],
    ['spec: { hostUsers: false }', undefined,
      'kubernetesSettings.pod_spec[0].patch: not a field of a pod\'s spec, which a patch starts at, got "spec"; write what is in the pod\'s spec alone (at ci)'],
    ['tolerationz: []', 'merge', 'kubernetesSettings.pod_spec[0].patch: not a field of a pod\'s spec, which a patch starts at, got "tolerationz"; did you mean "tolerations" (at ci)'],
    ['[{ op: add, path: /spec/hostUsers, value: false }]', 'json', 'kubernetesSettings.pod_spec[0].patch: not a field of a pod\'s spec, which a patch starts at, got "spec"; '],
    ['[{ op: put, path: /hostUsers, value: false }]', 'json', 'kubernetesSettings.pod_spec[0].patch: not an operation of a JSON patch, got '],
    ['[{ op: add, path: hostUsers, value: false }]', 'json', 'kubernetesSettings.pod_spec[0].patch: an operation without a path, got '],
    ['[{ op: add, path: /hostUsers }]', 'json', 'kubernetesSettings.pod_spec[0].patch: an operation "add" without value, got '],
    ['containers: [{ name: build, envform: [] }]', undefined,
      'kubernetesSettings.pod_spec[0].patch: not a field of a container, so that it would be dropped, got "envform"; did you mean "envFrom" (at ci)'],
    ['volumes: [{ name: a, persistentvolumeclaim: { claimName: a } }]', 'merge',
      'kubernetesSettings.pod_spec[0].patch: not a kind of volume, so that it would be dropped, got "persistentvolumeclaim"; did you mean "persistentVolumeClaim" (at ci)'],
    ['containers: [{ name: builder, tty: true }]', undefined,
      'kubernetesSettings.pod_spec[0].patch: a container that the runner does not make, without an image, got "builder"; did you mean "build" (at ci)'],
    ['initContainers: [{ name: tune, command: [sysctl] }]', undefined, 'give its image, or one of the runner\'s, such as "build" (at ci)'],
    ['containers: [{ env: [] }]', undefined, 'kubernetesSettings.pod_spec[0].patch: an item of containers without the name by which it would be found, got {"env":[]}; give its name, such as "build" (at ci)'],
    ['containers: { name: build }', undefined, 'kubernetesSettings.pod_spec[0].patch: containers that are no list, got {"name":"build"}; write a list, each item with its name (at ci)'],
    ['volumes: [build]', undefined, 'kubernetesSettings.pod_spec[0].patch: an item of volumes without the name by which it would be found, got "build"'],
    ['', undefined, 'kubernetesSettings.pod_spec[0]: without a patch, got nothing; give patch, as YAML or JSON (at ci)'],
  ])('fail on %j as %s', (patch, type, message) => {
    expect(() => patched(patch, type)).toThrow(message);
  });

  test('fail when they are in two places', () => {
    expect(() => newChart({ pod_spec: [{ patch: '{}', patch_path: '/x' }] })).toThrow('kubernetesSettings.pod_spec[0].patch_path: given beside patch, got "/x"; give one of the two (at ci)');
  });
});

describe('feature flags', () => {
  const flagged = (featureFlags: any, props: Partial<GitLabRunnerChartProps> = {}) => newChart({}, { featureFlags, ...props });

  test('fail when the runner does not know them', () => {
    expect(() => flagged({ FF_USE_FASTZIPS: true })).toThrow(
      'featureFlags["FF_USE_FASTZIPS"]: not a feature flag of GitLab Runner, which would ignore it, got "FF_USE_FASTZIPS"; did you mean "FF_USE_FASTZIP" (at ci)');
    expect(() => flagged({ FF_A: true })).toThrow(/which would ignore it, got "FF_A"; leave it out \(at ci\)$/);
    expect(() => flagged({ FF_SUSPENDABLE_ENVIRONMENTS: true }, { runnerVersion: GitLabVersion.of('18.11.0') })).toThrow(
      'featureFlags.FF_SUSPENDABLE_ENVIRONMENTS: not known before runner 19.0, and runner 18.11 is used, got true; leave it out (at ci)');
    expect(() => flagged({ FF_SKIP_NOOP_BUILD_STAGES: false })).toThrow(
      'featureFlags.FF_SKIP_NOOP_BUILD_STAGES: gone since runner 19.2, and runner 19.4 is used, got false; leave it out (at ci)');
    expect(() => flagged({ FF_SKIP_NOOP_BUILD_STAGES: false }, { runnerVersion: GitLabVersion.of('19.2.0') })).not.toThrow();
  });

  test('by default are those that the runner knows', () => {
    expect(runner(flagged({}, { runnerVersion: GitLabVersion.of('18.3.0') })).feature_flags).toEqual({ FF_GIT_URLS_WITHOUT_TOKENS: true });
    expect(runner(flagged({})).feature_flags).toEqual({ FF_GIT_URLS_WITHOUT_TOKENS: true, FF_HASH_CACHE_KEYS: true });
  });

  test('by variables count as those by name do, for the manager\'s rights too', () => {
    const verbs = (chart: GitLabRunnerChart, resource: string) =>
      chart.toJson().find(({ kind }) => kind === 'Role').rules.find(({ resources }: any) => resources.includes(resource))?.verbs;
    const printing = flagged({}, { environment: { FF_PRINT_POD_EVENTS: '1', OTHER: 'x' } });
    expect(verbs(printing, 'events')).toEqual(['list', 'watch']);
    expect(runner(printing)).toMatchObject({ feature_flags: { FF_PRINT_POD_EVENTS: true }, environment: ['FF_PRINT_POD_EVENTS=1', 'OTHER=x'] });
    expect(verbs(flagged({ FF_PRINT_POD_EVENTS: false }, { environment: { FF_PRINT_POD_EVENTS: 'true' } }), 'events')).toEqual(['list']);
    expect(runner(flagged({}, { environment: { FF_HASH_CACHE_KEYS: 'f' } })).feature_flags.FF_HASH_CACHE_KEYS).toBe(false);
    expect(() => flagged({}, { environment: { FF_PRINT_POD_EVENTS: 'yes' } })).toThrow(
      'environment.FF_PRINT_POD_EVENTS: not a valid value, got "yes"; give "true" or "false", as the runner reads no other (at ci)');
  });
});
