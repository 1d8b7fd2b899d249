// Values files of GitLab's chart as people have them, and programs that say the same: both come to the same config.toml and the same pods.
import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { Example, examples, windows } from './examples';
import { leaves, officialChart, outcomeOf } from './official-chart';
import * as api from '../../../src';
import { newStack } from '../../synth';

const NAMESPACE = 'gitlab-runner';
const EXAMPLES = examples(api);
const { AksCluster, GitLab, KubernetesGitLabRunner } = api;
const RELEASE = { name: 'gitlab-runner', namespace: NAMESPACE };

/** What every runner of this library has, whatever the values say, and what a chart's runner does without. */
const ALWAYS: readonly RegExp[] = [
  // the manager tells jobs and runners apart, and serves its own probes.
  /^config\.(log_format|listen_address)$/, /^config\.runner\.(name|output_limit|request_concurrency)$/,
  // a refusal of some minutes is no reason to pause for an hour.
  /^config\.runner\.unhealthy_interval$/,
  // safe defaults of jobs.
  /^config\.runner\.feature_flags\.(FF_HASH_CACHE_KEYS|FF_GIT_URLS_WITHOUT_TOKENS|FF_USE_ADVANCED_POD_SPEC_CONFIGURATION)$/,
  /^config\.runner\.kubernetes\.(image|privileged|allow_privilege_escalation|automount_service_account_token|poll_timeout|pod_disruption_budget|print_pod_warning_events|service_account)$/,
  /^config\.runner\.kubernetes\.(pull_policy\[always\]|pod_security_context\.seccomp_profile\.type|retry_limits\..*)$/,
  /^config\.runner\.kubernetes\.((helper|service)_)?(cpu|memory|ephemeral_storage)_(request|limit)$/,
  // caches that are quick.
  /^config\.runner\.environment\[CACHE_/, /^config\.runner\.feature_flags\.FF_USE_PARALLEL_CACHE_TRANSFER$/,
  // the manager's own pod.
  /^pod\.(revisionHistoryLimit|account)$/, /^pod\.resources\./, /^pod\.env\.HOME$/, /^pod\.nodeSelector\.kubernetes\.io\/os$/, /^pod\.tolerations\[CriticalAddonsOnly\]$/,
  /^pod\.annotations\.(checksum\/config|cluster-autoscaler\.kubernetes\.io\/safe-to-evict)$/, /^pod\.(labels|monitorLabels)\.app\.kubernetes\.io\/name$/,
  // other containers are kept from the node too.
  /^pod\.(containers|initContainers)\.\d+\.securityContext\./,
  /^pod\.mounts\.\/(config|etc\/gitlab-runner|home\/gitlab-runner|tmp|var\/run\/secrets\/kubernetes\.io\/serviceaccount)\./,
];

const values = (file: string) => readFileSync(join(__dirname, `${file}.yaml`), 'utf8');

function runnerOf({ gitlabUrl = 'https://gitlab.example.com', props }: Pick<Example, 'gitlabUrl' | 'props'>): api.KubernetesGitLabRunner {
  const stack = newStack();
  return new KubernetesGitLabRunner(stack, 'Runner', {
    gitlab: GitLab.fromAttributes(stack, 'GitLab', { gitlabUrl }),
    cluster: AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'aks', resourceGroupName: 'g' }),
    namespace: NAMESPACE,
    ...props,
  });
}

test('each file is tried', () => {
  expect([...Object.keys(EXAMPLES), 'windows'].sort()).toEqual(readdirSync(__dirname).filter((file) => file.endsWith('.yaml')).map((file) => file.slice(0, -5)).sort());
});

describe.each(Object.entries(EXAMPLES))('%s', (file, example) => {
  const theirs = leaves(officialChart(values(file), RELEASE));
  const ours = leaves(outcomeOf(runnerOf(example).chart.toJson()));
  const different = Object.keys(example.different ?? {});

  test('comes to what the chart makes of it', () => {
    const others = [...theirs].filter(([path, value]) => ours.get(path) !== value && !different.includes(path));
    expect(others.map(([path, value]) => `${path}: ${value}, here ${ours.get(path)}`)).toEqual([]);
  });

  test('has nothing beside it but what every runner has', () => {
    const more = [...ours.keys()].filter((path) => !theirs.has(path) && !ALWAYS.some((always) => always.test(path)) && !different.includes(path));
    expect(more).toEqual([]);
  });

  test('differs where it is said, and nowhere else', () => {
    expect(different.filter((path) => theirs.get(path) === ours.get(path))).toEqual([]);
  });
});

test('each of what every runner has is there for a reason: some example has it', () => {
  const all = Object.entries(EXAMPLES).flatMap(([file, example]) => {
    const theirs = leaves(officialChart(values(file), RELEASE));
    return [...leaves(outcomeOf(runnerOf(example).chart.toJson())).keys()].filter((path) => !theirs.has(path));
  });
  expect(ALWAYS.filter((always) => !all.some((path) => always.test(path)))).toEqual([]);
});

test('jobs on Windows are refused, with the reason and another way', () => {
  expect(() => runnerOf({ props: windows(api) })).toThrow(new Error([
    'nodeSelector["kubernetes.io/os"]: jobs on Windows are not supported: the network policies of AksCluster are Cilium\'s, which is for Linux only, ',
    'got "windows"; use GitLab\'s own chart for them (at Test/Runner)',
  ].join('')));
});
