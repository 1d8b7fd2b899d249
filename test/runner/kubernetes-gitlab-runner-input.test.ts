import { App } from 'cdk8s';
import { parse } from 'smol-toml';
import {
  GitLabRunnerScope, KeyVaultSecret, KubernetesGitLabRunner, KubernetesGitLabRunnerProps, RunnerCache, RunnerPullPolicy, RunnerToken,
  RunnerVolume,
} from '../../src';
import * as fc from '../fast-check';
import { VAULT, config, joinExisting } from './joined';

test('a prop is looked at by its table alone: nothing is checked again on the way to the chart', () => {
  const { stack, gitlab, cluster } = joinExisting();
  const token = RunnerToken.kubernetesSecret('token');
  let looks = 0;
  const buildResources = { get cpuRequest() { looks++; return '2'; } };
  const runner = new KubernetesGitLabRunner(stack, 'Other', { gitlab, cluster, token, buildResources });
  expect(config(runner).runners[0].kubernetes.cpu_request).toBe('2');
  // once for its name, once for its value.
  expect(looks).toBe(2);
});

describe('bad input', () => {
  const wrong = (value: unknown): any => value;

  test.each<[string, Partial<KubernetesGitLabRunnerProps>, string]>([
    ['there is no GitLab', { gitlab: wrong(undefined) },
      'gitlab: missing, got nothing; give a SelfHostedGitLab or GitLab.fromAttributes()'],
    ['GitLab is its address', { gitlab: wrong('https://gitlab.com') },
      'gitlab: not a GitLab, got "https://gitlab.com"; give a SelfHostedGitLab or GitLab.fromAttributes()'],
    ['the cluster is a chart', { cluster: wrong(new App()) },
      'cluster: not a cluster, got an App; give an AksCluster, or AksCluster.fromAksClusterAttributes(…)'],
    ['the pool is its name', { nodePool: wrong('jobs') },
      'nodePool: not a node pool, got "jobs"; give an AksNodePool, or AksNodePool.fromAksNodePoolAttributes(…)'],
    ['the token has tags already', { tags: ['aks'] },
      'tags: GitLab stores the settings of the runner that the given token belongs to, got ["aks"]; set it in GitLab, or drop token'],
    ['a registration token\'s tags are elsewhere', { token: RunnerToken.legacyRegistrationToken(RunnerToken.kubernetesSecret('t')), locked: true },
      'locked: GitLab stores the settings of the runner that the given token belongs to, got true; give it to RunnerToken.legacyRegistrationToken()'],
    ['the token has a scope already', { runnerScope: GitLabRunnerScope.group('team') },
      'runnerScope: GitLab stores the settings of the runner that the given token belongs to, got {"_owner":{"type":"group_type","path":"team"}}; set it in GitLab, or drop token'],
    ['the scope is a path', { token: RunnerToken.fromGitlab(), runnerScope: wrong('team') },
      'runnerScope: not a GitLabRunnerScope, got "team"; give one such as GitLabRunnerScope.group()'],
    ['a tag has a blank', { token: RunnerToken.fromGitlab(), tags: ['a b'] },
      'tags[0]: not a valid value, got "a b"; give 1 to 255 letters, digits, "-", "_", "." and "/"'],
    ['the description is too long', { token: RunnerToken.fromGitlab(), description: 'x'.repeat(1025) },
      `description: not a valid value, got "${'x'.repeat(499)}… (1027 characters); give 1 to 1024 characters on one line`],
    ['the protection is text', { token: RunnerToken.fromGitlab(), refProtected: wrong('ref_protected') },
      'refProtected: not true or false, got "ref_protected"; give true or false'],
    ['the timeout is too short', { token: RunnerToken.fromGitlab(), maximumTimeoutSeconds: 60 },
      'maximumTimeoutSeconds: out of range, got 60; give a whole number from 600 to 2147483647'],
    ['no job can ever come', { token: RunnerToken.fromGitlab(), runUntagged: false },
      'runUntagged: a runner without tags that takes no untagged jobs would never get a job, got false; give tags, or true'],
    ['the job\'s image is none', { image: 'a b' }, 'image: not a valid value, got "a b"; give an image such as "ubuntu:24.04"'],
    ['the manager may do nothing', { concurrent: 0 }, 'concurrent: out of range, got 0; with 0 in config.toml the manager ends at once: leave it out for 10, or give a whole number from 1 to 100000'],
    ['the prop is the chart\'s', wrong({ gitlabUrl: 'https://gitlab.com' }), 'gitlabUrl: no such prop, got "https://gitlab.com"; write gitlab, or leave it out'],
    ['GitLab\'s own address is none', { gitlab: wrong({ gitlabUrl: 'gitlab.com', requestRunnerToken: () => undefined }) },
      'gitlab.gitlabUrl: not a valid value, got "gitlab.com"; give an address without a final slash such as "https://gitlab.example.com"'],
  ])('fails when %s', (_name, props, message) => {
    expect(() => joinExisting(props)).toThrow(new Error(`${message} (at Test/Runner)`));
  });

  test('fails where a cache is made', () => {
    expect(() => RunnerCache.azureBlob({ retentionDays: 0 })).toThrow(
      new Error('retentionDays: out of range, got 0; give a whole number from 1 to 3650 (at RunnerCache.azureBlob)'));
    expect(() => RunnerCache.azureBlob({ storageAccountName: 'a-b' })).toThrow(
      new Error('storageAccountName: not a valid value, got "a-b"; give 3 to 24 lower-case letters and digits (at RunnerCache.azureBlob)'));
  });

  test('fails when GitLab is somebody else\'s and has no token to give', () => {
    expect(() => joinExisting({ token: undefined })).toThrow(new Error(
      'token: a GitLab that this library did not create cannot issue tokens, got "Test-Runner"; create the runner there and pass its token as a RunnerToken (at Test/GitLab)'));
  });

  test('fails when an added runner\'s id cannot be a name', () => {
    expect(() => joinExisting().runner.addRunner('a b', { token: RunnerToken.kubernetesSecret('t') }))
      .toThrow(new Error('id: not a valid value, got "a b"; give letters, digits, "-" and "_" (at Test/Runner)'));
    expect(() => joinExisting().runner.addRunner('x', wrong('y'))).toThrow(
      new Error('options: not an object, got "y"; give an object with its props (at Test/Runner)'));
  });

  test('any value of any prop either synthesises or fails with an error of ours that names prop and path', () => {
    const token = RunnerToken.kubernetesSecret('token');
    const anything = fc.oneof(
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSparseArray: true }),
      fc.string({ unit: 'binary' }), fc.integer(), fc.double(), fc.boolean(), fc.constantFrom(null, NaN, '', [], {}, Symbol('x'), () => 1, [null], { a: null }),
      fc.constantFrom('ci', '500m', '2Gi', 'sku=gpu:NoSchedule', RunnerPullPolicy.NEVER, 600, 3600, true, ['x'], { a: 'b' }),
    );
    const PROPS = [
      'namespace', 'jobNamespace', 'namespaceCreationEnabled', 'runnerVersion', 'managerImage', 'managerReplicas', 'managerUserId', 'managerResources',
      'managerServiceAccount',
      'jobServiceAccount', 'concurrent', 'checkIntervalSeconds', 'logLevel', 'logFormat', 'shutdownTimeoutSeconds', 'gracefulStopSeconds', 'bootVerificationEnabled',
      'cache', 'podMonitor', 'limit', 'requestConcurrency', 'outputLimitKb', 'environment', 'featureFlags', 'image', 'allowedImages', 'allowedServices',
      'pullPolicies', 'allowedPullPolicies', 'imagePullSecrets', 'buildResources', 'helperResources', 'serviceResources', 'nodeSelector', 'tolerations',
      'affinity', 'podLabels', 'podAnnotations', 'privileged', 'allowPrivilegeEscalation', 'podSecurityContext', 'volumes', 'pollTimeoutSeconds',
      'podTerminationGracePeriodSeconds', 'cleanupGracePeriodSeconds', 'priorityClassName', 'podDisruptionBudgetEnabled', 'kubernetesSettings', 'nodePool',
      'description', 'tags', 'runUntagged', 'runnerScope', 'locked', 'paused', 'refProtected', 'maximumTimeoutSeconds', 'token', 'gitlab', 'cluster',
    ];
    // a factory refuses what it is given itself, and so is called where errors are looked at.
    const MADE = Symbol('made');
    const made = (make: () => unknown) => ({ [MADE]: make });
    const some = (...names: string[]) => fc.record(Object.fromEntries(names.map((name) => [name, anything])), { requiredKeys: [] });
    const quantities = some('cpuRequest', 'cpuLimit', 'memoryRequest', 'memoryLimit', 'ephemeralStorageRequest', 'ephemeralStorageLimit');
    const account = some('name', 'annotations', 'podLabels');
    const vault = some('tenantId', 'clientId', 'roleAssignmentEnabled', 'caSecretName');
    const four = fc.tuple(anything, anything, anything, anything);
    // within the groups of props and the factories, where values that mean nothing by themselves seldom get.
    const inner = fc.oneof(...Object.entries({
      managerResources: quantities,
      buildResources: quantities,
      helperResources: quantities,
      serviceResources: quantities,
      managerServiceAccount: account,
      jobServiceAccount: account,
      podSecurityContext: some('runAsUser', 'runAsGroup', 'runAsNonRoot', 'fsGroup', 'supplementalGroups', 'seccompProfile'),
      kubernetesSettings: some('cap_add', 'services', 'autoscaler', 'dns_config', 'host_aliases', 'container_lifecycle', 'build_container_security_context'),
      cache: fc.oneof(
        some('storageAccountName', 'containerName', 'retentionDays', 'shared').map((options: any) => made(() => RunnerCache.azureBlob(options))),
        some('storageAccountName', 'containerName', 'storageAccountId', 'storageDomain', 'shared').map((options: any) => made(() => RunnerCache.existingAzureBlob(options))),
      ),
      token: fc.oneof(
        vault.map((options: any) => made(() => RunnerToken.keyVaultSecret(KeyVaultSecret.of(VAULT, 'token'), options))),
        four.map(([secret, id, name]: any) => made(() => RunnerToken.keyVaultSecret(secret ?? KeyVaultSecret.of(id, name)))),
        four.map(([name, key]: any) => made(() => RunnerToken.kubernetesSecret(name, key))),
        four.map(([volume, file]: any) => made(() => RunnerToken.volume(volume, file))),
        four.map(([variable]: any) => made(() => RunnerToken.terraformVariable(variable))),
        some('tags', 'description', 'runUntagged', 'runnerScope', 'locked').map((options: any) => made(() => RunnerToken.legacyRegistrationToken(token, options))),
      ),
      volumes: fc.oneof(
        four.map(([name, path, size]: any) => made(() => [RunnerVolume.emptyDir(name, path, size)])),
        four.map(([name, path, options]: any) => made(() => [RunnerVolume.secret(name, path, options), RunnerVolume.memory('memory', '/memory')])),
        four.map(([name, path, driver, attributes]: any) => made(() => [RunnerVolume.csi(name, path, driver, attributes)])),
        four.map(([name, path, hostPath]: any) => made(() => [RunnerVolume.hostPath(name, path, hostPath)])),
      ),
    }).map(([name, values]) => fc.tuple(fc.constant(name), values as fc.Arbitrary<unknown>)));
    const props = fc.uniqueArray(fc.oneof(fc.tuple(fc.constantFrom(...PROPS), anything), inner), {
      minLength: 1, maxLength: 2, selector: ([name]) => name,
    });
    const { stack, gitlab, cluster } = joinExisting();
    let count = 0;
    fc.assert(fc.property(props, (entries) => {
      try {
        const given = Object.fromEntries(entries.map(([name, value]: [string, any]) => [name, Object(value)[MADE] ? value[MADE]() : value]));
        const { chart } = new KubernetesGitLabRunner(stack, `Runner${++count}`, { gitlab, cluster, token, ...given });
        const manifests = chart.toJson();
        parse(manifests.find(({ kind }) => kind === 'ConfigMap').data['config.template.toml']);
        expect(JSON.stringify(manifests)).not.toMatch(/undefined|NaN|\[object/);
      } catch (error: any) {
        const [, name, where] = /^([a-zA-Z]+)(?:\.|\[| key|: )[^]*, got [^]*; [^]+ \(at (Test\/(?:Runner\d+|GitLab)|(?:Runner\w+|KeyVaultSecret)\.\w+)\)$/.exec(error.message)
          ?? [undefined, undefined, error.message];
        expect(where).toMatch(/^(Test\/|(Runner(Cache|Token|Volume)|KeyVaultSecret)\.\w+$)/);
        if (where.startsWith('Test/')) {
          expect(entries.map(([prop]) => prop)).toContain(name);
        }
      }
    }), { numRuns: 1500 });
  });
});
