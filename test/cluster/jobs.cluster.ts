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

test('without the right to delete pods a job turns green and its pod stays: only this check sees it', async () => {
  const role = manager.objects.find(({ kind }) => kind === 'Role');
  const rules = role.rules.map((rule: any) => (rule.resources[0] === 'pods' ? { ...rule, verbs: rule.verbs.filter((verb: string) => verb !== 'delete') } : rule));
  await platform.cluster.until('no pod is left', async () => (await platform.jobPods('ci')).length === 0);
  await platform.apply({ ...role, rules });
  const job = platform.gitlab.queue(manager.token, { script: ['true'] });
  assert.equal(await platform.finished(job), 'success', log(job));
  await platform.cluster.until('the manager was refused', async () => platform.cluster.auditedCalls('system:serviceaccount:ci:gitlab-runner')
    .some(({ code, verb }) => code === 403 && verb === 'delete'));
  assert.equal((await platform.jobPods('ci')).length, 1);
  await platform.apply(role);
  await platform.cluster.call('DELETE', '/api/v1/namespaces/ci/pods?labelSelector=app.kubernetes.io%2Fname%21%3Dgitlab-runner');
});

test('a deleted manager finishes its job, and its successor is known to GitLab by the same system id', async () => {
  const job = platform.gitlab.queue(manager.token, { script: ['sleep 12', 'echo "finished"'] });
  await platform.cluster.until('the job runs', async () => log(job).includes('$ sleep 12'));
  await platform.cluster.call('DELETE', '/api/v1/namespaces/ci/pods?labelSelector=app.kubernetes.io%2Fname%3Dgitlab-runner');
  assert.equal(await platform.finished(job), 'success', log(job));
  assert.match(log(job), /^finished$/m);
  const next = platform.gitlab.queue(manager.token, { script: ['true'] });
  assert.equal(await platform.finished(next), 'success', log(next));
  assert.equal(next.systemId, job.systemId);
  await platform.cluster.until('no pod is left', async () => (await platform.jobPods('ci')).length === 0);
});
