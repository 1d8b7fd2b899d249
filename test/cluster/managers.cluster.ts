// Several managers of one runner, of which one is drained; and a shell in a running job.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { log } from './gitlab/gitlab';
import { HOLD, letGo } from './harness/held-jobs';
import { Manager, Platform } from './harness/platform';
import { Refused, Terminal } from './harness/web-socket';
import { RunnerWebTerminal } from 'cdktf-azure-gitlab';

const platform = new Platform();
let several: Manager;
let single: Manager;

before(async () => {
  await platform.start();
  [several, single] = await Promise.all([
    platform.install('several', { managerReplicas: 2, concurrent: 1, requestConcurrency: 1, gracefulStopSeconds: 600 }),
    platform.install('terminals', { webTerminal: RunnerWebTerminal.ingress('terminal.example.com:443', 'ingress') }),
  ]);
});
after(() => platform.stop());

test('two managers take a job each at the same time; the one that is drained finishes its own, and a new one takes the next', async () => {
  const script = ['echo waiting', HOLD, 'echo finished'];
  const jobs = [1, 2].map(() => platform.gitlab.queue(several.token, { script }));
  const pods = await platform.cluster.until('both jobs run', async () => {
    const running = (await platform.jobPods('several')).filter(({ status }) => status.phase === 'Running');
    return running.length === 2 && jobs.every((job) => log(job).includes('waiting')) ? running : undefined;
  });
  const ids = jobs.map(({ systemId }) => systemId);
  assert.equal(new Set(ids).size, 2, `both jobs went to ${ids[0]}`);

  await platform.cluster.until('the budget knows both managers', async () => {
    const { body: { items } } = await platform.cluster.api.call('GET', '/apis/policy/v1/namespaces/several/poddisruptionbudgets');
    return items.some(({ status }: any) => status?.currentHealthy === 2 && status.disruptionsAllowed > 0);
  });
  // a drain asks for evictions: the budget grants one, and not the second while the first is not replaced.
  const managers = await platform.managerPods('several');
  const evictions = [];
  for (const { metadata } of managers) {
    const { status } = await platform.cluster.api.call('POST', `/api/v1/namespaces/several/pods/${metadata.name}/eviction`, {
      apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: metadata.name, namespace: 'several' },
    });
    evictions.push(status);
  }
  assert.deepEqual(evictions, [201, 429]);

  const third = platform.gitlab.queue(several.token, { script: ['echo third'] });
  assert.equal(await platform.finished(third), 'success', log(third));
  assert.ok(!ids.includes(third.systemId), 'the third job went to a manager that has a job');
  assert.deepEqual(jobs.map(({ states }) => states.filter((state) => state !== 'running')), [[], []]);
  pods.forEach((pod) => letGo(platform.cluster, pod));
  for (const job of jobs) {
    assert.equal(await platform.finished(job), 'success', log(job));
    assert.match(log(job), /finished/);
  }
});

test('a shell opens in a running job for who has its secret, and for nobody else', async () => {
  const job = platform.gitlab.queue(single.token, { script: ['echo waiting', HOLD, 'cat /tmp/go'] });
  await platform.cluster.until('the job runs', async () => log(job).includes('waiting') || undefined);
  const session = job.session!;
  assert.match(session.url, /^https:\/\/terminal\.example\.com:443\/session\//);
  const [{ status: { podIP: host } }] = await platform.managerPods('terminals');
  const address = { host, port: 8093 };

  await assert.rejects(Terminal.open(session, address, 'another'), (error) => error instanceof Refused && error.status === 401);
  const terminal = await Terminal.open(session, address);
  // the job goes on as soon as the file is there.
  terminal.type('echo "from $((40 + 2))" | tee /tmp/said && mv /tmp/said /tmp/go');
  await platform.cluster.until(() => `the shell answers (${terminal.text}, closed: ${terminal.closed})`, async () => /from 42/.test(terminal.text) || undefined);
  // an open terminal would hold the job.
  terminal.type('exit');
  await platform.cluster.until('the terminal ends', async () => terminal.closed || undefined);
  assert.equal(await platform.finished(job), 'success', log(job));
  assert.match(log(job), /^from 42$/m);
});
