import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Azure } from './azure/azure';
import { outcome } from './harness/expectation';
import { synthesise } from './harness/program';
import { recover } from './harness/recovery';
import { diagnostics, Workspace } from './harness/workspace';
import { World } from './harness/world';
import { AksAuditLogs, AksCluster, AzureLogWorkspace, GitLabMaintenanceWindow, SelfHostedGitLab, WeekDay } from 'cdktf-azure-gitlab';

const SETTING = 'Microsoft.Insights/diagnosticSettings';
const WINDOW = 'Microsoft.Maintenance/maintenanceConfigurations';
const world = new World();
let azure: Azure;
let workspace: Workspace;

/** Server and cluster, whose logs go to one workspace. */
function program(auditLogs?: AksAuditLogs, maintenanceWindow?: GitLabMaintenanceWindow): string {
  return synthesise((stack) => {
    const { logAnalyticsWorkspaceId } = new AksCluster(stack, 'Cluster', { location: 'koreacentral', auditLogs });
    new SelfHostedGitLab(stack, 'GitLab', {
      location: 'koreacentral', backup: {}, maintenanceWindow, logWorkspace: AzureLogWorkspace.existing(logAnalyticsWorkspaceId!), tags: { Team: 'Platform' },
    });
  });
}

/** The same without what this file is about, as earlier versions of the library made it. */
function earlier(json: any): any {
  for (const type of ['azurerm_monitor_diagnostic_setting', 'azurerm_maintenance_configuration', 'azurerm_maintenance_assignment_virtual_machine']) {
    delete json.resource[type];
  }
  Object.values<any>(json.resource.azurerm_linux_virtual_machine).forEach((machine) => {
    delete machine.bypass_platform_safety_checks_on_user_schedule_enabled;
  });
  return json;
}

before(async () => {
  azure = await world.azure();
  workspace = world.workspace(azure).load(program(), earlier);
  await workspace.applied();
});

test('a platform that is there gets all of it in place', async () => {
  workspace.load(program());
  assert.deepEqual(outcome(await workspace.plan(), workspace, workspace), {
    'Cluster/Monitoring/Audit': 'create',
    'GitLab/Audit/Backup': 'create',
    'GitLab/Audit/RunnerVault': 'create',
    'GitLab/Audit/ServerVault': 'create',
    'GitLab/VirtualMachine/Patching/Assignment': 'create',
    'GitLab/VirtualMachine/Patching/Window': 'create',
    'GitLab/VirtualMachine/Resource': 'update',
  });
  await workspace.applied();
});

test('secrets, backups and the API server are recorded in one workspace; the second plan is empty', async () => {
  const [{ id }] = azure.arm.list('Microsoft.OperationalInsights/workspaces');
  const settings = azure.arm.list(SETTING);
  assert.deepEqual(Object.fromEntries(settings.map((setting) => [
    setting.id.split('/providers/')[1].replace(/-?[0-9a-f]{8}(?=$|\/)/, ''), setting.properties.logs.map(({ category }: any) => category).sort(),
  ])), {
    'Microsoft.ContainerService/managedClusters/gitlab-cluster': ['guard', 'kube-audit-admin'],
    'Microsoft.KeyVault/vaults/gitlab-runner': ['AuditEvent'],
    'Microsoft.KeyVault/vaults/gitlab-server': ['AuditEvent'],
    'Microsoft.Storage/storageAccounts/gitlabbackup/blobServices/default': ['StorageDelete', 'StorageRead', 'StorageWrite'],
  });
  assert.deepEqual([...new Set(settings.map(({ properties }) => properties.workspaceId))], [id]);
  assert.deepEqual((await workspace.plan()).actions, {});
});

test('the machine leaves the hour to its window, which is assigned to it', () => {
  const [machine] = azure.arm.list('Microsoft.Compute/virtualMachines');
  const [window] = azure.arm.list(WINDOW);
  const [assignment] = azure.arm.list('Microsoft.Maintenance/configurationAssignments', `${machine.id}/`);
  assert.equal(assignment.properties.maintenanceConfigurationId, window.id);
  assert.deepEqual(machine.properties.osProfile.linuxConfiguration.patchSettings.automaticByPlatformSettings, {
    bypassPlatformSafetyChecksOnUserSchedule: true, rebootSetting: 'IfRequired',
  });
  assert.deepEqual(window.properties.maintenanceWindow, {
    startDateTime: '2026-01-01 22:00', expirationDateTime: '', duration: '03:00', timeZone: 'UTC', recurEvery: '1Week Saturday',
  });
  assert.deepEqual(window.tags, { team: 'Platform' });
});

test('more of the API server\'s logs and another window replace nothing but set-up steps', async () => {
  workspace.load(program(AksAuditLogs.ALL, { dayOfWeek: WeekDay.SUNDAY, startTime: '03:30', durationMinutes: 235 }));
  assert.deepEqual(outcome(await workspace.plan(), workspace, workspace), {
    'Cluster/Monitoring/Audit': 'update', 'GitLab/VirtualMachine/Patching/Window': 'update',
    // the server takes GitLab's patches in the window too.
    ...Object.fromEntries(['Gitlab', 'Runners'].flatMap((step) => [[`GitLab/SetUp/${step}`, 'replace'], [`GitLab/SetUp/${step}Attempt`, 'replace']])),
  });
  await workspace.applied();
  assert.deepEqual((await workspace.plan()).actions, {});
});

test('settings that outlived what they belonged to are taken up again, as docs/operate.md says', async () => {
  const kept = azure.arm.list(SETTING).map(({ id, properties }) => ({ id, properties }));
  const later = await world.azure();
  kept.forEach(({ id, properties }) => later.arm.put(id, { properties: { ...properties, workspaceId: `${properties.workspaceId}-gone` } }));
  const again = world.workspace(later).load(program());
  await again.init();
  const failed = await again.run('apply', '-json', '-auto-approve');
  assert.notEqual(failed.status, 0);
  const { done, unknown } = await recover(later, again, diagnostics(failed));
  assert.deepEqual(unknown, []);
  assert.deepEqual(done.map((item) => item.replace(/\.\w+$/, '')), Array(4).fill('import azurerm_monitor_diagnostic_setting'));
  await again.applied();
  assert.deepEqual((await again.plan()).actions, {});
  const [{ id }] = later.arm.list('Microsoft.OperationalInsights/workspaces');
  assert.ok(later.arm.list(SETTING).every(({ properties }) => properties.workspaceId === id), 'all send to the new workspace');
});
