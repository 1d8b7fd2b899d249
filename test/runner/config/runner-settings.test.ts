import { App } from 'cdk8s';
import { TerraformVariable } from 'cdktf';
import { parse } from 'smol-toml';
import { AksCluster } from '../../../src/aks';
import { GitLab, GitLabVersion } from '../../../src/gitlab';
import { GitLabRunnerChart, GitLabRunnerChartProps, KubernetesGitLabRunner, RunnerCache, RunnerToken } from '../../../src/runner';
import { NEVER, OTHER_WAYS, RUNNER_KEYS, SECRETS } from '../../../src/runner/config/runner-keys';
import { newStack } from '../../synth';

const TOKEN = RunnerToken.kubernetesSecret('ci-token');
const CACHE = RunnerCache.existingAzureBlob({ storageAccountName: 'cache', containerName: 'cache' });

function newChart(runnerSettings: any, props: Partial<GitLabRunnerChartProps> = {}): GitLabRunnerChart {
  return new GitLabRunnerChart(new App(), 'ci', { gitlabUrl: 'https://gitlab.example.com', token: TOKEN, runnerSettings, ...props });
}

const template = (chart: GitLabRunnerChart): string => chart.toJson().find(({ kind }) => kind === 'ConfigMap').data['config.template.toml'];
const config = (chart: GitLabRunnerChart): any => parse(template(chart));
const checksum = (chart: GitLabRunnerChart): string =>
  chart.toJson().find(({ kind }) => kind === 'Deployment').spec.template.metadata.annotations['checksum/config'];

const SETTINGS = {
  strict_check_interval: true,
  unhealthy_interval: '7m',
  unhealthy_requests_limit: 10,
  builds_dir: '/tmp/builds',
  cache_dir: '/cache',
  clone_url: 'https://gitlab.internal',
  labels: { team: 'platform', zone1: '1' },
  shell: 'pwsh',
  pre_get_sources_script: 'git config --global http.proxy http://proxy:3128',
  pre_build_script: 'echo "before"\nexport A=\'${B}\'\n',
  post_build_script: 'echo after',
  prepare_timeout: '15m',
  get_sources_timeout: '10m',
  debug_trace_disabled: true,
  safe_directory_checkout: false,
  custom_build_dir: { enabled: true },
  artifact: { upload_timeout: '2h', response_header_timeout: '20m' },
  monitoring: { job_queuing_durations: [{ periods: ['* * * * *'], timezone: 'UTC', threshold: '30s', jobs_running_for_project: '.*' }] },
};

test('are written where they belong', () => {
  const chart = newChart({ ...SETTINGS, connection_max_age: '5m' });
  expect(config(chart)).toMatchObject({ connection_max_age: '5m', concurrent: 10 });
  expect(config(chart).runners[0]).toMatchObject({ ...SETTINGS, executor: 'kubernetes', url: 'https://gitlab.example.com' });
  expect(config(chart).runners[0]).not.toHaveProperty('connection_max_age');
  // the sidecar reads the template line by line.
  expect(template(chart)).toContain('pre_build_script = "echo \\"before\\"\\nexport A=\'${B}\'\\n"\n');
  chart.addRunner('second', TOKEN, { runnerSettings: { shell: 'sh' } });
  expect(config(chart).runners.map(({ shell }: any) => shell)).toEqual(['pwsh', 'sh']);
});

test('may hold what only the apply knows', () => {
  const variable = new TerraformVariable(newStack(), 'Reference', {});
  const written = template(newChart({ clone_url: variable.value, unhealthy_requests_limit: variable.value, debug_trace_disabled: variable.value }));
  expect(written.split('\n').filter((line) => line.includes('TfToken')).map((line) => line.split(' = ')[0])).toEqual([
    'unhealthy_requests_limit', 'clone_url', 'debug_trace_disabled',
  ].sort((one, other) => written.indexOf(one) - written.indexOf(other)));
});

