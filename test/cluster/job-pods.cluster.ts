// The pods of jobs, as the real runner's own code makes them of config.toml: of a configuration that somebody has, and of what is written with this library
// instead. They are the same but for the defaults of this library, and the API server takes ours where the jobs' namespace says what pods may do.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { App } from 'cdk8s';
import { parse } from 'smol-toml';
import { Cluster } from './harness/cluster';
import { configOf, jobPods, outline, PodAnswer, PodRequest } from './harness/job-pods';
import { Configuration } from './job-pods/configuration';
import { FURTHER } from './job-pods/further';
import { PLACEMENT } from './job-pods/placement';
import { RESOURCES } from './job-pods/resources';
import { SECURITY } from './job-pods/security';
import { SURROUNDINGS } from './job-pods/surroundings';
import { VOLUMES } from './job-pods/volumes';
import { WHOLE } from './job-pods/whole';
import { Example, examples } from '../docs/values/examples';
import { officialChart } from '../docs/values/official-chart';
import * as api from 'cdktf-azure-gitlab';

const NAMESPACE = 'ci';
const URL = 'https://gitlab.example.com';

/** What every job of this library has, and a job without a word about it has not. */
const ALWAYS: readonly RegExp[] = [
  /\.resources\.(requests\.(cpu|memory|ephemeral-storage)|limits\.(memory|ephemeral-storage))$/,
  /\.imagePullPolicy$/,
  /\.securityContext\.(privileged|allowPrivilegeEscalation)$/,
  /^spec\.securityContext\.seccompProfile\.type$/,
  /^spec\.(serviceAccountName|automountServiceAccountToken)$/,
  // caches that are quick.
  /\.env\.CACHE_/,
];
/** Flags of the runner that are on. */
const SWITCHED_ON = /\.env\.FF_(HASH_CACHE_KEYS|GIT_URLS_WITHOUT_TOKENS|USE_PARALLEL_CACHE_TRANSFER)$/;

/** What is different in the pods of values files. */
const DIFFERENT: { readonly [file: string]: { readonly [path: string]: string } } = {
  mirrors: { 'spec.initContainers.init-permissions.mounts./work': 'mounted by the runner, in all containers' },
};

interface Pair {
  readonly what: string;
  readonly theirs: PodRequest;
  readonly ours: PodRequest;
  readonly objects: readonly any[];
  readonly different?: { readonly [path: string]: string };
}

const cluster = new Cluster({ kubebox: process.env.CLUSTER_KUBEBOX!, images: process.env.CLUSTER_IMAGES! });
const pairs = [
  ...[...PLACEMENT, ...RESOURCES, ...VOLUMES, ...SECURITY, ...SURROUNDINGS, ...WHOLE, ...FURTHER].map(pairOf),
  // the files are of the sources' tests, and what is tried here is the package.
  ...Object.entries(examples(api as any)).map(pairOfFile),
];
let answers: readonly PodAnswer[];

before(async () => {
  await cluster.startWithoutNode();
  answers = jobPods(pairs.flatMap(({ theirs, ours }) => [theirs, ours]));
  for (const name of ['ci', 'high']) {
    await cluster.api.apply({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value: 1 });
  }
  for (const name of ['gvisor', 'kata-vm-isolation']) {
    await cluster.api.apply({ apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name }, handler: 'runc' });
  }
});
after(() => cluster.stop());

pairs.forEach(({ what, objects, different = {} }, index) => {
  test(what, async () => {
    const [theirs, ours] = answers.slice(2 * index, 2 * index + 2);
    assert.deepEqual([theirs.error, ours.error], [undefined, undefined]);
    const [there, here] = [theirs.pod, ours.pod].map(outline);
    const paths = [...new Set([...there.keys(), ...here.keys()])].filter((path) => there.get(path) !== here.get(path));
    assert.deepEqual(paths.filter((path) => !isDefault(path, there) && !isDifferent(path, different))
      .map((path) => `${path}: ${there.get(path)}, here ${here.get(path)}`), []);
    assert.deepEqual(Object.keys(different).filter((path) => !paths.some((other) => other.startsWith(path))), []);
    assert.deepEqual(await refusal(ours.pod, objects), undefined);
  });
});

test('each default is there for a reason: some job has it, and no other', () => {
  const all = pairs.flatMap((_pair, index) => {
    const [theirs, ours] = answers.slice(2 * index, 2 * index + 2).map(({ pod }) => outline(pod));
    return [...ours.keys()].filter((path) => !theirs.has(path));
  });
  assert.deepEqual(ALWAYS.filter((always) => !all.some((path) => always.test(path))), []);
});

