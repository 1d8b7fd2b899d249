import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { endLongJob, longJob } from './harness/long-jobs';
import { Whole } from './harness/whole';
import { merged, platform, PlatformProps } from '../apply/harness/platform';
import { example, synthesise } from '../apply/harness/program';
import { destroyable } from '../apply/harness/provider-versions';
import { Workspace } from '../apply/harness/workspace';
import { Job, log } from '../cluster/gitlab/gitlab';
import { until } from '../firstboot/harness/lane';
import { GitLabVersion } from 'cdktf-azure-gitlab';

const NAMESPACE = 'gitlab-runner';
const HELLO = ['echo "hello from $(hostname)"'];

const whole = new Whole();
let workspace: Workspace;
let output: string;
/** What was changed so far. */
let props: PlatformProps = {};

/** Applies the platform with one more change. */
async function change(difference: PlatformProps, ...options: string[]): Promise<string> {
  props = merged(props, difference);
  return workspace.load(synthesise(platform(props))).applied(...options);
}

const succeeded = (job: Job) => whole.succeeded(job, NAMESPACE);

before(async () => {
  await whole.start();
  const [stack] = example('complete');
  workspace = whole.workspace(stack);
  output = await workspace.applied().catch(async (error) => assert.fail(`${await whole.brokenJoint(NAMESPACE)}\n${error.message}`));
});

after(async () => whole.stop());

test('one apply, and a job comes, gets a pod, and succeeds', async () => {
  assert.ok(whole.releasedAfterSetUp(), 'broken joint: ordering; the release was begun before the server had made a token');
  const seen: string[] = [];
  const end = await whole.kubernetes.watchPods(NAMESPACE, ({ type, pod }) => {
    if (pod.metadata.name.startsWith('runner-')) {
      seen.push(type === 'MODIFIED' ? pod.status.phase : type);
    }
  });
  const job = await whole.queue({ script: HELLO });
  await succeeded(job);
  assert.match(log(job), /hello from runner-/);
  assert.match(log(job), /Job succeeded/);
  await until('the pod is deleted', () => seen.includes('DELETED'));
  end();
  assert.deepEqual(['ADDED', 'Running', 'DELETED'].filter((state) => !seen.includes(state)), [], seen.join());
});

test('the second plan is empty', async () => {
  assert.deepEqual((await workspace.plan()).actions, {});
});

test('no usable secret in plan, state, configuration, output, process list or the pods\' environment', async () => {
  const plan = await workspace.run('plan', '-no-color');
  const { body: pods } = await whole.kubernetes.api.call('GET', `/api/v1/namespaces/${NAMESPACE}/pods`);
  const texts = {
    output,
    plan: plan.output,
    state: JSON.stringify(workspace.state),
    configuration: JSON.stringify(workspace.configuration),
    pods: JSON.stringify(pods),
    processes: whole.processes(),
  };
  const secrets = whole.machines.side.secrets;
  assert.ok(secrets.some((secret) => secret.startsWith('glrt-')), 'the runner\'s token is one of them');
  for (const [name, text] of Object.entries(texts)) {
    assert.deepEqual(secrets.filter((secret) => text.includes(secret)), [], name);
  }
});

test('another setting of the runner while a job runs: the manager is rolled, the job goes on to its end, the next one comes', async () => {
  const job = await longJob(whole, NAMESPACE);
  const applying = change({ runner: { checkIntervalSeconds: 5 } });
  await Promise.race([applying, until('the old manager is told to stop', () => whole.managerStops(NAMESPACE), 600)]);
  await endLongJob(whole, NAMESPACE, job);
  await applying;
  await succeeded(job);
  await succeeded(await whole.queue({ script: HELLO }));
});

test('a new token and the set-up again: the manager takes it up without a restart', async () => {
  const restarts = await whole.managerRestarts(NAMESPACE);
  const [old] = whole.runnerTokens();
  await whole.resetRunnerTokens();
  await change({ gitlab: { rerun: 'new token' } });
  assert.notDeepEqual(whole.runnerTokens(), [old]);
  await succeeded(await whole.queue({ script: HELLO }));
  assert.deepEqual(await whole.managerRestarts(NAMESPACE), restarts);
});

test('another version of GitLab while a job runs: upgraded, and the job is not lost', async () => {
  const job = await longJob(whole, NAMESPACE);
  // the manager's version follows GitLab's, and one runner alone is built here
  await change({ gitlab: { version: GitLabVersion.of('19.5.2') }, runner: { runnerVersion: GitLabVersion.of('19.4.0') } });
  assert.equal(await whole.gitlabVersion(), '19.5.2');
  await endLongJob(whole, NAMESPACE, job);
  await succeeded(job);
  await succeeded(await whole.queue({ script: HELLO }));
});

test('the machine is destroyed and made again: data and runner are still there', async () => {
  const database = await whole.gitlabDatabase();
  const tokens = whole.runnerTokens();
  const [machine] = Object.keys(workspace.configuration.resource.azurerm_linux_virtual_machine);
  await change({ gitlab: { virtualMachineReplacementAllowed: true } });
  await change({}, `-replace=azurerm_linux_virtual_machine.${machine}`);
  assert.deepEqual(await whole.gitlabDatabase(), database);
  assert.deepEqual(whole.runnerTokens(), tokens);
  await succeeded(await whole.queue({ script: HELLO }));
});

test('a destroy that is allowed leaves nothing in the subscription but the deleted vaults, which are protected from purging', async () => {
  workspace.load(synthesise(platform(props)), destroyable);
  const { status, output: told } = await workspace.destroy();
  assert.equal(status, 0, told);
  assert.deepEqual([...whole.azure.arm.stored.keys()], []);
  assert.deepEqual([...whole.azure.vaults.deleted.keys()].map((name) => name.replace(/-?[0-9a-f]{8}$/, '')).sort(), ['gitlab-runner', 'gitlab-server']);
  assert.equal((await whole.kubernetes.api.call('GET', `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`)).body.items?.length ?? 0, 0);
});
