// A platform of several machines, from an empty subscription: a database as a service, a load balancer, and machines of Rails that come and go while jobs run.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { endLongJob, longJob } from './harness/long-jobs';
import { Whole } from './harness/whole';
import { merged, platform, PlatformProps } from '../apply/harness/platform';
import { synthesise } from '../apply/harness/program';
import { Workspace } from '../apply/harness/workspace';
import { Job, log } from '../cluster/gitlab/gitlab';
import { until } from '../firstboot/harness/lane';
import { GitLabDatabase, GitLabEndpoint } from 'cdktf-azure-gitlab';

const NAMESPACE = 'gitlab-runner';
const HELLO = ['echo "hello from $(hostname)"'];

const whole = new Whole();
let workspace: Workspace;
let output: string;
let props: PlatformProps = {
  gitlab: {
    endpoint: GitLabEndpoint.https({ letsEncrypt: false }), database: GitLabDatabase.azurePostgresql(), objectStorage: {},
    applicationNodes: { count: 1 },
  },
};

async function scale(count: number): Promise<void> {
  props = merged(props, { gitlab: { applicationNodes: { count } } });
  await workspace.load(synthesise(platform(props))).applied();
}

const succeeded = (job: Job) => whole.succeeded(job, NAMESPACE);

/** A job that is at work until the platform has changed under it. */
async function during(change: () => Promise<void>): Promise<void> {
  const job = await longJob(whole, NAMESPACE);
  await change();
  await endLongJob(whole, NAMESPACE, job);
  await succeeded(job);
  assert.match(log(job), /the end/);
}

before(async () => {
  await whole.start();
  workspace = whole.workspace(synthesise(platform(props)));
  output = await workspace.applied().catch(async (error) => assert.fail(`${await whole.brokenJoint(NAMESPACE)}\n${error.message}`));
});

after(async () => whole.stop());

test('one apply of two machines, and a job comes by way of the load balancer and succeeds', async () => {
  const job = await whole.queue({ script: HELLO });
  await succeeded(job);
  assert.match(log(job), /hello from runner-/);
  assert.deepEqual(whole.ledTo(), whole.machines.application.all.map(({ address }) => address));
});

test('the second plan is empty, and no usable secret is in state, configuration or output', async () => {
  assert.deepEqual((await workspace.plan()).actions, {});
  const { secrets } = whole.machines.side;
  assert.ok(secrets.some((secret) => secret.startsWith('glrt-')), 'the runner\'s token is one of them');
  const texts = { output, state: JSON.stringify(workspace.state), configuration: JSON.stringify(workspace.configuration) };
  for (const [name, text] of Object.entries(texts)) {
    assert.deepEqual(secrets.filter((secret) => text.includes(secret)), [], name);
  }
});

test('one node more while a job runs: the job goes on to its end, and the next ones come by way of both', async () => {
  await during(async () => scale(2));
  whole.ledTo();
  const [led, all] = [new Set<string>(), whole.machines.application.all.map(({ address }) => address).sort()];
  // who keeps a connection is led once
  await until('the way by both', async () => {
    await succeeded(await whole.queue({ script: HELLO }));
    whole.ledTo().forEach((address) => led.add(address));
    return led.size === all.length;
  }, 600);
  assert.deepEqual([...led].sort(), all);
});

test('back to one machine while a job runs: the job goes on to its end, and the next one comes', async () => {
  const database = await whole.gitlabDatabase();
  await during(async () => scale(0));
  assert.deepEqual(whole.machines.application.all, []);
  assert.deepEqual((await whole.gitlabDatabase()).projects, database.projects);
  whole.ledTo();
  await succeeded(await whole.queue({ script: HELLO }));
  assert.deepEqual(whole.ledTo(), [], 'no load balancer leads there any more');
});
