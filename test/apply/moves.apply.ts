import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { synthesise } from './harness/program';
import { Workspace } from './harness/workspace';
import { World } from './harness/world';
import { AksCluster, AzureRole, ConstructMove, KubernetesGitLabRunner, RunnerCache, SelfHostedGitLab } from 'cdktf-azure-gitlab';

const PLACE = { location: 'koreacentral' };

interface Ids { readonly gitlab: string; readonly cluster: string; readonly runner: string; readonly pool: string }

function platform(scope: Construct, ids: Ids): void {
  const gitlab = new SelfHostedGitLab(scope, ids.gitlab, { ...PLACE, backup: {}, dataDiskBackup: {}, objectStorage: {}, webAllowedCidrs: ['203.0.113.0/24'] });
  const cluster = new AksCluster(scope, ids.cluster, PLACE);
  cluster.addNodePool(ids.pool);
  const runner = new KubernetesGitLabRunner(scope, ids.runner, { gitlab, cluster, cache: RunnerCache.azureBlob(), tags: ['ci'] });
  runner.grantJobs('Read', AzureRole.of('Reader'), '/subscriptions/a8fa7fd6-0893-411a-8990-7b5545ccf9c4');
}

const OLD: Ids = { gitlab: 'GitLab', cluster: 'Cluster', runner: 'Runner', pool: 'Gpu' };
const NEW: Ids = { gitlab: 'Server', cluster: 'Ci', runner: 'Builds', pool: 'Big' };

const world = new World();
let applied: Workspace;

before(async () => {
  applied = world.workspace(await world.azure()).load(synthesise((stack) => platform(stack, OLD)));
  await applied.applied();
});

/** What a plan of another program does, in numbers. */
async function planned(program: (stack: TerraformStack) => void): Promise<{ workspace: Workspace; actions: { [action: string]: number } }> {
  const workspace = applied.fork({ stackFolder: synthesise(program) });
  const { status, actions: all, errors } = await workspace.plan('-refresh=false');
  assert.equal(status, 0, errors.join('\n'));
  const actions: { [action: string]: number } = {};
  Object.values(all).forEach((action) => {
    actions[action] = (actions[action] ?? 0) + 1;
  });
  return { workspace, actions };
}

test('without a declaration a plan destroys: prevent_destroy goes with the resource that has it, as docs/governance.md warns', async () => {
  const { actions } = await applied.fork({ stackFolder: synthesise((stack) => platform(stack, { ...OLD, gitlab: 'Server' })) }).plan('-refresh=false');
  const deleted = Object.keys(actions).filter((address) => actions[address] === 'delete').map((address) => address.replace(/_[0-9A-F]{8}$/, ''));
  assert.ok(deleted.includes('azurerm_managed_disk.GitLab_VirtualMachine_DataDisk'), deleted.join('\n'));
});

test('renamed constructs: each resource moves, and nothing else happens', async () => {
  const { workspace, actions } = await planned((stack) => {
    ConstructMove.declare(stack, 'gitlab/GitLab', 'gitlab/Server');
    ConstructMove.declare(stack, 'gitlab/Cluster', 'gitlab/Ci');
    ConstructMove.declare(stack, 'gitlab/Cluster/Gpu', 'gitlab/Ci/Big');
    ConstructMove.declare(stack, 'gitlab/Runner', 'gitlab/Builds');
    platform(stack, NEW);
  });
  assert.deepEqual(actions, { move: applied.state.resources.filter(({ mode }: any) => mode === 'managed').length });
  await workspace.applied();
  assert.deepEqual((await workspace.plan()).actions, {});
});

test('constructs that are put into another one, and out again', async () => {
  const { workspace } = await planned((stack) => {
    ['GitLab', 'Cluster', 'Runner'].forEach((id) => ConstructMove.declare(stack, `gitlab/${id}`, `gitlab/Platform/${id}`));
    platform(new Construct(stack, 'Platform'), OLD);
  });
  await workspace.applied();
  assert.deepEqual((await workspace.plan()).actions, {});
});
