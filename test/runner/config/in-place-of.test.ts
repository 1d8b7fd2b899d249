// What is said of keys and values that people write by other names: those of other executors, of other versions, of Kubernetes, of a pod's spec.
import { App } from 'cdk8s';
import { GitLabRunnerChart, RunnerToken, RunnerVolume } from '../../../src/runner';
import { IN_PLACE_OF, IN_PLACE_OF_EXECUTORS, OTHER_WAYS, SECRETS } from '../../../src/runner/config/runner-keys';
import { SETTINGS_OF_PROPS } from '../../../src/runner/job-pod/settings-of-props';
import { STRUCTS } from '../../law/structs';

const make = (props: any) => new GitLabRunnerChart(new App(), 'ci', { gitlabUrl: 'https://gitlab.example.com', token: RunnerToken.kubernetesSecret('ci-token'), ...props });
const remedyOf = (props: any): string => {
  try {
    make(props);
    return 'taken';
  } catch (error) {
    return /; ([^;]+) \(at ci\)$/s.exec((error as Error).message)?.[1] ?? (error as Error).message;
  }
};

test.each([
  // misspelt names of what props set, in one step.
  ['image_pull_policy', 'use pullPolicies'],
  ['privilaged', 'use privileged'],
  ['nodeSelector', 'use nodeSelector'],
  ['imagePullSecrets', 'use imagePullSecrets'],
  ['pod_tolerations', 'use tolerations'],
  ['pod_annotation', 'use podAnnotations'],
  ['priorityClassName', 'use priorityClassName'],
  ['helper_cpu_limits', 'use helperResources.cpuLimit'],
  // of other settings.
  ['runtimeClassName', 'did you mean "runtime_class_name"'],
  ['dnsPolicy', 'did you mean "dns_policy"'],
  // a pod's own fields.
  ['serviceAccountName', 'use jobServiceAccount'],
  ['service_account_name', 'use jobServiceAccount'],
  ['security_context', 'use podSecurityContext'],
  ['terminationGracePeriodSeconds', 'use podTerminationGracePeriodSeconds'],
  ['topology_spread_constraints', 'use pod_spec, as { name: \'…\', patch: \'topologySpreadConstraints: …\' }'],
  // of Docker's executor.
  ['cpus', 'use buildResources'],
  ['shm_size', 'use volumes'],
  ['extra_hosts', 'use host_aliases'],
  ['gpus', 'use the prop gpus'],
  ['dns', 'use dns_config'],
  ['disable_cache', 'leave it out'],
  // one table too high.
  ['empty_dir', 'use volumes'],
  ['builds_dir', 'use runnerSettings'],
  // of every object of JavaScript's.
  ['constructor', 'leave it out'],
  ['toString', 'leave it out'],
  ['__proto__', 'leave it out'],
])('kubernetesSettings.%s: %s', (key, remedy) => {
  expect(remedyOf({ kubernetesSettings: { [key]: 'x' } })).toBe(remedy);
});

test.each([
  ['outputLimit', 'use outputLimitKb'],
  ['requestConcurrency', 'use requestConcurrency'],
  ['CloneURL', 'did you mean "clone_url"'],
  ['tls-skip-verify', 'leave it out: GitLab\'s certificate is always checked, against an authority that caCertificateSecret can name'],
  ['tls-ca-file', 'use caCertificateSecret, or the one that the GitLab has'],
  ['metrics_server', 'leave it out: metrics are on port 9252'],
  ['registration_token', 'use RunnerToken.legacyRegistrationToken()'],
  ['volumes', 'use volumes'],
  ['helper_image', 'use kubernetesSettings'],
  ['valueOf', 'leave it out'],
])('runnerSettings.%s: %s', (key, remedy) => {
  expect(remedyOf({ runnerSettings: { [key]: 'x' } })).toBe(remedy);
});

test('an executor of no known name is left out too', () => {
  expect(remedyOf({ runnerSettings: { executor: 'constructor' } })).toBe('leave it out');
});

test.each([
  [{ ServerAddress: 's3.amazonaws.com' }], [{ AccessKey: 'AKIA' }], [{ s3: { BucketNames: 'x' } }], [{ s3: { PathStyles: true } }],
])('a cache\'s %j has its own prop', (cache) => {
  expect(remedyOf({ runnerSettings: { cache } })).toBe('use the prop cache, RunnerCache.s3()');
});

test('resources as a container of Kubernetes\' has them are said in other words', () => {
  expect(() => make({ managerResources: { limits: { 'memory': '1Gi', 'ephemeral-storage': '2Gi' } } })).toThrow(new Error(
    'managerResources.limits: a table, as Kubernetes has it, got {"memory":"1Gi","ephemeral-storage":"2Gi"}; write memoryLimit and ephemeralStorageLimit in its place (at ci)'));
  expect(() => make({ buildResources: { requests: { cpu: '1' } } })).toThrow('buildResources.requests: a table, as Kubernetes has it, got {"cpu":"1"}; write cpuRequest in its place');
  expect(() => make({ serviceResources: { limits: {} } })).toThrow('serviceResources.limits: a table, as Kubernetes has it, got {}; write memoryLimit in its place');
});

test('paths and shells of Windows are refused as such', () => {
  const words = 'jobs on Windows are not supported: the network policies of AksCluster are Cilium\'s, which is for Linux only';
  expect(() => RunnerVolume.secret('key', 'C:\\key')).toThrow(new Error(`mountPath: ${words}, got "C:\\\\key"; use GitLab's own chart for them (at RunnerVolume.secret)`));
  for (const settings of [{ builds_dir: 'C:\\builds' }, { cache_dir: 'd:/cache'.replace('/', '\\') }, { shell: 'powershell' }, { shell: 'cmd' }]) {
    expect(() => make({ runnerSettings: settings })).toThrow(words);
  }
  expect(() => make({ runnerSettings: { shell: 'pwsh' } })).not.toThrow();
});

test('every prop that a remedy names is there', () => {
  const props = STRUCTS.get('KubernetesGitLabRunnerProps')!.map(({ name }) => name);
  const remedies = [OTHER_WAYS, SECRETS, IN_PLACE_OF, IN_PLACE_OF_EXECUTORS].flatMap(Object.values).flatMap((words: string) => [...words.matchAll(/\buse (?:the prop )?(\w+)/g)])
    .map(([, name]) => name).filter((name) => !/^(RunnerToken|pre_get_sources_script|post_get_sources_script)$/.test(name) && name !== 'the');
  expect(remedies.length).toBeGreaterThan(20);
  expect([...remedies, ...[...SETTINGS_OF_PROPS.values()].map((name) => name.split('.')[0])].filter((name) => !props.includes(name))).toEqual([]);
});
