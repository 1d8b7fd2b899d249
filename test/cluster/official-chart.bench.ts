// This package's manager and the one of GitLab's own chart at its defaults, side by side on one cluster. What comes out is docs/official-chart.md's tables.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Chart, Ours, Subject } from './chart/subject';
import { Job, log } from './gitlab/gitlab';
import { accountRights } from './harness/account-rights';
import { NODE } from './harness/cluster';
import { publish, spread, table } from './harness/figures';
import { Platform } from './harness/platform';

const IMAGE = 'registry.gitlab.com/gitlab-org/gitlab-runner:entrypoint-v19.4.0';
const JOB_IMAGE = 'ubuntu:24.04';
const ROUNDS = 6;
const JOBS_AT_ONCE = 3;
/** Longer than the kubelet's figures stay as they were. */
const QUIET_SECONDS = 30;
/** Longer than the grace that Kubernetes gives a pod. */
const GRACE_SECONDS = 75;
const AWAY_SECONDS = 300;
const PATIENCE_SECONDS = 600;

const platform = new Platform();
const { cluster, gitlab } = platform;
const { api } = cluster;
const ours = new Ours(platform, IMAGE);
const chart = new Chart(platform, IMAGE);
const both: readonly Subject[] = [ours, chart];
const figures: string[][] = [];
const faults: string[][] = [];

before(async () => {
  await platform.start();
  for (const subject of both) {
    await subject.install();
    await passes(subject);
  }
});
after(async () => {
  await platform.stop();
  publish(
    process.env.CLUSTER_PAGE,
    table(['', ...both.map(({ title }) => title)], figures),
    table(['', '', 'the job that runs', 'the next job begins after', 'manager restarts', 'manager in GitLab', 'pods left'], faults),
  );
});

async function passes(subject: Subject): Promise<Job> {
  const job = gitlab.queue(subject.token, { script: ['true'], image: JOB_IMAGE });
  assert.equal(await platform.finished(job, 300), 'success', log(job));
  return job;
}

test('how long a job takes to its first lines', async () => {
  const seconds = both.map(() => ({ log: [] as number[], script: [] as number[] }));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, subject] of both.entries()) {
      // managers look in their own rhythm: each round meets another part of it
      await sleep((round * 3000) / ROUNDS);
      const created = Date.now();
      const job = await passes(subject);
      const at = (line: RegExp) => (Date.parse(line.exec(job.trace)![1]) - created) / 1000;
      seconds[index].log.push(at(/^(\S+Z) /m));
      seconds[index].script.push(at(/^(\S+Z) \d\d[OE][ +](?:\x1b\[[\d;]*[mK])*\$ true/m));
    }
  }
  const cell = (values: number[]) => spread(values, ' s');
  figures.push(['job created to the first line of its log', ...seconds.map(({ log: values }) => cell(values))]);
  figures.push(['job created to the first line of its script', ...seconds.map(({ script }) => cell(script))]);
});

test('how much memory a manager takes', async () => {
  const rest = await memory();
  figures.push(['manager\'s pod at rest, working set (resident memory of the runner alone)', ...rest]);
  const busy: string[] = [];
  for (const [index, subject] of both.entries()) {
    const jobs = await Promise.all(Array.from({ length: JOBS_AT_ONCE }, () => running(subject, QUIET_SECONDS + 15)));
    busy.push((await memory())[index]);
    for (const job of jobs) {assert.equal(await platform.finished(job, 180), 'success', log(job));}
  }
  figures.push([`the same while ${JOBS_AT_ONCE} jobs run`, ...busy]);
});

test('how many rights a manager has', async () => {
  const rights = async (subject: Subject, namespace: string) => String((await accountRights(api, { namespace: subject.namespace, name: 'gitlab-runner' }, namespace)).length);
  figures.push(['rights in its namespace, each a verb on a resource', ...await Promise.all(both.map((subject) => rights(subject, subject.namespace)))]);
  figures.push(['rights in other namespaces and on the cluster', ...await Promise.all(both.map((subject) => rights(subject, 'default')))]);
});

test('the manager\'s pod is deleted', () => strike('the manager\'s pod is deleted', 30, each(async (subject) => {
  for (const { metadata } of await subject.managers()) {await api.call('DELETE', `/api/v1/namespaces/${subject.namespace}/pods/${metadata.name}`);}
})));

test('the manager is killed', () => strike('the manager\'s process is killed (SIGKILL)', 30, each(async (subject) => {
  const [{ status }] = await subject.managers();
  const { containerID } = status.containerStatuses.find(({ name }: any) => name === 'gitlab-runner');
  cluster.killContainer(containerID.replace('containerd://', ''));
})));

test('GitLab is away', () => strike(`GitLab refuses connections for ${AWAY_SECONDS / 60} minutes`, 60, async () => {
  await gitlab.stop();
  await sleep(AWAY_SECONDS * 1000);
  await gitlab.start();
}));

test('the token is another', () => strike('the runner\'s token is rotated: in Key Vault, and by `helm upgrade`', 30, each((subject) => subject.rotate())));

