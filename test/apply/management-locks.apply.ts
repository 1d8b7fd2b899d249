import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManagementLock } from '@cdktf/provider-azurerm/lib/management-lock';
import { TerraformResource, TerraformStack } from 'cdktf';
import { Azure, SUBSCRIPTION_ID } from './azure/azure';
import { synthesise } from './harness/program';
import { Workspace } from './harness/workspace';
import { World } from './harness/world';
import { AzureResourceGroup, GitLabVersion, SelfHostedGitLab } from 'cdktf-azure-gitlab';

const world = new World();
const GROUP = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/shared`;

/** What docs/governance.md locks, by the paths of the constructs. */
const HOLDS_DATA = ['VirtualMachine/DataDisk', 'ServerVault/Resource', 'RunnerVault/Resource', 'Backup/Resource'];

function lock(stack: TerraformStack, name: string, scope: string): void {
  new ManagementLock(stack, `lock-${name}`, { name, scope, lockLevel: 'CanNotDelete' });
}

/** A server of a version, in a group of the company's, with locks. */
function program(minor: string, locks: 'data' | 'group' | 'none'): string {
  return synthesise((stack) => {
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', {
      location: 'koreacentral', resourceGroup: AzureResourceGroup.existing('shared'), version: GitLabVersion.minor(minor), backup: {},
    });
    if (locks === 'data') {
      HOLDS_DATA.forEach((path) => {
        const { id } = path.split('/').reduce((construct: any, child) => construct.node.findChild(child), gitlab) as TerraformResource & { id: string };
        lock(stack, path.replace('/', '-'), id);
      });
    } else if (locks === 'group') {
      lock(stack, 'keep', GROUP);
    }
  });
}

async function applied(locks: 'data' | 'group'): Promise<[Azure, Workspace]> {
  const azure = await world.azure();
  azure.arm.provision(GROUP, { location: 'koreacentral' });
  const workspace = world.workspace(azure).load(program('19.3', locks));
  await workspace.applied();
  return [azure, workspace];
}

test('with locks on what holds data an upgrade is applied, and Azure deletes nothing of it', async () => {
  const [azure, workspace] = await applied('data');
  assert.equal(azure.arm.list('Microsoft.Authorization/locks').length, HOLDS_DATA.length);
  workspace.load(program('19.4', 'data'));
  await workspace.applied();
  assert.deepEqual((await workspace.plan()).actions, {});
});

test('a lock on the whole group refuses an upgrade before anything has happened; without the lock the same apply goes through', async () => {
  const [azure, workspace] = await applied('group');
  const commands = () => azure.arm.list('Microsoft.Compute/virtualMachines/runCommands').map(({ name }) => name).sort();
  const before = commands();
  workspace.load(program('19.4', 'group'));
  const { status, output } = await workspace.apply();
  assert.notEqual(status, 0);
  assert.match(output, /ScopeLocked/);
  assert.deepEqual(commands(), before);
  workspace.load(program('19.4', 'none'));
  // the lock and what it keeps go at the same time; Terraform goes on at the next apply where Azure was faster with its refusal.
  const once = await workspace.apply();
  assert.ok(once.status === 0 || /ScopeLocked/.test(once.output), once.output);
  await workspace.applied();
  assert.notDeepEqual(commands(), before);
  assert.deepEqual((await workspace.plan()).actions, {});
});
