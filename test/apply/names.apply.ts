import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { TerraformStack } from 'cdktf';
import { Azure } from './azure/azure';
import { outcome } from './harness/expectation';
import { platform, PlatformProps } from './harness/platform';
import { synthesise } from './harness/program';
import { Workspace } from './harness/workspace';
import { World } from './harness/world';
import { AzureNaming, AzurePart, RunnerCache } from 'cdktf-azure-gitlab';

const PROPS: PlatformProps = {
  gitlab: { backup: {}, dataDiskBackup: {}, objectStorage: {} }, cluster: { jobNodePool: {} }, runner: { cache: RunnerCache.azureBlob() },
};

const caf = (environment: string) => AzureNaming.cloudAdoptionFramework({ environment, regionAbbreviations: { koreacentral: 'krc' } });
const named = (naming: AzureNaming) => synthesise((stack: TerraformStack) => {
  naming.applyTo(stack);
  platform(PROPS)(stack);
});

/** The names of the first apply, but for one type of resource. */
class Renaming extends AzureNaming {
  constructor(private readonly abbreviation: string) {
    super();
  }

  public nameOf(part: AzurePart): string | undefined {
    return caf(part.abbreviation === this.abbreviation ? 'test' : 'prod').nameOf(part);
  }
}

const world = new World();
let azure: Azure;
let applied: Workspace;

before(async () => {
  azure = await world.azure();
  applied = world.workspace(azure).load(named(caf('prod')));
  await applied.applied();
});

/** The resources for which a plan with other names is refused. */
async function refused(naming: AzureNaming): Promise<string[]> {
  const workspace = applied.fork({ stackFolder: named(naming) });
  const found = Object.entries(outcome(await workspace.plan('-refresh=false'), applied, workspace));
  return found.filter(([, action]) => action === 'refused').map(([path]) => path).sort();
}

test('Azure has the names, and the second plan is empty', async () => {
  const names = applied.state.resources.flatMap(({ type, instances }: any) => instances.map(({ attributes }: any) => `${type} ${attributes.name}`));
  ['azurerm_key_vault kv-gitlab-prod-krc-001', 'azurerm_kubernetes_cluster aks-cluster-prod-krc-001', 'azurerm_managed_disk disk-gitlab-data-prod-krc-001',
    'azurerm_storage_account stgitlabbackupprodkrc001', 'azurerm_kubernetes_cluster_node_pool npjobs', 'azurerm_public_ip pip-cluster-egress-prod-krc-001']
    .forEach((name) => assert.ok(names.includes(name), name));
  assert.deepEqual((await applied.plan()).actions, {});
});

test('other names for everything: the plan is refused for all that holds data, and says so', async () => {
  const workspace = applied.fork({ stackFolder: named(caf('test')) });
  const plan = await workspace.plan('-refresh=false');
  assert.notEqual(plan.status, 0);
  assert.ok(plan.errors.length > 0 && plan.errors.every((error) => /^Instance cannot be destroyed: Resource \S+ has lifecycle\.prevent_destroy set/.test(error)), plan.errors.join('\n'));
});

/** What has to be refused by the prefix of its type: other names for it alone. */
const HOLDS_DATA: { readonly [abbreviation: string]: readonly string[] } = {
  kv: ['GitLab/RunnerVault/Resource', 'GitLab/ServerVault/Resource'],
  st: ['GitLab/Backup/Resource', 'GitLab/Objects/Resource'],
  disk: ['GitLab/VirtualMachine/DataDisk'],
  osdisk: ['GitLab/VirtualMachine/Resource'],
  vm: ['GitLab/VirtualMachine/Resource'],
  aks: ['Cluster/Resource'],
  log: ['Cluster/Monitoring/Workspace', 'GitLab/Audit/Logs'],
  bvault: ['GitLab/DataDiskBackup/Vault'],
  pip: ['GitLab/Network/PublicIp'],
};

for (const [abbreviation, paths] of Object.entries(HOLDS_DATA)) {
  test(`another name for ${abbreviation} alone is refused`, async () => {
    assert.deepEqual((await refused(new Renaming(abbreviation))).filter((path) => paths.includes(path)), paths);
  });
}