test('replace the manager when they change', () => {
  expect(checksum(newChart({ shell: 'sh' }))).not.toBe(checksum(newChart({ shell: 'bash' })));
  expect(checksum(newChart({ connection_max_age: '5m' }))).not.toBe(checksum(newChart({})));
});

test('add to the cache and to the check at the start', () => {
  const { cache } = config(newChart({ cache: { Path: 'ci', MaxUploadedArchiveSize: 1_000_000, RedactURL: true } }, { cache: CACHE })).runners[0];
  expect(cache).toMatchObject({ Type: 'azure', Path: 'ci', MaxUploadedArchiveSize: 1_000_000, RedactURL: true, azure: { AccountName: 'cache' } });
  const { experimental } = config(newChart({ experimental: { boot_verify: { verify_cache: true } } }, { bootVerificationEnabled: true })).runners[0];
  expect(experimental.boot_verify).toEqual({ enabled: true, timeout: '900s', verify_cache: true });
});

test('of a cache may be as GitLab Runner writes them where there is none', () => {
  expect(config(newChart({ cache: { MaxUploadedArchiveSize: 0, s3: {} } })).runners[0]).not.toHaveProperty('cache');
});

test('of the manager are none of a runner that is added, and are those of a joined one', () => {
  const message = 'runnerSettings.connection_max_age: a setting of the whole manager, got "5m"; give it to the manager and not to a runner that is added ';
  expect(() => newChart({}).addRunner('second', TOKEN, { runnerSettings: { connection_max_age: '5m' } })).toThrow(new Error(`${message}(at ci)`));
  const stack = newStack();
  const joined = new KubernetesGitLabRunner(stack, 'Runner', {
    gitlab: GitLab.fromAttributes(stack, 'GitLab', { gitlabUrl: 'https://gitlab.example.com' }),
    cluster: AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'c', resourceGroupName: 'g' }),
    token: TOKEN,
    runnerSettings: { connection_max_age: '5m', shell: 'sh' },
  });
  expect(config(joined.chart)).toMatchObject({ connection_max_age: '5m', runners: [{ shell: 'sh' }] });
  expect(() => joined.addRunner('Second', { token: TOKEN, runnerSettings: { connection_max_age: '5m' } })).toThrow(new Error(`${message}(at Test/Runner)`));
});

