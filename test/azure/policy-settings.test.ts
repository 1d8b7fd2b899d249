import { KubernetesCluster } from '@cdktf/provider-azurerm/lib/kubernetes-cluster';
import { VirtualNetwork } from '@cdktf/provider-azurerm/lib/virtual-network';
import { Token } from 'cdktf';
import { AksAuditLogs, AksCluster, AksClusterProps, AzureProvider, AzureProviderProps, SelfHostedGitLab } from '../../src';
import { newStack, resource, resources, synth } from '../synth';

const PLACE = { location: 'koreacentral' };

function ignoredOf(props: Partial<AksClusterProps>, provider: AzureProviderProps = { policySettingsKept: true }): string[] {
  const stack = newStack();
  new AzureProvider(stack, 'Azure', provider);
  new AksCluster(stack, 'Cluster', { ...PLACE, ...props });
  return resource(synth(stack), 'azurerm_kubernetes_cluster').lifecycle.ignore_changes;
}

test('what policies switch on stays on a cluster where the program does not enable it', () => {
  expect(ignoredOf({})).toEqual(['azure_policy_enabled', 'microsoft_defender', 'monitor_metrics']);
  expect(ignoredOf({ azurePolicyEnabled: false, defenderEnabled: false })).toEqual(['azure_policy_enabled', 'microsoft_defender', 'monitor_metrics']);
  expect(ignoredOf({ azurePolicyEnabled: true, defenderEnabled: true })).toEqual(['monitor_metrics']);
  expect(ignoredOf({ containerInsightsEnabled: false, auditLogs: AksAuditLogs.NONE })).toContain('oms_agent');
  expect(ignoredOf({ systemNodePool: { maxCount: 5 } })).toEqual(['default_node_pool[0].node_count', 'azure_policy_enabled', 'microsoft_defender', 'monitor_metrics']);
});

test('what the apply alone knows is the program\'s', () => {
  expect(ignoredOf({ azurePolicyEnabled: Token.asAny('${var.policy}') as unknown as boolean })).not.toContain('azure_policy_enabled');
});

test('each apply sets all of it as the program says unless that is asked for', () => {
  expect(ignoredOf({}, { policySettingsKept: false })).toBeUndefined();
  expect(ignoredOf({}, {})).toBeUndefined();
});

test('a machine keeps an identity of its own, and the list of the others is the program\'s; networks keep their DDoS protection plan', () => {
  const stack = newStack();
  new AzureProvider(stack, 'Azure', { policySettingsKept: true, policyTags: ['team'] });
  new SelfHostedGitLab(stack, 'GitLab', PLACE);
  const json = synth(stack);
  expect(resource(json, 'azurerm_linux_virtual_machine').lifecycle.ignore_changes).toEqual(['admin_ssh_key', 'os_disk[0].disk_encryption_set_id', 'tags["team"]', 'identity[0].type']);
  expect(resource(json, 'azurerm_virtual_network').lifecycle.ignore_changes).toEqual(['tags["team"]', 'ddos_protection_plan', 'subnet']);
});

test('resources of one\'s own too, as far as they leave something open', () => {
  const stack = newStack();
  new AzureProvider(stack, 'Azure', { policySettingsKept: true });
  new AksCluster(stack, 'Cluster', PLACE);
  const place = { ...PLACE, resourceGroupName: 'own' };
  new VirtualNetwork(stack, 'Open', { ...place, name: 'open', addressSpace: ['10.0.0.0/16'] });
  new VirtualNetwork(stack, 'Planned', { ...place, name: 'planned', addressSpace: ['10.1.0.0/16'], ddosProtectionPlan: { id: 'plan', enable: true } });
  new VirtualNetwork(stack, 'Subnetted', { ...place, name: 'subnetted', addressSpace: ['10.3.0.0/16'], subnet: [{ name: 'own' }] });
  new VirtualNetwork(stack, 'Ignored', { ...place, name: 'ignored', addressSpace: ['10.2.0.0/16'], lifecycle: { ignoreChanges: 'all' } });
  new KubernetesCluster(stack, 'Own', {
    ...place, name: 'own', dnsPrefix: 'own', defaultNodePool: { name: 'system' }, omsAgent: { logAnalyticsWorkspaceId: 'w' }, monitorMetrics: {}, microsoftDefender: { logAnalyticsWorkspaceId: 'w' },
  });
  const json = synth(stack);
  const ignored = Object.fromEntries(Object.values<any>(resources(json, 'azurerm_virtual_network')).map((one) => [one.name, one.lifecycle?.ignore_changes]));
  expect(ignored).toMatchObject({ open: ['ddos_protection_plan', 'subnet'], planned: ['subnet'], subnetted: ['ddos_protection_plan'], ignored: 'all' });
  expect(resources(json, 'azurerm_kubernetes_cluster').Own.lifecycle.ignore_changes).toEqual(['azure_policy_enabled']);
});
