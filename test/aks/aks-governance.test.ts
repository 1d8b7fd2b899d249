import { AksAuditLogs, AksCluster, AksClusterProps, AksPreset, AksSkuTier, AzureResourceGroup, SelfHostedGitLab } from '../../src';
import { newStack, resource, synth } from '../synth';

const LOCATION = 'koreacentral';

function cluster(props: Partial<AksClusterProps>) {
  const stack = newStack();
  new AksCluster(stack, 'Cluster', { location: LOCATION, ...props });
  return synth(stack);
}

test('add-ons, the nodes\' resource group and host encryption as told', () => {
  const json = cluster({
    nodeResourceGroupName: 'rg-nodes', azurePolicyEnabled: true, defenderEnabled: true, costAnalysisEnabled: true,
    systemNodePool: { hostEncryptionEnabled: true }, jobNodePool: { hostEncryptionEnabled: true },
  });
  const made = resource(json, 'azurerm_kubernetes_cluster');
  expect(made).toMatchObject({
    node_resource_group: 'rg-nodes', azure_policy_enabled: true, cost_analysis_enabled: true, default_node_pool: { host_encryption_enabled: true },
  });
  expect(made.microsoft_defender).toEqual({ log_analytics_workspace_id: made.oms_agent.log_analytics_workspace_id });
  expect(resource(json, 'azurerm_kubernetes_cluster_node_pool').host_encryption_enabled).toBe(true);
});

test('none of it is written unless it is asked for', () => {
  const made = resource(cluster({}), 'azurerm_kubernetes_cluster');
  for (const argument of ['node_resource_group', 'azure_policy_enabled', 'microsoft_defender', 'cost_analysis_enabled']) {
    expect(made).not.toHaveProperty(argument);
  }
  expect(made.default_node_pool).not.toHaveProperty('host_encryption_enabled');
});

test('Defender\'s findings go where audit logs go if no others are collected', () => {
  const json = cluster({ defenderEnabled: true, containerInsightsEnabled: false, auditLogs: AksAuditLogs.CHANGES });
  expect(resource(json, 'azurerm_kubernetes_cluster').microsoft_defender.log_analytics_workspace_id).toMatch(/^\$\{azurerm_log_analytics_workspace\./);
});

test('the server\'s host encrypts too', () => {
  const stack = newStack();
  new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION, hostEncryptionEnabled: true });
  expect(resource(synth(stack), 'azurerm_linux_virtual_machine').encryption_at_host_enabled).toBe(true);
});

describe('fails when', () => {
  test.each<[string, Partial<AksClusterProps>, string]>([
    ['Defender has nowhere to write to', { defenderEnabled: true, containerInsightsEnabled: false, auditLogs: AksAuditLogs.NONE },
      'defenderEnabled: the cluster has no log workspace for its findings, got true; enable containerInsightsEnabled or auditLogs, or leave it out'],
    ['costs are analysed for free', { costAnalysisEnabled: true, skuTier: AksSkuTier.FREE },
      'costAnalysisEnabled: not available in the tier "Free", got true; set skuTier to AksSkuTier.STANDARD, or leave it out'],
    ['costs are analysed on the small preset', { costAnalysisEnabled: true, preset: AksPreset.SMALL },
      'costAnalysisEnabled: not available in the tier "Free", got true; set skuTier to AksSkuTier.STANDARD, or leave it out'],
    ['the nodes\' group is the cluster\'s', { nodeResourceGroupName: 'RG', resourceGroup: AzureResourceGroup.existing('rg') },
      'nodeResourceGroupName: the same as the cluster\'s own resource group, got "RG"; give another name: AKS deletes that group with the cluster'],
    ['the nodes\' group has a long name', { nodeResourceGroupName: 'x'.repeat(81) },
      `nodeResourceGroupName: not a valid value, got "${'x'.repeat(81)}"; give at most 80 letters, digits, "-", "_", ".", "(" and ")", first a letter or digit, last no "."`],
    // Azure/AKS#1739: nodes have the name as a label.
    ['the nodes\' group begins as no label may', { nodeResourceGroupName: '_nodes' },
      'nodeResourceGroupName: not a valid value, got "_nodes"; give at most 80 letters, digits, "-", "_", ".", "(" and ")", first a letter or digit, last no "."'],
  ])('%s', (_, props, message) => {
    expect(() => cluster(props)).toThrow(new Error(`${message} (at Test/Cluster)`));
  });

  test('the small preset with a paid tier is not', () => {
    expect(() => cluster({ costAnalysisEnabled: true, preset: AksPreset.SMALL, skuTier: AksSkuTier.STANDARD })).not.toThrow();
  });
});
