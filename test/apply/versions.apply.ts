import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Azure } from './azure/azure';
import { LogEntry } from './azure/request';
import { outcome } from './harness/expectation';
import { synthesise } from './harness/program';
import { Workspace } from './harness/workspace';
import { World } from './harness/world';
import { GitLabVersion, SelfHostedGitLab, SelfHostedGitLabProps } from 'cdktf-azure-gitlab';

const world = new World();
let azure: Azure;
let workspace: Workspace;

const program = (props: Partial<SelfHostedGitLabProps> = {}) => synthesise((stack) => {
  new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral', version: GitLabVersion.minor('19.3'), ...props });
});

before(async () => {
  azure = await world.azure();
  workspace = world.workspace(azure).load(program());
  await workspace.applied();
});

/** The steps that come after a changed parameter of the one that installs GitLab. */
const STEPS = {
  'GitLab/SetUp/Gitlab': 'replace', 'GitLab/SetUp/GitlabAttempt': 'replace', 'GitLab/SetUp/Runners': 'replace', 'GitLab/SetUp/RunnersAttempt': 'replace',
};

test('no patch is in plan and state, so that a new one plans nothing', async () => {
  assert.doesNotMatch(JSON.stringify(workspace.state), /\b19\.3\.\d/);
  assert.match(JSON.stringify(workspace.state), /"19\.3"/);
  assert.deepEqual((await workspace.plan()).actions, {});
});

test('another minor version, an exact one and another window run steps again, and touch nothing else', async () => {
  for (const props of [{ version: GitLabVersion.minor('19.4') }, { version: GitLabVersion.of('19.3.2') }, { patchReleasesEnabled: false }]) {
    const other = workspace.fork({ stackFolder: program(props) });
    assert.deepEqual(outcome(await other.plan(), workspace, other), STEPS);
  }
});

test('another size: first the machine alone, then the steps that ask it', async () => {
  const vmSize = 'Standard_D8s_v5';
  const other = workspace.fork({ stackFolder: program({ vmSize }) });
  assert.deepEqual(outcome(await other.plan(), workspace, other), { ...STEPS, 'GitLab/VirtualMachine/Resource': 'update' });

  const { latency } = azure.arm;
  // what is busy with a restart for so long shows who does not wait for it.
  azure.arm.latency = (type, method, id) => (/virtualMachines\/[^/]+$/.test(id) && method !== 'GET' ? 3000 : latency(type, method, id));
  const earlier = azure.arm.log.length;
  workspace.load(program({ vmSize }));
  await workspace.applied();
  azure.arm.latency = latency;
  const log = azure.arm.log.slice(earlier);
  const of = (method: RegExp, path: RegExp) => log.filter((entry: LogEntry) => method.test(entry.method) && path.test(entry.path.replace(/\?.*/, '')));
  const resized = of(/PUT|PATCH/, /virtualMachines\/[^/]+$/);
  const started = of(/PUT/, /runCommands\/[^/]+$/);
  const removed = of(/DELETE/, /runCommands\/[^/]+$/);
  assert.deepEqual([resized.length, started.length, removed.length], [1, 2, 2]);
  started.forEach((entry) => assert.ok(entry.start >= resized[0].end!, `${entry.path} began before the machine had its size`));
  removed.forEach((entry) => assert.ok(entry.end! <= resized[0].start || entry.start >= resized[0].end!, `${entry.path} went while the machine was busy`));
  assert.deepEqual((await workspace.plan()).actions, {});
});
