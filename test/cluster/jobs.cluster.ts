// What a user sees first: a CI job becomes a pod, and its log is GitLab's.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { log } from './gitlab/gitlab';
import { Manager, Platform } from './harness/platform';

const platform = new Platform();
let manager: Manager;

before(async () => {
  await platform.start();
  manager = await platform.install('ci', { buildResources: { cpuRequest: '100m', memoryRequest: '64Mi' }, helperResources: { cpuRequest: '50m', memoryRequest: '64Mi' } });
});
after(() => platform.stop());

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
  const lines = await platform.log(manager);
  ['Checking for jobs...', 'Submitting job to coordinator...', 'Appending trace to coordinator...', 'Job succeeded', 'Removed job from processing list']
    .forEach((line) => assert.ok(lines.includes(line), `the manager's log lacks ${line}\n${lines}`));
});

test('a failing script fails the job with its exit code', async () => {
  const job = platform.gitlab.queue(manager.token, { script: ['exit 3'] });
  assert.equal(await platform.finished(job), 'failed');
  assert.deepEqual([job.failureReason, job.exitCode], ['script_failure', 3]);
});

test('masked variables do not reach the log, and after_script runs', async () => {
  const job = platform.gitlab.queue(manager.token, {
    script: ['echo "value: $SECRET"'], afterScript: ['echo "after it"'], variables: [{ key: 'SECRET', value: 'hidden-value', masked: true }],
  });
  assert.equal(await platform.finished(job), 'success', job.trace);
  assert.match(log(job), /value: \[MASKED\]/);
  assert.match(log(job), /after it/);
});

test('the manager asks the API server for nothing that its role lacks, and may do nothing else', async () => {
  const user = 'system:serviceaccount:ci:gitlab-runner';
  const asked = platform.cluster.auditedCalls(user);
  assert.ok(asked.length > 0);
  assert.deepEqual(asked.filter(({ code }) => code === 403), []);
  const { rules } = manager.objects.find(({ kind }) => kind === 'Role');
  const { body } = await platform.cluster.call('POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', { spec: { namespace: 'ci' } },
    { 'Impersonate-User': user, 'Impersonate-Group': 'system:serviceaccounts' });
  const flat = (list: any[]) => list.flatMap(({ apiGroups, resources, verbs }) => resources.flatMap((resource: string) => verbs.map((verb: string) => `${apiGroups}/${resource} ${verb}`)));
  const everybody = /^(authorization|authentication)\.k8s\.io\/self/;
  assert.deepEqual(flat(body.status.resourceRules).filter((right) => !everybody.test(right)).sort(), flat(rules).sort());
});
