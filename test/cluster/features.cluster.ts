// What a user sees: a CI job becomes a pod, its log is GitLab's, and what `.gitlab-ci.yml` asks for happens.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Job, log } from './gitlab/gitlab';
import { HOLD, letGo } from './harness/held-jobs';
import { Manager, Platform } from './harness/platform';

const platform = new Platform({ policies: true });
let manager: Manager;

before(async () => {
  await platform.start();
  await platform.cluster.api.call('PATCH', '/api/v1/nodes/node1', { metadata: { labels: { pool: 'ci' } }, spec: { taints: [{ key: 'ci', value: 'only', effect: 'PreferNoSchedule' }] } },
    { 'content-type': 'application/merge-patch+json' });
  manager = await platform.install('ci', {
    concurrent: 4,
    environment: { FROM_RUNNER: 'told' },
    limit: 3,
    more: {
      placed: {
        limit: 3,
        nodeSelector: { pool: 'ci' },
        tolerations: ['ci=only:NoSchedule'],
        podLabels: { team: 'blue' },
        buildResources: { cpuRequest: '70m', cpuLimit: '900m', memoryRequest: '48Mi', memoryLimit: '200Mi' },
      },
      nowhere: { nodeSelector: { pool: 'none' }, pollTimeoutSeconds: 5 },
    },
  });
});
after(() => platform.stop());

const run = async (options: Parameters<typeof platform.gitlab.queue>[1], token = manager.token): Promise<[string, Job]> => {
  const job = platform.gitlab.queue(token, options);
  return [await platform.finished(job), job];
};

test('a job is a pod that comes and goes, and its log is GitLab\'s', async () => {
  const phases = new Set<string>();
  const job = platform.gitlab.queue(manager.token, { script: ['echo "hello"', 'hostname', 'sleep 5'] });
  const watching = platform.cluster.until('the pod was seen running and is gone', async () => {
    const pods = await platform.jobPods('ci');
    pods.forEach((pod) => phases.add(pod.status.phase));
    return phases.has('Running') && pods.length === 0;
  });
  assert.equal(await platform.finished(job), 'success', job.trace);
  await watching;
  assert.match(log(job), /^\$ echo "hello"\nhello\n\$ hostname\nrunner-ci-project-1-concurrent-0-\w+\n\$ sleep 5$/m);
  assert.match(log(job), /^Job succeeded$/m);
  let lines = '';
  for (const line of ['Checking for jobs...', 'Submitting job to coordinator...', 'Appending trace to coordinator...', 'Job succeeded', 'Removed job from processing list']) {
    await platform.cluster.until(() => `the manager's log has ${line}\n${lines}`, async () => {
      lines = await platform.log(manager);
      return lines.includes(line);
    });
  }
});

describe('what a job may ask for', { concurrency: 3 }, () => {
  test('a failing script fails the job with its exit code', async () => {
    const [state, job] = await run({ script: ['exit 3'] });
    assert.deepEqual([state, job.failureReason, job.exitCode], ['failed', 'script_failure', 3]);
  });

  test('masked variables do not reach the log, after_script runs, and the runner\'s variables are there', async () => {
    const [state, job] = await run({
      script: ['echo "value: $SECRET"', 'echo "runner: $FROM_RUNNER"'], afterScript: ['echo "after it"'], variables: [{ key: 'SECRET', value: 'hidden-value', masked: true }],
    });
    assert.equal(state, 'success', log(job));
    assert.match(log(job), /^value: \[MASKED\]$/m);
    assert.match(log(job), /^runner: told$/m);
    assert.match(log(job), /^after it$/m);
    assert.doesNotMatch(job.trace, /hidden-value/);
  });

  test('the repository is fetched, over TLS of an authority of its own', async () => {
    const [state, job] = await run({ git: true, script: ['cat README.md'] });
    assert.equal(state, 'success', log(job));
    assert.match(log(job), /^a file of the repository$/m);
  });

  test('artifacts reach the next job', async () => {
    const [first, maker] = await run({ script: ['echo "built" > result.txt'], artifacts: [{ paths: ['result.txt'], artifact_type: 'archive', artifact_format: 'zip', when: 'on_success' }] });
    assert.equal(first, 'success', log(maker));
    const [second, user] = await run({ script: ['cat result.txt'], dependencies: [maker] });
    assert.equal(second, 'success', log(user));
    assert.match(log(user), /^built$/m);
  });

  test('artifacts of a failed job are kept where they are asked for', async () => {
    const [state, job] = await run({ script: ['echo "log" > log.txt', 'exit 1'], artifacts: [{ paths: ['log.txt'], artifact_type: 'archive', artifact_format: 'zip', when: 'always' }] });
    assert.equal(state, 'failed');
    assert.ok(job.artifacts && job.artifacts.length > 0, log(job));
  });

  test('a service answers under its alias', async () => {
    const [state, job] = await run({
      script: ['for i in $(seq 120); do wget -q -O - http://web:8000/ && exit 0; sleep 1; done', 'exit 1'],
      services: [{ name: 'ubuntu:24.04', alias: 'web', command: ['sh', '-c', 'mkdir -p /tmp/www && echo "from the service" > /tmp/www/index.html && exec httpd -f -p 8000 -h /tmp/www'] }],
    });
    assert.equal(state, 'success', log(job));
    assert.match(log(job), /^from the service$/m);
  });

  test('a cancelled job ends, and its after_script runs', async () => {
    const job = platform.gitlab.queue(manager.token, { script: ['echo "started"', 'sleep 300'], afterScript: ['echo "cleaned up"'] });
    await platform.cluster.until('the job runs', async () => log(job).includes('started'));
    job.canceling = true;
    assert.equal(await platform.finished(job), 'failed');
    assert.match(log(job), /^cleaned up$/m);
  });

  test('a job that takes longer than its timeout fails for that reason', async () => {
    const [state, job] = await run({ script: ['sleep 300'], timeoutSeconds: 10 });
    assert.deepEqual([state, job.failureReason], ['failed', 'job_execution_timeout'], log(job));
  });

  test('an image that does not exist fails the job for that reason, with the cluster\'s own words', async () => {
    const [state, job] = await run({ script: ['true'], image: 'no-such-image:1' });
    assert.deepEqual([state, job.failureReason], ['failed', 'runner_configuration_error'], log(job));
    assert.match(log(job), /no-such-image:1/);
  });
});