test('the token is another, only where it is kept', () => strike('the same, but the chart\'s Secret alone is changed', 30,
  each((subject) => subject.rotate(subject === chart ? (token) => chart.writeSecret(token) : undefined))));

test('the node is drained', () => strike('the node is drained, then taken back', 20, async () => {
  const cordon = (unschedulable: boolean) => api.call('PATCH', `/api/v1/nodes/${NODE}`, { spec: { unschedulable } }, { 'content-type': 'application/merge-patch+json' });
  await cordon(true);
  try {
    await cluster.until('the node is empty', async () => {
      const pods = (await Promise.all(both.flatMap((subject) => [subject.managers(), subject.jobs()]))).flat().filter(({ spec }) => spec.nodeName);
      await Promise.all(pods.map(({ metadata }) => api.call('POST',
        `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: metadata.name } })));
      return pods.length === 0;
    }, 240);
  } finally {
    await cordon(false);
  }
}));

test('the API server restarts', () => strike('the API server restarts, 3 seconds', 30, async () => {
  await cluster.kill('apiserver');
  await sleep(3000);
  await cluster.startAgain('apiserver');
}));

/** A job at its script, which takes so many seconds. */
async function running(subject: Subject, seconds: number): Promise<Job> {
  const job = gitlab.queue(subject.token, { script: [`sleep ${seconds}`, 'echo done'], image: JOB_IMAGE });
  await cluster.until('the job runs', async () => log(job).includes(`$ sleep ${seconds}`));
  return job;
}

function each(act: (subject: Subject) => Promise<void>): () => Promise<void> {
  return async () => { await Promise.all(both.map(act)); };
}

/** Does something while a job of each runs, and notes what becomes of it and of the next. */
async function strike(what: string, jobSeconds: number, act: () => Promise<void>): Promise<void> {
  await cluster.until('there is one manager each', async () => (await Promise.all(both.map((subject) => subject.managers())))
    .every((pods) => pods.length === 1 && pods[0].status.containerStatuses?.every(({ state }: any) => state.running)), PATIENCE_SECONDS);
  const jobs = await Promise.all(both.map((subject) => running(subject, jobSeconds)));
  const known = await Promise.all(both.map((subject) => subject.managers()));
  await act();
  faults.push(...await Promise.all(both.map(async (subject, index) => {
    const next = gitlab.queue(subject.token, { script: ['true'], image: JOB_IMAGE });
    const began = await within(PATIENCE_SECONDS, async () => next.states.length > 0);
    await within(jobSeconds + 30, async () => ended(jobs[index]));
    await within(60, async () => ended(next));
    await within(GRACE_SECONDS, async () => (await subject.jobs()).length === 0);
    const left = await subject.jobs();
    await Promise.all(left.map(({ metadata }) => api.call('DELETE', `/api/v1/namespaces/${subject.namespace}/pods/${metadata.name}?gracePeriodSeconds=0`)));
    return [index === 0 ? what : '', subject.title, outcome(jobs[index]), began === undefined ? `not within ${PATIENCE_SECONDS} s` : `${began.toFixed(0)} s`,
      await restarted(subject, known[index]), next.systemId === jobs[index].systemId ? 'the same' : 'another', String(left.length)];
  })));
}

const ended = (job: Job) => job.states.some((state) => state !== 'running');

function outcome(job: Job): string {
  const state = job.states.find((candidate) => candidate !== 'running');
  return state === undefined ? 'lost: GitLab is never told' : state === 'success' ? 'passes' : `fails: \`${job.failureReason}\``;
}

async function restarted(subject: Subject, known: any[]): Promise<string> {
  const pods = await subject.managers();
  if (pods.some(({ metadata }) => !known.some((before_) => before_.metadata.uid === metadata.uid))) {return 'another pod';}
  const count = (list: any[]) => list.flatMap(({ status }) => status.containerStatuses).reduce((sum, { restartCount }) => sum + restartCount, 0);
  const times = count(pods) - count(known);
  return ['no', 'once'][times] ?? `${times} times`;
}

/** After how many seconds something holds, if it does. */
async function within(seconds: number, look: () => Promise<boolean>): Promise<number | undefined> {
  const start = Date.now();
  return cluster.until('it holds', look, seconds).then(() => (Date.now() - start) / 1000, () => undefined);
}

/** Of each manager's pod, as the kubelet tells. */
async function memory(): Promise<string[]> {
  await sleep(QUIET_SECONDS * 1000);
  const { body } = await api.call('GET', `/api/v1/nodes/${NODE}/proxy/stats/summary`);
  const mebibytes = (bytes: number) => (bytes / 2 ** 20).toFixed(0);
  return Promise.all(both.map(async (subject) => {
    const [{ metadata }] = await subject.managers();
    const pod = body.pods.find(({ podRef }: any) => podRef.uid === metadata.uid);
    const runner = pod.containers.find(({ name }: any) => name === 'gitlab-runner');
    return `${mebibytes(pod.memory.workingSetBytes)} MiB (${mebibytes(runner.memory.rssBytes)} MiB)`;
  }));
}
