import { TerraformVariable } from 'cdktf';
import { AksCluster, AzureLogWorkspace, SelfHostedGitLab } from '../../../src';
import { newStack, resource, resources, synth, TerraformJson, warnings } from '../../synth';
import { server } from '../server';

const WORKSPACE_ID = '/subscriptions/s/resourceGroups/hub/providers/Microsoft.OperationalInsights/workspaces/hub';
const SETTING = 'azurerm_monitor_diagnostic_setting';
const WORKSPACE = 'azurerm_log_analytics_workspace';


/** The logs by what sends them, and where all of them go. */
function logs(json: TerraformJson) {
  const settings = Object.values<any>(resources(json, SETTING));
  return {
    workspaces: [...new Set(settings.map((setting) => setting.log_analytics_workspace_id))],
    categories: Object.fromEntries(settings.map((setting) => [setting.target_resource_id, setting.enabled_log.map(({ category }: any) => category)])),
  };
}

describe('the audit logs', () => {
  test('tell who read or changed a secret, in a workspace of the server\'s that keeps them for 90 days', () => {
    const { json, stack } = server();
    const [workspace] = Object.keys(resources(json, WORKSPACE));
    expect(resource(json, WORKSPACE)).toMatchObject({
      name: 'gitlab-vm-logs', retention_in_days: 90, sku: 'PerGB2018', local_authentication_enabled: false, location: 'koreacentral',
    });
    expect(logs(json)).toEqual({
      workspaces: [`\${${WORKSPACE}.${workspace}.id}`],
      categories: {
        '${azurerm_key_vault.GitLab_ServerVault_93E3949B.id}': ['AuditEvent'],
        '${azurerm_key_vault.GitLab_RunnerVault_A95F4633.id}': ['AuditEvent'],
      },
    });
    expect(warnings(stack)).toEqual([]);
  });

  test('tell who read, wrote or deleted a backup, and nothing of object storage, where each page view is a read', () => {
    const { categories } = logs(server({ backup: {}, objectStorage: {} }).json);
    const account = Object.keys(categories).find((target) => target.includes('azurerm_storage_account'))!;
    expect(Object.keys(categories)).toHaveLength(3);
    expect(account).toMatch(/^\$\{azurerm_storage_account\.GitLab_Backup_\w+\.id\}\/blobServices\/default$/);
    expect(categories[account]).toEqual(['StorageRead', 'StorageWrite', 'StorageDelete']);
  });

  test('ask for no tables of their own: Azure has one kind for these, and a wish would be a change in each plan', () => {
    const settings = Object.values<any>(resources(server({ backup: {} }).json, SETTING));
    expect(settings.filter((setting) => 'log_analytics_destination_type' in setting)).toEqual([]);
  });

  test('go to a workspace that exists, and none is made', () => {
    const { json } = server({ logWorkspace: AzureLogWorkspace.existing(WORKSPACE_ID) });
    expect(logs(json).workspaces).toEqual([WORKSPACE_ID]);
    expect(resources(json, WORKSPACE)).toEqual({});
  });

  test('go to the cluster\'s workspace, in the same apply', () => {
    const stack = newStack();
    const cluster = new AksCluster(stack, 'Cluster', { location: 'koreacentral' });
    new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral', logWorkspace: AzureLogWorkspace.existing(cluster.logAnalyticsWorkspaceId!) });
    const json = synth(stack);
    expect(Object.keys(resources(json, WORKSPACE))).toEqual(['Cluster_Monitoring_Workspace_78CE9EB0']);
    expect(logs(json).workspaces).toEqual(['${azurerm_log_analytics_workspace.Cluster_Monitoring_Workspace_78CE9EB0.id}']);
  });

  test('are kept as long as one wants, under the server\'s tags', () => {
    expect(resource(server({ logWorkspace: AzureLogWorkspace.create(365), tags: { team: 'a' } }).json, WORKSPACE)).toMatchObject({ retention_in_days: 365, tags: { team: 'a' } });
  });

  test('may be off, with a warning', () => {
    const { json, stack } = server({ auditLogsEnabled: false, backup: {} });
    expect(Object.keys(json.resource).filter((type) => /monitor|log_analytics/.test(type))).toEqual([]);
    expect(warnings(stack)).toEqual(['Test/GitLab: auditLogsEnabled: nobody can tell afterwards who read a secret or a backup; leave it out']);
  });

  test('take what only the apply knows', () => {
    const stack = newStack();
    const text = new TerraformVariable(stack, 'text', {}).stringValue;
    const number = new TerraformVariable(stack, 'number', {}).numberValue;
    new SelfHostedGitLab(stack, 'One', { location: 'koreacentral', logWorkspace: AzureLogWorkspace.existing(text), virtualMachineName: 'one' });
    new SelfHostedGitLab(stack, 'Two', { location: 'koreacentral', logWorkspace: AzureLogWorkspace.create(number), virtualMachineName: 'two' });
    const json = synth(stack);
    expect(logs(json).workspaces[0]).toBe('${var.text}');
    expect(resource(json, WORKSPACE).retention_in_days).toBe('${var.number}');
  });

  test.each<[string, any, string]>([
    ['whether is a text', { auditLogsEnabled: 'no' }, 'auditLogsEnabled: not true or false, got "no"; give true or false'],
    ['the workspace is a name', { logWorkspace: 'hub' },
      'logWorkspace: not an AzureLogWorkspace, got "hub"; give AzureLogWorkspace.create() or AzureLogWorkspace.existing()'],
    ['there are none and a workspace', { auditLogsEnabled: false, logWorkspace: AzureLogWorkspace.existing(WORKSPACE_ID) },
      'auditLogsEnabled: nothing is recorded, but logWorkspace says where to, got false; leave one of the two out'],
  ])('fail when %s', (_, props, message) => {
    expect(() => server(props)).toThrow(new Error(`${message} (at Test/GitLab)`));
  });
});