test('what the runner or the API server refuses is seen', async () => {
  const pod = (kubernetes: object) => jobPods([{ config: configFor({ kubernetes: { namespace: NAMESPACE, image: 'ubuntu:24.04', ...kubernetes } }) }])[0];
  assert.match(pod({ allowed_pull_policies: ['always'] }).error!, /invalid pull policy for container "\S+": pull_policy \(\[\]\)/);
  const objects = chartOf({ namespace: NAMESPACE });
  assert.match((await refusal(pod({ privileged: true }).pod, objects))!, /violates PodSecurity "baseline/);
  assert.match((await refusal(pod({ memory_request: '2Gi', memory_limit: '1Gi' }).pod, objects))!, /must be less than or equal to memory limit/);
});

function isDefault(path: string, theirs: ReadonlyMap<string, unknown>): boolean {
  return SWITCHED_ON.test(path) || (!theirs.has(path) && ALWAYS.some((always) => always.test(path)));
}

function isDifferent(path: string, different: { readonly [path: string]: string }): boolean {
  return Object.keys(different).some((start) => path.startsWith(start));
}

/** Why the API server does not take a pod in the namespace that the manager's objects make for jobs. */
async function refusal({ metadata, spec }: any, objects: readonly any[]): Promise<string | undefined> {
  const namespace = metadata.namespace;
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: spec.serviceAccountName ?? 'default', namespace } };
  const ours = [...objects, account].filter(({ kind, metadata: of }) => kind === 'Namespace' ? of.name === namespace : kind === 'ServiceAccount' && of.namespace === namespace);
  const isThere = ours.some(({ kind }) => kind === 'Namespace');
  for (const object of isThere ? ours : [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, ...ours]) {
    await cluster.api.apply(object);
  }
  await inForce(namespace, account.metadata.name);
  const { status, body } = await cluster.api.call('POST', `/api/v1/namespaces/${namespace}/pods?dryRun=All&fieldValidation=Strict`, {
    apiVersion: 'v1', kind: 'Pod', metadata, spec,
  });
  return status === 201 ? undefined : body.message;
}

/** Who admits pods learns a moment later what a namespace enforces. */
async function inForce(namespace: string, serviceAccountName: string): Promise<void> {
  const { body: { metadata } } = await cluster.api.call('GET', `/api/v1/namespaces/${namespace}`);
  const level = metadata.labels['pod-security.kubernetes.io/enforce'] ?? 'privileged';
  await cluster.until(`${namespace} enforces ${level}`, async () => {
    const { status, body } = await cluster.api.call('POST', `/api/v1/namespaces/${namespace}/pods?dryRun=All`, {
      metadata: { name: 'try' }, spec: { serviceAccountName, containers: [{ name: 'main', image: 'ubuntu:24.04', securityContext: { privileged: true } }] },
    });
    return (status === 201 ? 'privileged' : /violates PodSecurity "(\w+)/.exec(body.message)?.[1]) === level;
  });
}

function pairOf({ what, theirs, ours, job, different }: Configuration): Pair {
  const [{ kubernetes = {}, ...runner }] = parse(`[[runners]]\n${theirs}`).runners as any[];
  const objects = chartOf({ namespace: NAMESPACE, ...ours });
  const namespace = ours.jobNamespace ?? NAMESPACE;
  return {
    what, objects, different,
    theirs: { job, config: configFor({ ...runner, kubernetes: { namespace, image: 'ubuntu:24.04', ...kubernetes } }) },
    ours: { job, config: configOf(objects) },
  };
}

function pairOfFile([file, { gitlabUrl = URL, props }]: [string, Example]): Pair {
  const { config: { runner } } = officialChart(readFileSync(join(process.env.CLUSTER_VALUES!, `${file}.yaml`), 'utf8'), { name: 'gitlab-runner', namespace: NAMESPACE });
  const objects = chartOf({ namespace: NAMESPACE, gitlabUrl, ...props } as any);
  return { what: `the values file "${file}"`, objects, different: DIFFERENT[file], theirs: { config: configFor(runner) }, ours: { config: configOf(objects) } };
}

function chartOf(props: Partial<api.GitLabRunnerChartProps>): readonly any[] {
  return new api.GitLabRunnerChart(new App(), 'ci', { gitlabUrl: URL, token: api.RunnerToken.kubernetesSecret('token'), ...props }).toJson();
}

/** A config.toml of one runner. */
function configFor(runner: any): any {
  return JSON.parse(JSON.stringify({ concurrent: 10, runners: [{ url: URL, executor: 'kubernetes', ...runner, name: 'ci', token: 'put-in' }] }));
}