test('a cache without storage is said to be none, and the job goes on', async () => {
  const [state, job] = await run({ script: ['mkdir -p kept', 'date > kept/file'], cache: [{ key: 'k', paths: ['kept'], policy: 'pull-push', when: 'on_success', untracked: false }] });
  assert.equal(state, 'success', log(job));
  assert.match(log(job), /No URL provided, cache will not be uploaded|No URL provided, cache will be not uploaded/);
});

test('each runner\'s jobs get the pods of that runner: selectors, tolerations, labels, resources', async () => {
  const job = platform.gitlab.queue(manager.tokens.placed, { script: [HOLD] });
  const pod = await platform.running('ci', job);
  const { spec, metadata } = pod;
  assert.equal(spec.nodeSelector.pool, 'ci');
  assert.ok(spec.tolerations.some((item: any) => item.key === 'ci' && item.value === 'only' && item.effect === 'NoSchedule'), JSON.stringify(spec.tolerations));
  assert.equal(metadata.labels.team, 'blue');
  const resources = Object.fromEntries(spec.containers.map((container: any) => [container.name, container.resources]));
  assert.deepEqual(resources.build, {
    requests: { 'cpu': '70m', 'memory': '48Mi', 'ephemeral-storage': '1Gi' }, limits: { 'cpu': '900m', 'memory': '200Mi', 'ephemeral-storage': '20Gi' },
  });
  letGo(platform.cluster, pod);
  assert.equal(await platform.finished(job), 'success', log(job));
});

test('a job that fits no node fails after the time its runner gives, and says so', async () => {
  const [state, job] = await run({ script: ['true'] }, manager.tokens.nowhere);
  assert.deepEqual([state, job.failureReason], ['failed', 'runner_system_failure'], log(job));
  assert.match(log(job), /timed out waiting for pod to start/);
});

test('a job\'s pod has no token, no privileges, no way to more rights, and the runtime\'s seccomp profile', async () => {
  const job = platform.gitlab.queue(manager.token, {
    script: ['ls /var/run/secrets/kubernetes.io 2>&1 || true', 'grep -E "NoNewPrivs|Seccomp:|CapEff" /proc/self/status', HOLD],
  });
  const pod = await platform.running('ci', job);
  letGo(platform.cluster, pod);
  const { spec } = pod;
  assert.deepEqual([spec.serviceAccountName, spec.automountServiceAccountToken, spec.hostNetwork, spec.hostPID], ['gitlab-runner-job', false, undefined, undefined]);
  assert.deepEqual(spec.securityContext.seccompProfile, { type: 'RuntimeDefault' });
  for (const { name, securityContext, volumeMounts } of [...spec.initContainers, ...spec.containers]) {
    assert.deepEqual([name, securityContext.privileged, securityContext.allowPrivilegeEscalation], [name, false, false]);
    assert.ok(!volumeMounts.some((mount: any) => mount.mountPath.includes('serviceaccount')), name);
  }
  assert.equal(await platform.finished(job), 'success', log(job));
  assert.match(log(job), /No such file or directory/);
  assert.match(log(job), /NoNewPrivs:\s+1/);
  assert.match(log(job), /Seccomp:\s+2/);
});

/** So many of the jobs are at work at once and never more, and all of them end well. */
async function atMost(count: number, tokens: string[]): Promise<void> {
  const jobs = tokens.map((token) => platform.gitlab.queue(token, { script: [HOLD] }));
  const atWork = () => jobs.filter(({ states }) => states.length > 0 && states.every((state) => state === 'running'));
  await platform.cluster.until(() => `${count} jobs are at work, but ${atWork().length}`, async () => atWork().length >= count);
  // the manager asks each second
  await sleep(5000);
  let most = atWork().length;
  const gone = new Set<Job>();
  await platform.cluster.until('all jobs are finished', async () => {
    most = Math.max(most, atWork().length);
    for (const job of atWork().filter((one) => !gone.has(one))) {
      const pod = await platform.podOf('ci', job);
      if (pod?.status.phase === 'Running') {
        letGo(platform.cluster, pod);
        gone.add(job);
      }
    }
    return jobs.every(({ states }) => states.some((state) => state !== 'running'));
  });
  assert.deepEqual(jobs.map(({ states }) => states.at(-1)), jobs.map(() => 'success'));
  assert.equal(most, count);
}

test('more jobs than a runner\'s `limit` wait, and all finish', async () => {
  await atMost(3, Array(6).fill(manager.token));
});

test('more jobs of all runners than `concurrent` wait, and all finish', async () => {
  await atMost(4, [...Array(4).fill(manager.token), ...Array(4).fill(manager.tokens.placed)]);
});

test('nothing is left of all these jobs', async () => {
  await platform.nothingLeft('ci');
  await sleep(1000);
  assert.deepEqual(await platform.jobPods('ci'), []);
});