test.each<[string, any, Partial<GitLabRunnerChartProps>, string]>([
  ['of a job\'s pod', { poll_interval: 5 }, {}, 'runnerSettings.poll_interval: not a setting of GitLab Runner, got 5; use kubernetesSettings (at ci)'],
  ['of a job\'s pod with a prop', { namespace: 'x' }, {}, 'runnerSettings.namespace: not a setting of GitLab Runner, got "x"; use jobNamespace (at ci)'],
  ['like no other', { quux: 'x' }, {}, 'runnerSettings.quux: not a setting of GitLab Runner, got "x"; leave it out (at ci)'],
  ['unknown', { builds_directory: '/b' }, {}, 'runnerSettings.builds_directory: not a setting of GitLab Runner, got "/b"; did you mean "builds_dir" (at ci)'],
  ['in another spelling', { preBuildScript: 'x' }, {}, 'runnerSettings.preBuildScript: not a setting of GitLab Runner, got "x"; did you mean "pre_build_script" (at ci)'],
  ['a prop\'s', { limit: 3 }, {}, 'runnerSettings.limit: set in another way, got 3; use limit (at ci)'],
  ['a nested prop\'s', { cache: { Type: 's3' } }, { cache: CACHE }, 'runnerSettings.cache.Type: set in another way, got "s3"; use the prop cache, such as RunnerCache.s3() (at ci)'],
  ['GitLab\'s', { tags: ['a'] }, {}, 'runnerSettings.tags: set in another way, got ["a"]; the runner in GitLab has them: use tags (at ci)'],
  ['of an older name', { pre_clone_script: 'x' }, {}, 'runnerSettings.pre_clone_script: set in another way, got "x"; use pre_get_sources_script (at ci)'],
  ['another executor', { executor: 'docker+machine' }, {}, 'runnerSettings.executor: jobs run in pods of the cluster, always with the executor "kubernetes", got "docker+machine"; '
    + 'leave it out: node pools grow and shrink by themselves, and warmCapacity keeps room for jobs (at ci)'],
  ['the shell\'s executor', { executor: 'shell' }, {}, 'runnerSettings.executor: jobs run in pods of the cluster, always with the executor "kubernetes", got "shell"; '
    + 'leave it out, and give jobs an image with what they need (at ci)'],
  ['a machine\'s', { autoscaler: { plugin: 'azure' } }, {}, 'runnerSettings.autoscaler: a setting of another executor, got {"plugin":"azure"}; '
    + 'leave it out: node pools grow and shrink by themselves, and warmCapacity keeps room for jobs (at ci)'],
  ['another executor\'s', { docker: { image: 'x' } }, {}, 'runnerSettings.docker: a setting of another executor, got {"image":"x"}; '
    + 'leave it out: what is in it for jobs are props here, such as image, privileged and volumes (at ci)'],
  ['a secret', { token: 'glrt-abcdefghijk' }, {},
    'runnerSettings.token: a secret that would be stored in a ConfigMap and in the Terraform state, got "(hidden)"; use the prop token (at ci)'],
  ['an unknown secret', { my_token: 'glrt-abcdefghijk' }, {}, 'runnerSettings.my_token: not a setting of GitLab Runner, got "(hidden)"; use the prop token (at ci)'],
  ['too new', { get_sources_timeout: '5m' }, { runnerVersion: GitLabVersion.of('19.0.0') },
    'runnerSettings.get_sources_timeout: not known before runner 19.1, and runner 19.0 is used, got "5m"; leave it out or take a newer runnerVersion (at ci)'],
  ['of a cache that is not there', { cache: { Path: 'x' } }, {},
    'runnerSettings.cache: has no effect without a cache, got {"Path":"x"}; give the prop cache too, or leave it out (at ci)'],
  ['of a check that is off', { experimental: { boot_verify: { verify_cache: true } } }, {},
    'runnerSettings.experimental: has no effect without the check at the manager\'s start, got {"boot_verify":{"verify_cache":true}}; switch bootVerificationEnabled on, or leave it out (at ci)'],
  ['shorter than the wait for a pod', { prepare_timeout: '5m' }, {},
    'runnerSettings.prepare_timeout: not longer than the 600 seconds that a job may wait for its pod, pollTimeoutSeconds, got "5m"; raise it, or lower that (at ci)'],
  ['a wrong label', { labels: { a: 'b' } }, {},
    'runnerSettings.labels.a: not a valid label, got "b"; give a name of 3 to 65 and a value of 1 to 256 letters, digits, ".", "_" and "-" (at ci)'],
  ['too many labels', { labels: Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`label${index}`, 'x'])) }, {},
    'runnerSettings.labels: too many, got 33; give at most 32 (at ci)'],
  ['no map', 'x', {}, 'runnerSettings: not a map, got "x"; give settings by the names of config.toml (at ci)'],
])('fail when one is %s', (_name, settings, props, message) => {
  expect(() => newChart(settings, props)).toThrow(new Error(message));
});

test('each key that is not set here is refused with what to do, and none of them is one that is', () => {
  const nested = (key: string): any => key.split('.').reverse().reduce((inner, part) => ({ [part]: inner }), 'x' as any);
  for (const key of [...Object.keys(OTHER_WAYS), ...Object.keys(NEVER), ...Object.keys(SECRETS)]) {
    expect(RUNNER_KEYS).not.toHaveProperty([key]);
    expect(() => newChart(nested(key))).toThrow(new RegExp(`^runnerSettings\\.${key.replace(/\./g, '\\.')}: `));
  }
});
