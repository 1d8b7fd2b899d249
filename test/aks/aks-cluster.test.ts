import { readFileSync } from 'fs';
import { join } from 'path';
import { Fn, TerraformStack, TerraformVariable, Testing, Token, Tokenization } from 'cdktf';
import {
  AksAuditLogs, AksClusterProps, AksCluster, AksNodePool, AksOsDiskType, AksPreset, AksSkuTier, AksUpgradeChannel, ApiServerAccess,
  AzureLogWorkspace, AzureResourceGroup, AzureSubnet, KubernetesSignIn, KubernetesVersion, ManifestDelivery, WeekDay,
} from '../../src';
import * as fc from '../fast-check';
import { newStack, resource, resources, synth, warnings } from '../synth';

const LOCATION = 'koreacentral';
const SOMEBODY = '11111111-1111-1111-1111-111111111111';
const OTHER = '22222222-2222-2222-2222-222222222222';
const SUBNET_ID = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/n';
const WORKSPACE_ID = '/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w';
const SKIP_HINT = '\n\nIf you wish to ignore these validations, pass \'skipValidation: true\' to your App configuration.\n';
const ADMIN_ROLE = 'Azure Kubernetes Service RBAC Cluster Admin';

interface Made { readonly stack: TerraformStack; readonly cluster: AksCluster }

function make(props: Partial<AksClusterProps> = {}): Made {
  const stack = newStack();
  return { stack, cluster: new AksCluster(stack, 'Cluster', { location: LOCATION, ...props }) };
}

function clusterOf(props: Partial<AksClusterProps> = {}): any {
  return resource(synth(make(props).stack), 'azurerm_kubernetes_cluster');
}

/** The role assignments as `role: scope <- principal`. */
function roles(json: any): string[] {
  return Object.values<any>(resources(json, 'azurerm_role_assignment'))
    .map((role) => `${role.role_definition_name}: ${role.scope} <- ${role.principal_id}`).sort();
}

describe('by default', () => {
  const { stack, cluster } = make();
  const json = synth(stack);
  const aks = resource(json, 'azurerm_kubernetes_cluster');

  test('the network is an overlay with Cilium and an egress address of our own', () => {
    expect(aks.network_profile).toEqual({
      network_plugin: 'azure',
      network_plugin_mode: 'overlay',
      network_data_plane: 'cilium',
      network_policy: 'cilium',
      pod_cidr: '10.244.0.0/16',
      service_cidr: '10.0.0.0/16',
      dns_service_ip: '10.0.0.10',
      outbound_type: 'loadBalancer',
      load_balancer_sku: 'standard',
      load_balancer_profile: { outbound_ip_address_ids: ['${azurerm_public_ip.Cluster_Network_EgressIp_B2A652E3.id}'] },
    });
    expect(resource(json, 'azurerm_public_ip')).toMatchObject({ allocation_method: 'Static', sku: 'Standard' });
    expect(resource(json, 'azurerm_virtual_network').address_space).toEqual(['10.224.0.0/16']);
    expect(resource(json, 'azurerm_virtual_network').subnet).toEqual([expect.objectContaining({
      name: 'nodes',
      address_prefixes: ['10.224.0.0/20'],
      security_group: '${azurerm_network_security_group.Cluster_Network_SecurityGroup_03DA6311.id}',
      default_outbound_access_enabled: false,
    })]);
    expect(Object.values<any>(json.output).map(({ value }) => value)).toContain('${azurerm_public_ip.Cluster_Network_EgressIp_B2A652E3.ip_address}');
    expect(Tokenization.reverseString(cluster.egressIpAddress!).tokens).toHaveLength(1);
  });

  test('people sign in with Entra ID, pods with workload identity, nobody with a stored secret', () => {
    expect(aks).toMatchObject({
      local_account_disabled: true,
      role_based_access_control_enabled: true,
      azure_active_directory_role_based_access_control: {
        azure_rbac_enabled: true, tenant_id: '${data.azurerm_client_config.CdktfAzureGitLab_Azure_ClientConfig_2E17B686.tenant_id}',
      },
      oidc_issuer_enabled: true,
      workload_identity_enabled: true,
      key_vault_secrets_provider: { secret_rotation_enabled: true, secret_rotation_interval: '2m' },
      private_cluster_enabled: false,
      run_command_enabled: false,
    });
    expect(aks).not.toHaveProperty('linux_profile');
  });

  test('patches and node images come by themselves, in their windows, minor versions do not', () => {
    expect(aks).toMatchObject({
      kubernetes_version: '1.36',
      automatic_upgrade_channel: 'patch',
      node_os_upgrade_channel: 'NodeImage',
      maintenance_window_auto_upgrade: {
        frequency: 'Weekly', interval: 1, day_of_week: 'Saturday', start_time: '22:00', duration: 8, utc_offset: '+00:00',
      },
      maintenance_window_node_os: {
        frequency: 'Weekly', interval: 1, day_of_week: 'Sunday', start_time: '22:00', duration: 8, utc_offset: '+00:00',
      },
      image_cleaner_enabled: true,
      image_cleaner_interval_hours: 168,
      sku_tier: 'Standard',
      node_provisioning_profile: { mode: 'Manual' },
    });
  });

  test('the system pool is two machines of four vCPU, for system pods, and can be replaced without the cluster', () => {
    expect(aks.default_node_pool).toEqual({
      name: 'system',
      vm_size: 'Standard_D4s_v5',
      node_count: 2,
      auto_scaling_enabled: false,
      only_critical_addons_enabled: true,
      type: 'VirtualMachineScaleSets',
      os_sku: 'Ubuntu',
      os_disk_size_gb: 128,
      os_disk_type: 'Managed',
      max_pods: 110,
      orchestrator_version: '1.36',
      temporary_name_for_rotation: 'tmpbbc5e661',
      vnet_subnet_id: '${azurerm_virtual_network.Cluster_Network_Vnet_0A8A5169.id}/subnets/nodes',
      upgrade_settings: { max_surge: '10%', drain_timeout_in_minutes: 30, undrainable_node_behavior: 'Schedule' },
    });
    expect(aks.lifecycle).toEqual({ prevent_destroy: true });
  });

  test('CI jobs have a pool from zero nodes that is drained for longer than a job', () => {
    expect(resource(json, 'azurerm_kubernetes_cluster_node_pool')).toEqual({
      name: 'jobs',
      kubernetes_cluster_id: '${azurerm_kubernetes_cluster.Cluster_EB0386A7.id}',
      mode: 'User',
      vm_size: 'Standard_D4s_v5',
      auto_scaling_enabled: true,
      node_count: 0,
      min_count: 0,
      max_count: 5,
      max_pods: 110,
      node_labels: { 'cdktf-azure-gitlab/node-pool': 'jobs' },
      node_taints: [],
      orchestrator_version: '1.36',
      os_disk_size_gb: 128,
      os_disk_type: 'Managed',
      os_sku: 'Ubuntu',
      os_type: 'Linux',
      temporary_name_for_rotation: 'tmp5d9a17cb',
      upgrade_settings: { max_surge: '10%', drain_timeout_in_minutes: 120, undrainable_node_behavior: 'Cordon' },
      vnet_subnet_id: '${azurerm_virtual_network.Cluster_Network_Vnet_0A8A5169.id}/subnets/nodes',
      lifecycle: { ignore_changes: ['node_count'] },
    });
    expect(cluster.jobNodePool?.nodePoolName).toBe('jobs');
    expect(cluster.jobNodePool?.nodeSelector).toEqual({ 'cdktf-azure-gitlab/node-pool': 'jobs' });
    expect(cluster.jobNodePool?.nodeTaints).toEqual([]);
  });

  test('logs and metrics arrive: the add-on, the rule and its association have the names that Azure looks for', () => {
    expect(aks.oms_agent).toEqual({
      log_analytics_workspace_id: '${azurerm_log_analytics_workspace.Cluster_Monitoring_Workspace_78CE9EB0.id}', msi_auth_for_monitoring_enabled: true,
    });
    expect(resource(json, 'azurerm_log_analytics_workspace')).toMatchObject({ local_authentication_enabled: false, retention_in_days: 30, sku: 'PerGB2018' });
    const rule = resource(json, 'azurerm_monitor_data_collection_rule');
    expect(rule.data_sources).toEqual({
      extension: [{
        name: 'ContainerInsightsExtension',
        extension_name: 'ContainerInsights',
        streams: ['Microsoft-ContainerInsights-Group-Default'],
        extension_json: '{"dataCollectionSettings":{"interval":"1m","namespaceFilteringMode":"Off","enableContainerLogV2":true}}',
      }],
    });
    expect(rule.data_flow).toEqual([{ streams: ['Microsoft-ContainerInsights-Group-Default'], destinations: ['workspace'] }]);
    expect(rule.destinations.log_analytics).toEqual([
      { name: 'workspace', workspace_resource_id: '${azurerm_log_analytics_workspace.Cluster_Monitoring_Workspace_78CE9EB0.id}' },
    ]);
    expect(resource(json, 'azurerm_monitor_data_collection_rule_association')).toEqual({
      name: 'ContainerInsightsExtension',
      target_resource_id: '${azurerm_kubernetes_cluster.Cluster_EB0386A7.id}',
      data_collection_rule_id: '${azurerm_monitor_data_collection_rule.Cluster_Monitoring_Rule_517C2E67.id}',
    });
  });

  test('the cluster waits for its own rights and for the rights of whoever applies', () => {
    expect(roles(json)).toEqual([
      `${ADMIN_ROLE}: \${azurerm_resource_group.Cluster_ResourceGroup_CFE37354.id} <- \${data.azurerm_client_config.CdktfAzureGitLab_Azure_ClientConfig_2E17B686.object_id}`,
      'Network Contributor: ${azurerm_public_ip.Cluster_Network_EgressIp_B2A652E3.id} <- '
      + '${azurerm_user_assigned_identity.Cluster_Network_ControlPlaneIdentity_FC562E95.principal_id}',
      'Network Contributor: ${azurerm_virtual_network.Cluster_Network_Vnet_0A8A5169.id}/subnets/nodes <- '
      + '${azurerm_user_assigned_identity.Cluster_Network_ControlPlaneIdentity_FC562E95.principal_id}',
    ]);
    expect(aks.identity).toEqual({
      type: 'UserAssigned', identity_ids: ['${azurerm_user_assigned_identity.Cluster_Network_ControlPlaneIdentity_FC562E95.id}'],
    });
    expect(aks.depends_on.sort()).toEqual([
      'azurerm_network_security_rule.Cluster_Network_AllowAzureLoadBalancer_70C76307',
      'azurerm_network_security_rule.Cluster_Network_AllowNodesAndPods_9A4C94AF',
      'azurerm_network_security_rule.Cluster_Network_DenyOtherInbound_F3E5A14F',
      'azurerm_role_assignment.Cluster_Deployers_First_D0B90F22',
      'azurerm_role_assignment.Cluster_Network_EgressIpRole_E0D8114C',
      'azurerm_role_assignment.Cluster_Network_SubnetRole_928319F8',
    ]);
    const first = resources(json, 'azurerm_role_assignment').Cluster_Deployers_First_D0B90F22;
    expect(first.lifecycle).toEqual({ ignore_changes: ['principal_id'] });
    expect(first).not.toHaveProperty('principal_type');
  });

  test('the nodes\' subnet lets in its own nodes and pods and the load balancer\'s probes, and nobody else', () => {
    const rules = Object.values(resources(json, 'azurerm_network_security_rule')).sort((one, other) => one.priority - other.priority);
    expect(rules.map((rule) => [rule.name, rule.access, rule.source_address_prefixes ?? rule.source_address_prefix])).toEqual([
      ['AllowNodesAndPods', 'Allow', ['10.224.0.0/20', '10.244.0.0/16']],
      ['AllowAzureLoadBalancer', 'Allow', 'AzureLoadBalancer'],
      ['DenyOtherInbound', 'Deny', '*'],
    ]);
    const all = { direction: 'Inbound', protocol: '*', destination_port_range: '*', destination_address_prefix: '*' };
    rules.forEach((rule) => expect(rule).toMatchObject(all));
  });

  test('names follow from the path, and outputs tell how to get in', () => {
    expect(aks).toMatchObject({ name: 'test-cluster', dns_prefix: 'test-cluster', location: LOCATION });
    expect(resource(json, 'azurerm_resource_group')).toEqual({ name: 'test-cluster-rg', location: LOCATION });
    expect(Object.values(json.output)).toContainEqual({
      description: 'Fetches the cluster\'s kubeconfig',
      value: 'az aks get-credentials --resource-group ${azurerm_resource_group.Cluster_ResourceGroup_CFE37354.name} --name test-cluster',
    });
  });

  test('no provider is made for Helm and nothing warns while nothing is put onto the cluster', () => {
    expect(json.provider).not.toHaveProperty('helm');
    expect(warnings(stack)).toEqual([]);
  });

  test('the addresses of what must never be made anew stay as they are', () => {
    const stateful = ['azurerm_kubernetes_cluster', 'azurerm_resource_group', 'azurerm_public_ip', 'azurerm_virtual_network',
      'azurerm_kubernetes_cluster_node_pool', 'azurerm_log_analytics_workspace', 'azurerm_user_assigned_identity'];
    expect(stateful.flatMap((type) => Object.keys(resources(json, type)).map((name) => `${type}.${name}`))).toEqual([
      'azurerm_kubernetes_cluster.Cluster_EB0386A7',
      'azurerm_resource_group.Cluster_ResourceGroup_CFE37354',
      'azurerm_public_ip.Cluster_Network_EgressIp_B2A652E3',
      'azurerm_virtual_network.Cluster_Network_Vnet_0A8A5169',
      'azurerm_kubernetes_cluster_node_pool.Cluster_Jobs_E52A0265',
      'azurerm_log_analytics_workspace.Cluster_Monitoring_Workspace_78CE9EB0',
      'azurerm_user_assigned_identity.Cluster_Network_ControlPlaneIdentity_FC562E95',
    ]);
  });
});

describe('what a later change may do', () => {
  /** What azurerm makes a new cluster for, where we emit it (`internal/services/containers`, 5.2). */
  const replacing = (aks: any) => ({
    name: aks.name,
    location: aks.location,
    resource_group_name: aks.resource_group_name,
    dns_prefix: aks.dns_prefix,
    private_cluster_enabled: aks.private_cluster_enabled,
    role_based_access_control_enabled: aks.role_based_access_control_enabled,
    oidc_issuer_enabled: aks.oidc_issuer_enabled,
    network_profile: { ...aks.network_profile, load_balancer_profile: Object.keys(aks.network_profile.load_balancer_profile) },
    default_node_pool: { name: aks.default_node_pool.name, type: aks.default_node_pool.type },
    drain: Object.keys(aks.default_node_pool.upgrade_settings).sort(),
    never: ['node_resource_group', 'disk_encryption_set_id', 'kubelet_identity', 'linux_profile', 'windows_profile', 'private_dns_zone_id', 'edge_zone']
      .filter((argument) => argument in aks),
  });

  const unchanged = replacing(clusterOf());
  const inPlace: [string, Partial<AksClusterProps>][] = [
    ['preset', { preset: AksPreset.SMALL }],
    ['kubernetesVersion', { kubernetesVersion: KubernetesVersion.V1_37 }],
    ['automaticUpgradeChannel', { automaticUpgradeChannel: AksUpgradeChannel.NONE }],
    ['maintenanceWindow', { maintenanceWindow: { dayOfWeek: WeekDay.MONDAY, startTime: '03:00', durationHours: 4, utcOffset: '+09:00' } }],
    ['nodeOsMaintenanceWindow', { nodeOsMaintenanceWindow: { dayOfWeek: WeekDay.MONDAY, startTime: '03:00' } }],
    ['skuTier', { skuTier: AksSkuTier.PREMIUM }],
    ['apiServerAccess', { apiServerAccess: ApiServerAccess.authorizedIpRanges(['203.0.113.7/32']) }],
    ['systemNodePool', {
      systemNodePool: {
        vmSize: 'Standard_D8ds_v5', nodeCount: 3, maxCount: 5, onlyCriticalAddonsEnabled: false, osDiskSizeGb: 64, osDiskType: AksOsDiskType.EPHEMERAL,
        maxPods: 50, zones: ['1', '2'], nodeLabels: { a: 'b' },
      },
    }],
    ['jobNodePoolEnabled', { jobNodePoolEnabled: false }],
    ['jobNodePool', { jobNodePool: { vmSize: 'Standard_F8s_v2', maxCount: 20 } }],
    ['a new subnet', { subnet: AzureSubnet.create({ virtualNetworkCidr: '10.100.0.0/16', subnetCidr: '10.100.0.0/21' }) }],
    ['administratorObjectIds', { administratorObjectIds: [SOMEBODY] }],
    ['deployerObjectIds', { deployerObjectIds: [SOMEBODY] }],
    ['containerInsightsEnabled', { containerInsightsEnabled: false }],
    ['auditLogs', { auditLogs: AksAuditLogs.ALL }],
    ['an existing workspace', { logWorkspace: AzureLogWorkspace.existing(WORKSPACE_ID) }],
    ['a new workspace', { logWorkspace: AzureLogWorkspace.create(90) }],
    ['imageCleanerIntervalHours', { imageCleanerIntervalHours: 24 }],
    ['loadBalancerAllowedCidrs', { loadBalancerAllowedCidrs: ['203.0.113.0/24'] }],
    ['manifestDelivery', { manifestDelivery: ManifestDelivery.files() }],
    ['tags', { tags: { team: 'ci' } }],
    ['preventDestroy', { preventDestroy: false }],
  ];
  test.each(inPlace)('%s never replaces the cluster', (_, props) => {
    expect(replacing(clusterOf(props))).toEqual(unchanged);
  });

  const once: [string, Partial<AksClusterProps>][] = [
    ['location', { location: 'westeurope' }],
    ['a new resource group', { resourceGroup: AzureResourceGroup.create('mine') }],
    ['an existing resource group', { resourceGroup: AzureResourceGroup.existing('shared') }],
    ['clusterName', { clusterName: 'mine' }],
    ['apiServerAccess', { apiServerAccess: ApiServerAccess.privateEndpoint() }],
    ['an existing subnet', { subnet: AzureSubnet.existing(SUBNET_ID) }],
    ['podCidr', { podCidr: '10.128.0.0/16' }],
    ['serviceCidr', { serviceCidr: '10.1.0.0/16' }],
    ['dnsServiceIp', { dnsServiceIp: '10.0.0.53' }],
  ];
  test('every prop either changes in place or is documented as immutable', () => {
    const names = [...inPlace, ...once].flatMap(([, given]) => Object.keys(given));
    const assembly = JSON.parse(readFileSync(join(__dirname, '..', '..', '.jsii'), 'utf8'));
    const props: any[] = assembly.types['cdktf-azure-gitlab.AksClusterProps'].properties;
    expect([...new Set(names)].sort()).toEqual(props.map(({ name }) => name).sort());
    const documented = props.filter(({ docs }) => /Immutable|would replace the cluster/.test(`${docs.summary} ${docs.remarks}`)).map(({ name }) => name);
    expect(documented.sort()).toEqual([...new Set(once.flatMap(([, given]) => Object.keys(given)))].sort());
  });
});

describe('props', () => {
  test('small fits a new subscription: four vCPU in all, jobs on the one pool, no fee for the control plane', () => {
    const { stack, cluster } = make({ preset: AksPreset.SMALL });
    const json = synth(stack);
    const aks = resource(json, 'azurerm_kubernetes_cluster');
    expect(aks.sku_tier).toBe('Free');
    expect(aks.default_node_pool).toMatchObject({ vm_size: 'Standard_D2s_v5', node_count: 2, only_critical_addons_enabled: false });
    expect(resources(json, 'azurerm_kubernetes_cluster_node_pool')).toEqual({});
    expect(cluster.jobNodePool).toBeUndefined();
    expect(make({ preset: AksPreset.SMALL, jobNodePool: {} }).cluster.jobNodePool?.nodePoolName).toBe('jobs');
  });

  test('can say what the article chose', () => {
    const { stack } = make({
      preset: AksPreset.SMALL, resourceGroup: AzureResourceGroup.create('gitlab-aks-rg'), clusterName: 'gitlab-aks-cluster',
      systemNodePool: { nodeCount: 2, vmSize: 'Standard_DS2_v2' }, containerInsightsEnabled: true,
    });
    const json = synth(stack);
    expect(resource(json, 'azurerm_resource_group').name).toBe('gitlab-aks-rg');
    expect(resource(json, 'azurerm_kubernetes_cluster')).toMatchObject({
      name: 'gitlab-aks-cluster', default_node_pool: { vm_size: 'Standard_DS2_v2', node_count: 2 }, oms_agent: { msi_auth_for_monitoring_enabled: true },
    });
    expect(warnings(stack)).toEqual(['Test/Cluster: systemNodePool.vmSize: Azure retires Standard_DS2_v2 on 2028-05-01 and closes it to new '
      + 'subscriptions before; choose one such as "Standard_D4s_v5"']);
  });

  test('the system pool scales where it is told to, and no apply undoes that', () => {
    const aks = clusterOf({ systemNodePool: { maxCount: 4 } });
    expect(aks.default_node_pool).toMatchObject({ auto_scaling_enabled: true, node_count: 2, min_count: 2, max_count: 4 });
    expect(aks.lifecycle).toEqual({ prevent_destroy: true, ignore_changes: ['default_node_pool[0].node_count'] });
  });

  test('a pinned patch is left alone', () => {
    const aks = clusterOf({ kubernetesVersion: KubernetesVersion.of('1.36.2') });
    expect(aks.kubernetes_version).toBe('1.36.2');
    expect(aks.default_node_pool.orchestrator_version).toBe('1.36.2');
    expect(aks).not.toHaveProperty('automatic_upgrade_channel');
  });

  test('access to the API server', () => {
    expect(clusterOf({ apiServerAccess: ApiServerAccess.authorizedIpRanges(['203.0.113.0/24', '198.51.100.7/32']) }).api_server_access_profile)
      .toEqual({
        authorized_ip_ranges: ['203.0.113.0/24', '198.51.100.7/32', '${azurerm_public_ip.Cluster_Network_EgressIp_B2A652E3.ip_address}/32'],
      });
    expect(clusterOf()).not.toHaveProperty('api_server_access_profile');
    const { stack } = make({ apiServerAccess: ApiServerAccess.privateEndpoint() });
    expect(resource(synth(stack), 'azurerm_kubernetes_cluster').private_cluster_enabled).toBe(true);
    expect(warnings(stack)).toEqual(['Test/Cluster: apiServerAccess: manifests and charts are delivered only if the machine that runs terraform apply '
      + 'can reach the cluster\'s virtual network; run the apply there, or use ManifestDelivery.files()']);
    expect(warnings(make({ apiServerAccess: ApiServerAccess.privateEndpoint(), manifestDelivery: ManifestDelivery.files() }).stack)).toEqual([]);
  });

  test('Services of type LoadBalancer can be reached from where the user says, with a warning where that is everywhere', () => {
    const some = make({ loadBalancerAllowedCidrs: ['203.0.113.0/24', '198.51.100.7/32'] });
    const services = Object.values(resources(synth(some.stack), 'azurerm_network_security_rule')).find(({ name }) => name === 'AllowServices');
    expect(services).toMatchObject({ access: 'Allow', priority: 120, source_address_prefixes: ['203.0.113.0/24', '198.51.100.7/32'] });
    expect(warnings(some.stack)).toEqual([]);
    const all = make({ loadBalancerAllowedCidrs: ['0.0.0.0/0'] });
    synth(all.stack);
    expect(warnings(all.stack)).toHaveLength(1);
  });

  test('an existing subnet and workspace are used, and nothing is made in their place', () => {
    const json = synth(make({ subnet: AzureSubnet.existing(SUBNET_ID), logWorkspace: AzureLogWorkspace.existing(WORKSPACE_ID) }).stack);
    const aks = resource(json, 'azurerm_kubernetes_cluster');
    expect(aks.default_node_pool.vnet_subnet_id).toBe(SUBNET_ID);
    expect(resource(json, 'azurerm_kubernetes_cluster_node_pool').vnet_subnet_id).toBe(SUBNET_ID);
    expect(aks.oms_agent.log_analytics_workspace_id).toBe(WORKSPACE_ID);
    expect(roles(json)).toContain(
      `Network Contributor: ${SUBNET_ID} <- \${azurerm_user_assigned_identity.Cluster_Network_ControlPlaneIdentity_FC562E95.principal_id}`);
    for (const type of ['azurerm_virtual_network', 'azurerm_network_security_group', 'azurerm_network_security_rule', 'azurerm_log_analytics_workspace']) {
      expect(resources(json, type)).toEqual({});
    }
  });

  test('monitoring can be off', () => {
    const json = synth(make({ containerInsightsEnabled: false }).stack);
    expect(resource(json, 'azurerm_kubernetes_cluster')).not.toHaveProperty('oms_agent');
    expect(Object.keys(json.resource).filter((type) => /monitor|log_analytics/.test(type))).toEqual([]);
  });

  describe('the audit logs of the API server', () => {
    const setting = (json: any) => resource(json, 'azurerm_monitor_diagnostic_setting');
    const logs = (json: any) => setting(json).enabled_log.map(({ category }: any) => category);

    test('tell who changed what, and who signed in, in tables of their own', () => {
      const { stack } = make();
      const json = synth(stack);
      expect(setting(json)).toMatchObject({
        name: 'audit', target_resource_id: '${azurerm_kubernetes_cluster.Cluster_EB0386A7.id}', log_analytics_destination_type: 'Dedicated',
        log_analytics_workspace_id: '${azurerm_log_analytics_workspace.Cluster_Monitoring_Workspace_78CE9EB0.id}',
      });
      expect(logs(json)).toEqual(['kube-audit-admin', 'guard']);
      expect(warnings(stack)).toEqual([]);
    });

    test('tell who read what if one asks: once each, since Azure takes no log twice', () => {
      expect(logs(synth(make({ auditLogs: AksAuditLogs.ALL }).stack))).toEqual(['kube-audit', 'guard']);
    });

    test('do without the containers\' logs, in a workspace all the same', () => {
      const json = synth(make({ containerInsightsEnabled: false, auditLogs: AksAuditLogs.CHANGES }).stack);
      expect(logs(json)).toEqual(['kube-audit-admin', 'guard']);
      expect(Object.keys(resources(json, 'azurerm_log_analytics_workspace'))).toEqual(['Cluster_Monitoring_Workspace_78CE9EB0']);
      expect(Object.keys(json.resource).filter((type) => /data_collection/.test(type))).toEqual([]);
      const logWorkspace = AzureLogWorkspace.existing(WORKSPACE_ID);
      const theirs = synth(make({ containerInsightsEnabled: false, auditLogs: AksAuditLogs.CHANGES, logWorkspace }).stack);
      expect(setting(theirs).log_analytics_workspace_id).toBe(WORKSPACE_ID);
    });

    test.each<[string, Partial<AksClusterProps>]>([['the prop', { auditLogs: AksAuditLogs.NONE }], ['its default', { containerInsightsEnabled: false }]])('are none by %s, with a warning', (_, props) => {
      const { stack, cluster } = make(props);
      expect(resources(synth(stack), 'azurerm_monitor_diagnostic_setting')).toEqual({});
      expect(cluster.logAnalyticsWorkspaceId === undefined).toBe(props.containerInsightsEnabled === false);
      expect(warnings(stack)).toEqual(['Test/Cluster: auditLogs: nobody can tell afterwards who did what in the cluster; choose AksAuditLogs.CHANGES']);
    });
  });

  test('tags reach everything that takes them, as they are', () => {
    const json = synth(make({ tags: { 'cost-center': '42', 'note': '${not} an %{expression}' } }).stack);
    const tags = { 'cost-center': '42', 'note': '$${not} an %%{expression}' };
    for (const type of ['azurerm_resource_group', 'azurerm_kubernetes_cluster', 'azurerm_public_ip', 'azurerm_virtual_network',
      'azurerm_log_analytics_workspace', 'azurerm_monitor_data_collection_rule', 'azurerm_user_assigned_identity']) {
      expect(resource(json, type).tags).toEqual(tags);
    }
  });

  test('what is null is left out', () => {
    const nulls: any = { preset: null, clusterName: null, tags: null, systemNodePool: { vmSize: null, zones: null }, preventDestroy: null };
    expect(synth(make(nulls).stack)).toEqual(synth(make().stack));
  });

  test('a name that only the apply knows goes on whole into the names made from it', () => {
    const stack = newStack();
    new AksCluster(stack, 'Cluster', { location: LOCATION, clusterName: new TerraformVariable(stack, 'name', {}).stringValue });
    const json = synth(stack);
    expect(resource(json, 'azurerm_log_analytics_workspace').name).toBe('${var.name}-logs');
    expect(resource(json, 'azurerm_virtual_network').name).toBe('${var.name}-vnet');
    expect(resource(json, 'azurerm_monitor_data_collection_rule').name).toBe('${var.name}-container-insights');
  });

  test('risks are warned of', () => {
    const { stack } = make({ preventDestroy: false, systemNodePool: { nodeCount: 1 } });
    expect(resource(synth(stack), 'azurerm_kubernetes_cluster').lifecycle).toEqual({ prevent_destroy: false });
    expect(warnings(stack)).toEqual([
      'Test/Cluster: preventDestroy: nothing stops a plan that destroys or replaces the cluster; set it to true for a cluster that you want to keep',
      'Test/Cluster: systemNodePool.nodeCount: with a single node, every upgrade or failure of that node stops the cluster\'s services; take two or more',
    ]);
  });

  test('references pass unchecked, whatever they stand for', () => {
    const stack = newStack();
    const text = new TerraformVariable(stack, 'text', { type: 'string' }).stringValue;
    const number = new TerraformVariable(stack, 'number', { type: 'number' }).numberValue;
    const list = new TerraformVariable(stack, 'list', { type: 'list(string)' }).listValue;
    const map = Token.asStringMap(new TerraformVariable(stack, 'map', { type: 'map(string)' }).value);
    new AksCluster(stack, 'Cluster', {
      location: text, resourceGroup: AzureResourceGroup.existing(text), clusterName: text,
      subnet: AzureSubnet.create({ virtualNetworkCidr: text, subnetCidr: text }), podCidr: text,
      serviceCidr: text, dnsServiceIp: text, logWorkspace: AzureLogWorkspace.create(number), imageCleanerIntervalHours: number, tags: map,
      administratorObjectIds: [text], deployerObjectIds: [text], apiServerAccess: ApiServerAccess.authorizedIpRanges(list),
      maintenanceWindow: { dayOfWeek: WeekDay.FRIDAY, startTime: text, durationHours: number, utcOffset: text },
      systemNodePool: { vmSize: text, nodeCount: number, maxCount: number, osDiskSizeGb: number, maxPods: number, zones: list, nodeLabels: map },
      jobNodePool: {
        nodePoolName: text, vmSize: text, minCount: number, maxCount: number, osDiskSizeGb: number, maxPods: number, zones: list, nodeLabels: map,
        nodeTaints: list, drainTimeoutMinutes: number, spot: true,
      },
    });
    const json = synth(stack);
    expect(resource(json, 'azurerm_kubernetes_cluster')).toMatchObject({
      location: '${var.text}', name: '${var.text}', dns_prefix: 'test-cluster', tags: '${var.map}',
      network_profile: { pod_cidr: '${var.text}', dns_service_ip: '${var.text}' },
      default_node_pool: { vm_size: '${var.text}', node_count: '${var.number}', zones: '${var.list}', node_labels: '${var.map}' },
      api_server_access_profile: {
        authorized_ip_ranges: '${concat(var.list, ["${azurerm_public_ip.Cluster_Network_EgressIp_B2A652E3.ip_address}/32"])}',
      },
    });
    expect(resource(json, 'azurerm_kubernetes_cluster_node_pool')).toMatchObject({
      node_taints: '${concat(["kubernetes.azure.com/scalesetpriority=spot:NoSchedule"], var.list)}',
      node_labels: '${merge(var.map, {"kubernetes.azure.com/scalesetpriority" = "spot", "cdktf-azure-gitlab/node-pool" = var.text})}',
    });
    expect(warnings(stack)).toEqual([]);
  });
});

describe('who may do what', () => {
  test('named deployers get their role on our own group, before the cluster', () => {
    const { stack, cluster } = make({ deployerObjectIds: [SOMEBODY, OTHER] });
    const json = synth(stack);
    expect(roles(json).filter((role) => role.startsWith(ADMIN_ROLE))).toEqual([
      `${ADMIN_ROLE}: \${azurerm_resource_group.Cluster_ResourceGroup_CFE37354.id} <- ${SOMEBODY}`,
      `${ADMIN_ROLE}: \${azurerm_resource_group.Cluster_ResourceGroup_CFE37354.id} <- ${OTHER}`,
    ]);
    expect(resource(json, 'azurerm_kubernetes_cluster').depends_on.filter((address: string) => address.startsWith('azurerm_role_assignment.'))).toHaveLength(4);
    expect(cluster.ready).toHaveLength(3);
  });

  test('whoever is named first takes over what whoever applied first has, since Azure assigns no role twice', () => {
    const first = Object.keys(resources(synth(make().stack), 'azurerm_role_assignment')).find((name) => name.includes('Deployers'));
    const named = synth(make({ deployerObjectIds: [SOMEBODY, OTHER] }).stack);
    const [somebody] = Object.keys(resources(named, 'azurerm_role_assignment')).filter((name) => name.includes('Deployers'));
    expect(resources(named, 'azurerm_role_assignment')[somebody]).toMatchObject({ principal_id: SOMEBODY });
    expect(named.moved).toEqual([{ from: `azurerm_role_assignment.${first}`, to: `azurerm_role_assignment.${somebody}` }]);
    for (const none of [{}, { deployerObjectIds: [] }]) {
      expect(synth(make(none).stack).moved).toBeUndefined();
    }
  });

  test('in a group that others share, the role is good for the cluster alone, and manifests wait until it has spread', () => {
    const { stack, cluster } = make({ resourceGroup: AzureResourceGroup.existing('shared'), deployerObjectIds: [SOMEBODY] });
    cluster.addManifest('Manifest', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } });
    const json = synth(stack);
    expect(roles(json).filter((role) => role.startsWith(ADMIN_ROLE))).toEqual([
      `${ADMIN_ROLE}: \${azurerm_kubernetes_cluster.Cluster_EB0386A7.id} <- ${SOMEBODY}`,
    ]);
    const [assignment] = Object.keys(resources(json, 'azurerm_role_assignment')).filter((name) => name.includes('Deployers'));
    expect(resource(json, 'time_sleep')).toEqual({
      create_duration: '300s',
      triggers: { assignments: `\${azurerm_role_assignment.${assignment}.id}` },
      depends_on: [`azurerm_role_assignment.${assignment}`],
    });
    expect(json.terraform.required_providers.time).toEqual({ source: 'hashicorp/time', version: '~> 0.12' });
    expect(resource(json, 'helm_release').depends_on).toEqual([
      'azurerm_kubernetes_cluster.Cluster_EB0386A7', 'time_sleep.Cluster_Deployers_SpreadingTime_12751C22',
    ]);
    expect(resources(json, 'azurerm_resource_group')).toEqual({});
  });

  test('nobody gets a role where none is wanted', () => {
    const admins = (props: Partial<AksClusterProps>) => roles(synth(make(props).stack)).filter((role) => role.startsWith(ADMIN_ROLE));
    expect(admins({ deployerObjectIds: [] })).toEqual([]);
    expect(admins({ resourceGroup: AzureResourceGroup.existing('shared'), deployerObjectIds: [] })).toEqual([]);
    expect(admins({ manifestDelivery: ManifestDelivery.files() })).toEqual([]);
  });

  test('administrators and users are good for the cluster alone', () => {
    const { stack, cluster } = make({ administratorObjectIds: [SOMEBODY], deployerObjectIds: [] });
    cluster.grantClusterAdmin('Ops', OTHER);
    cluster.grantClusterUser('Devs', OTHER);
    expect(roles(synth(stack)).filter((role) => role.startsWith('Azure Kubernetes'))).toEqual([
      `Azure Kubernetes Service Cluster User Role: \${azurerm_kubernetes_cluster.Cluster_EB0386A7.id} <- ${OTHER}`,
      `${ADMIN_ROLE}: \${azurerm_kubernetes_cluster.Cluster_EB0386A7.id} <- ${SOMEBODY}`,
      `${ADMIN_ROLE}: \${azurerm_kubernetes_cluster.Cluster_EB0386A7.id} <- ${OTHER}`,
    ]);
  });

  test('the nodes may pull from an attached registry', () => {
    const { stack, cluster } = make();
    cluster.attachAcr('Registry', '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/r');
    expect(roles(synth(stack))).toContain('AcrPull: /subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/r <- '
      + '${azurerm_kubernetes_cluster.Cluster_EB0386A7.kubelet_identity[0].object_id}');
  });

  test('a role that could be assigned twice is warned of', () => {
    expect(warnings(make({ resourceGroup: AzureResourceGroup.existing('shared'), administratorObjectIds: [SOMEBODY] }).stack)).toEqual([
      'Test/Cluster: deployerObjectIds: the deployer gets the administrators\' role on the cluster, and Azure refuses to assign it '
      + 'twice if the deployer is one of administratorObjectIds; name them here',
    ]);
  });

  test('fails when a grant names nobody', () => {
    const { cluster } = make();
    expect(() => cluster.grantClusterAdmin('X', 'me')).toThrow(new Error(
      'objectId: not a valid value, got "me"; give a UUID such as "00000000-0000-0000-0000-000000000000" (at Test/Cluster)'));
    expect(() => cluster.attachAcr('X', 'registry.azurecr.io')).toThrow(new Error(
      'registryId: not a valid value, got "registry.azurecr.io"; give the ARM id of a Microsoft.ContainerRegistry/registries (at Test/Cluster)'));
  });
});

describe('an existing cluster', () => {
  test('is read by its name, and takes pools, identities and charts', () => {
    const stack = newStack();
    const cluster = AksCluster.fromAksClusterAttributes(stack, 'Cluster', {
      clusterName: 'theirs', resourceGroupName: 'their-rg', subnetId: SUBNET_ID, egressIpAddress: '203.0.113.7',
      jobNodePool: AksNodePool.fromAksNodePoolAttributes(stack, 'Jobs', { nodePoolName: 'ci', nodeTaints: ['ci=true:NoSchedule'] }),
    });
    cluster.addNodePool('More');
    cluster.addWorkloadIdentity('Identity', { namespace: 'ci', serviceAccountName: 'jobs' });
    cluster.addManifest('Manifest', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } });
    cluster.attachAcr('Registry', '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/r');
    const json = synth(stack);
    expect(json.data.azurerm_kubernetes_cluster).toEqual({ Cluster_EB0386A7: { name: 'theirs', resource_group_name: 'their-rg' } });
    expect(resource(json, 'azurerm_kubernetes_cluster_node_pool')).toMatchObject({
      name: 'more', kubernetes_cluster_id: '${data.azurerm_kubernetes_cluster.Cluster_EB0386A7.id}', vnet_subnet_id: SUBNET_ID,
    });
    expect(resource(json, 'azurerm_federated_identity_credential').issuer).toBe('${data.azurerm_kubernetes_cluster.Cluster_EB0386A7.oidc_issuer_url}');
    expect(json.provider.helm[0].kubernetes.host).toBe('${data.azurerm_kubernetes_cluster.Cluster_EB0386A7.kube_config[0].host}');
    expect(resource(json, 'helm_release')).not.toHaveProperty('depends_on');
    expect(cluster.egressIpAddress).toBe('203.0.113.7');
    expect(cluster.jobNodePool?.nodeSelector).toEqual({ 'kubernetes.azure.com/agentpool': 'ci' });
    expect(cluster.jobNodePool?.nodeTaints).toEqual(['ci=true:NoSchedule']);
    expect(roles(json)).toEqual(['AcrPull: /subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/r <- '
      + '${data.azurerm_kubernetes_cluster.Cluster_EB0386A7.kubelet_identity[0].object_id}']);
  });

  const attributes = { clusterName: 'theirs', resourceGroupName: 'their-rg' };
  test.each([
    ['no name', { ...attributes, clusterName: undefined }, 'clusterName: missing, got nothing; give at most 63 letters, digits, "-" and "_", a letter '
      + 'or digit at both ends (at Test/Cluster)'],
    ['something else in the pool\'s place', { ...attributes, jobNodePool: { nodePoolName: 'ci' } },
      'jobNodePool: not a node pool, got "Object"; give an AksNodePool, or AksNodePool.fromAksNodePoolAttributes(…) (at Test/Cluster)'],
    ['an impossible name', { ...attributes, clusterName: '-x' },
      'clusterName: not a valid value, got "-x"; give at most 63 letters, digits, "-" and "_", a letter or digit at both ends (at Test/Cluster)'],
    ['an impossible group', { ...attributes, resourceGroupName: 'a.' },
      'resourceGroupName: not a valid value, got "a."; give at most 90 letters, digits, "-", "_", ".", "(" and ")", '
        + 'without a final "." (at Test/Cluster)'],
    ['an impossible address', { ...attributes, egressIpAddress: '300.0.0.1' },
      'egressIpAddress: not a valid value, got "300.0.0.1"; give an IPv4 address such as "203.0.113.7" (at Test/Cluster)'],
  ] as [string, any, string][])('fails when there is %s', (_, given, message) => {
    expect(() => AksCluster.fromAksClusterAttributes(newStack(), 'Cluster', given)).toThrow(new Error(message));
  });
});

describe('fails when', () => {
  test.each([
    [{ location: undefined }, 'location: missing, got nothing; give a region\'s short name such as "koreacentral" (az account list-locations -o '
      + 'table)'],
    [{ location: 'Korea Central' }, 'location: not a valid value, got "Korea Central"; give a region\'s short name such as "koreacentral" '
      + '(az account list-locations -o table)'],
    [{ preset: 'huge' }, 'preset: not supported, got "huge"; give one of "standard", "small"'],
    [{ resourceGroup: 'a' }, 'resourceGroup: not a AzureResourceGroup, got "a"; give AzureResourceGroup.create() or AzureResourceGroup.existing()'],
    [{ clusterName: 'x'.repeat(64) }, `clusterName: not a valid value, got "${'x'.repeat(64)}"; give at most 63 letters, digits, "-" and "_", `
      + 'a letter or digit at both ends'],
    [{ kubernetesVersion: '1.36' }, 'kubernetesVersion: not a KubernetesVersion, got "1.36"; give KubernetesVersion.V1_36 or '
      + 'KubernetesVersion.of("1.36")'],
    [{ kubernetesVersion: KubernetesVersion.of('1.36.2'), automaticUpgradeChannel: AksUpgradeChannel.PATCH },
      'automaticUpgradeChannel: patches by itself what kubernetesVersion (1.36.2) pins, got "patch"; leave it out, or pin no patch'],
    [{ automaticUpgradeChannel: 'rapid' }, 'automaticUpgradeChannel: not supported, got "rapid"; give one of "patch", "none"'],
    [{ maintenanceWindow: { dayOfWeek: 'Caturday', startTime: '22:00' } }, 'maintenanceWindow.dayOfWeek: not supported, got "Caturday"; give one of '
      + '"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"'],
    [{ maintenanceWindow: { dayOfWeek: 'Monday', startTime: '24:00' } }, 'maintenanceWindow.startTime: not a valid value, got "24:00"; give hours '
      + 'and minutes such as "22:00"'],
    [{ nodeOsMaintenanceWindow: { dayOfWeek: 'Monday', startTime: '22:00', durationHours: 3 } },
      'nodeOsMaintenanceWindow.durationHours: out of range, got 3; give a whole number from 4 to 24'],
    [{ nodeOsMaintenanceWindow: { dayOfWeek: 'Monday', startTime: '22:00', utcOffset: 'KST' } },
      'nodeOsMaintenanceWindow.utcOffset: not a valid value, got "KST"; give an offset from UTC such as "+09:00"'],
    [{ skuTier: 'Gold' }, 'skuTier: not supported, got "Gold"; give one of "Free", "Standard", "Premium"'],
    [{ apiServerAccess: 'private' }, 'apiServerAccess: not a ApiServerAccess, got "private"; give ApiServerAccess.publicEndpoint(), or what another '
      + 'of its methods returns'],
    [{ manifestDelivery: {} }, 'manifestDelivery: not a ManifestDelivery, got "Object"; give ManifestDelivery.helmRelease(), or what another of its '
      + 'methods returns'],
    [{ systemNodePool: { vmSize: 'Standard_B4ms' } }, 'systemNodePool.vmSize: AKS does not allow burstable (B-series) sizes in system pools, '
      + 'got "Standard_B4ms"; give a size of another series such as "Standard_D2s_v5"'],
    [{ systemNodePool: { nodeCount: 0 } }, 'systemNodePool.nodeCount: out of range, got 0; give a whole number from 1 to 1000'],
    [{ systemNodePool: { nodeCount: 3, maxCount: 2 } }, 'systemNodePool.maxCount: fewer than nodeCount (3), got 2; raise it, or lower nodeCount'],
    [{ systemNodePool: { osDiskType: AksOsDiskType.EPHEMERAL } }, 'systemNodePool.osDiskType: Standard_D4s_v5 has no local disk for '
      + 'an ephemeral OS disk, got "Ephemeral"; give a size with a local disk such as "Standard_D4ds_v5", or AksOsDiskType.MANAGED'],
    [{ systemNodePool: 3 }, 'systemNodePool: not an object, got 3; give an object with its props'],
    [{ jobNodePoolEnabled: false, jobNodePool: {} }, 'jobNodePoolEnabled: no pool for CI jobs, but jobNodePool says what it is made of, got false; '
      + 'leave one of the two out'],
    [{ subnet: SUBNET_ID }, `subnet: not a AzureSubnet, got "${SUBNET_ID}"; give AzureSubnet.create() or AzureSubnet.existing()`],
    [{ subnet: AzureSubnet.create({ virtualNetworkCidr: '10.1.0.0/29' }) }, 'subnet.virtualNetworkCidr: wrong size, got "10.1.0.0/29"; give a prefix length from /8 to /28'],
    [{ subnet: AzureSubnet.existing(SUBNET_ID), loadBalancerAllowedCidrs: ['203.0.113.0/24'] }, 'loadBalancerAllowedCidrs: a subnet that exists keeps its own rules, '
      + 'got ["203.0.113.0/24"]; leave it out, or take AzureSubnet.create() as subnet'],
    [{ loadBalancerAllowedCidrs: ['203.0.113.7/24'] }, 'loadBalancerAllowedCidrs[0]: not an IPv4 block, got "203.0.113.7/24"; '
      + 'the address has host bits set, did you mean "203.0.113.0/24"'],
    [{ loadBalancerAllowedCidrs: ['10.0.0.0/8', '10.1.0.0/16'] }, 'loadBalancerAllowedCidrs[1]: overlaps with "10.0.0.0/8", got "10.1.0.0/16"; '
      + 'give only the wider of the two'],
    [{ loadBalancerAllowedCidrs: '10.0.0.0/8' }, 'loadBalancerAllowedCidrs: not a list, got "10.0.0.0/8"; give a list, each item an IPv4 block such '
      + 'as "10.0.0.0/16"'],
    [{ subnet: AzureSubnet.create({ subnetCidr: '10.1.0.0/20' }) }, 'subnet.subnetCidr: not inside virtualNetworkCidr (10.224.0.0/16), got "10.1.0.0/20"; choose another'],
    [{ subnet: AzureSubnet.create({ virtualNetworkCidr: '10.240.0.0/12', subnetCidr: '10.240.0.0/20' }) }, 'podCidr: overlaps subnet.virtualNetworkCidr (10.240.0.0/12), got "10.244.0.0/16"; choose another'],
    [{ subnet: AzureSubnet.create({ virtualNetworkCidr: '10.0.0.0/16', subnetCidr: '10.0.0.0/20' }) }, 'serviceCidr: overlaps subnet.virtualNetworkCidr (10.0.0.0/16), got "10.0.0.0/16"; choose another'],
    [{ podCidr: '10.0.0.0/14' }, 'serviceCidr: overlaps podCidr (10.0.0.0/14), got "10.0.0.0/16"; choose another'],
    [{ podCidr: '10.244.0.0/24' }, 'podCidr: wrong size, got "10.244.0.0/24"; give a prefix length from /9 to /20'],
    [{ dnsServiceIp: '10.1.0.10' }, 'dnsServiceIp: not inside serviceCidr (10.0.0.0/16), got "10.1.0.10"; choose another'],
    [{ dnsServiceIp: '10.0.0.1' }, 'dnsServiceIp: one of the addresses that serviceCidr keeps for itself, got "10.0.0.1"; choose another'],
    [{ dnsServiceIp: '10.0.255.255' }, 'dnsServiceIp: one of the addresses that serviceCidr keeps for itself, got "10.0.255.255"; choose another'],
    [{ administratorObjectIds: ['me@example.com'] }, 'administratorObjectIds[0]: not a valid value, got "me@example.com"; give a UUID such as '
      + '"00000000-0000-0000-0000-000000000000"'],
    [{ deployerObjectIds: [SOMEBODY, SOMEBODY] }, `deployerObjectIds[1]: given twice, got "${SOMEBODY}"; name it once`],
    [{ deployerObjectIds: Token.asList(Fn.split(',', 'a,b')) }, 'deployerObjectIds: known only at apply time, got a reference; write the list here; '
      + 'its items may be references'],
    [{ containerInsightsEnabled: 'no' }, 'containerInsightsEnabled: not true or false, got "no"; give true or false'],
    [{ containerInsightsEnabled: false, logWorkspace: AzureLogWorkspace.existing(WORKSPACE_ID) }, 'containerInsightsEnabled: no logs are collected, but logWorkspace says where to, '
      + 'got false; leave one of the two out'],
    [{ containerInsightsEnabled: false, auditLogs: 'none', logWorkspace: AzureLogWorkspace.existing(WORKSPACE_ID) }, 'containerInsightsEnabled: no logs are collected, but '
      + 'logWorkspace says where to, got false; leave one of the two out'],
    [{ auditLogs: 'kube-audit' }, 'auditLogs: not supported, got "kube-audit"; give one of "none", "changes", "all"'],
    [{ logWorkspace: WORKSPACE_ID }, `logWorkspace: not a AzureLogWorkspace, got "${WORKSPACE_ID}"; give AzureLogWorkspace.create() or AzureLogWorkspace.existing()`],
    [{ imageCleanerIntervalHours: Number.NaN }, 'imageCleanerIntervalHours: out of range, got NaN; give a whole number from 24 to 2160'],
    [{ tags: { 'a/b': 'c' } }, 'tags["a/b"]: not a valid value, got "a/b"; give a tag\'s name: at most 512 characters without "<", ">", "%", "&", '
      + '"\\", "?" and "/", not beginning with "microsoft", "azure" or "windows"'],
    [{ tags: { a: 1 } }, 'tags["a"]: not text, got 1; give at most 256 characters'],
    [{ tags: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`t${i}`, ''])) }, 'tags: too many, got 51; give at most 50'],
    [{ preventdestroy: false }, 'preventdestroy: no such prop, got false; write preventDestroy, or leave it out'],
    [{ systemNodePool: { vmsize: 'Standard_D2s_v5' } }, 'systemNodePool.vmsize: no such prop, got "Standard_D2s_v5"; write vmSize, or leave it out'],
    [{ jobNodePool: { maxcount: 3 } }, 'jobNodePool.maxcount: no such prop, got 3; write maxCount, or leave it out'],
    [{ jobNodePool: { nodeCount: 2, minCount: 1 } }, 'jobNodePool.nodeCount: a fixed number cannot be combined with bounds for the autoscaler, got 2; '
      + 'give either nodeCount, or minCount and maxCount'],
    [{ preset: AksPreset.SMALL, systemNodePool: { osDiskType: AksOsDiskType.EPHEMERAL } }, 'systemNodePool.osDiskType: Standard_D2s_v5 has no '
      + 'local disk for an ephemeral OS disk, got "Ephemeral"; give a size with a local disk such as "Standard_D4ds_v5", or AksOsDiskType.MANAGED'],
  ] as [any, string][])('%j', (props, message) => {
    expect(() => make(props)).toThrow(new Error(`${message} (at Test/Cluster)`));
  });

  test('a pool does not fit into its networks', () => {
    const { stack, cluster } = make({ subnet: AzureSubnet.create({ subnetCidr: '10.224.0.0/28' }) });
    cluster.addNodePool('Big', { maxCount: 300 });
    expect(() => synth(stack)).toThrow(new Error('Validation failed with the following errors:\n'
      + '  [Test/Cluster] subnet.subnetCidr: room for 11 nodes, but the pools at their largest, while they are upgraded, have 339, got "10.224.0.0/28"; '
      + 'choose a larger block, or lower maxCount (at Test/Cluster)\n'
      + '  [Test/Cluster] podCidr: room for 256 nodes, but the pools at their largest, while they are upgraded, have 339, got "10.244.0.0/16"; '
      + `choose a larger block, or lower maxCount (at Test/Cluster)${SKIP_HINT}`));
  });
});

describe('values', () => {
  test('Kubernetes versions', () => {
    expect(KubernetesVersion.of('1.38.1')).toMatchObject({ version: '1.38.1', minor: 38, patch: 1 });
    expect(KubernetesVersion.V1_35).toMatchObject({ version: '1.35', minor: 35, patch: undefined });
    expect(() => KubernetesVersion.of('1.34')).toThrow(new Error(
      'version: AKS support for versions before 1.35 ends on 2026-11-30, got "1.34"; give 1.35, 1.36, 1.37 or newer (at KubernetesVersion.of)'));
    for (const [bad, problem, got] of [
      ...['1', 'v1.36', '2.0', ''].map((text) => [text, 'not a valid value', `"${text}"`]), [1.36, 'not text', '1.36'], [null, 'missing', 'nothing'],
    ]) {
      expect(() => KubernetesVersion.of(bad as any)).toThrow(new Error(
        `version: ${problem}, got ${got}; give "1.36", or "1.36.2" to pin the patch (at KubernetesVersion.of)`));
    }
  });

  test('authorised ranges', () => {
    const fails = (ranges: any, message: string) => expect(() => ApiServerAccess.authorizedIpRanges(ranges))
      .toThrow(new Error(`${message} (at ApiServerAccess.authorizedIpRanges)`));
    fails([], 'ranges: empty, got []; name at least the address that you apply from, or use publicEndpoint()');
    fails('1.2.3.4/32', 'ranges: not a list, got "1.2.3.4/32"; give a list, each item an IPv4 block such as "10.0.0.0/16"');
    fails(['1.2.3.4/32', '1.2.3.4/32'], 'ranges[1]: given twice, got "1.2.3.4/32"; name it once');
    fails(['1.2.3.4'], 'ranges[0]: not an IPv4 block, got "1.2.3.4"; did you mean "1.2.3.4/32"');
    fails([7], 'ranges[0]: not text, got 7; give an IPv4 block such as "10.0.0.0/16"');
    fails(Array.from({ length: 201 }, (_, i) => `10.0.${i}.0/24`), 'ranges: too many, got 201; give at most 200');
  });

  test('access to the cluster', () => {
    expect(() => KubernetesSignIn.azureCli('contoso')).toThrow(new Error(
      'tenantId: not a valid value, got "contoso"; give a UUID such as "00000000-0000-0000-0000-000000000000" (at KubernetesSignIn.azureCli)'));
    expect(() => KubernetesSignIn.kubelogin('device' as any)).toThrow(new Error(
      'mode: not supported, got "device"; give one of "azurecli", "spn", "msi", "workloadidentity" (at KubernetesSignIn.kubelogin)'));
    expect(() => KubernetesSignIn.token('eyJ0')).toThrow(new Error(
      'token: literal text would be written into the configuration, got "(hidden)"; pass a sensitive TerraformVariable\'s stringValue (at '
        + 'KubernetesSignIn.token)'));
  });
});

describe('random props', () => {
  const anything = fc.oneof(fc.anything(), fc.constantFrom('', ' ', 'x', '${a}', null, Number.NaN, Infinity, -1, 0, 1e308, [], {}, 'standard', 'Standard_D4s_v5',
    '10.0.0.0/8', '10.244.0.0/16', '1', true, false, [SOMEBODY], SUBNET_ID, () => 1, Symbol('s'), new Date(0), BigInt(1)));
  const sometimes = (valid: fc.Arbitrary<any>) =>
    fc.option(fc.oneof({ weight: 6, arbitrary: valid }, { weight: 1, arbitrary: anything }), { nil: undefined });
  const BLOCKS = ['10.0.0.0/16', '10.224.0.0/16', '10.224.0.0/20', '10.244.0.0/16', '172.16.0.0/16', '192.168.0.0/20'];
  const cidr = fc.constantFrom(...BLOCKS, '10.0.0.1/16');
  const block = fc.constantFrom(undefined, ...BLOCKS);
  const pool = {
    vmSize: sometimes(fc.constantFrom('Standard_D4s_v5', 'Standard_B2s', 'Standard_D8ds_v5')), nodeCount: sometimes(fc.integer({ min: 0, max: 9 })),
    maxCount: sometimes(fc.integer({ min: 1, max: 9 })), osDiskSizeGb: sometimes(fc.integer({ min: 10, max: 300 })),
    osDiskType: sometimes(fc.constantFrom('Managed', 'Ephemeral')), maxPods: sometimes(fc.integer({ min: 10, max: 260 })),
    zones: sometimes(fc.subarray(['1', '2', '3'])), nodeLabels: sometimes(fc.dictionary(fc.constantFrom('a', 'b/c', 'kubernetes.io/x'), fc.constantFrom('', 'v'))),
  };
  const window = sometimes(fc.record({
    dayOfWeek: sometimes(fc.constantFrom('Monday', 'Sunday')), startTime: sometimes(fc.constantFrom('00:00', '23:59')),
    durationHours: sometimes(fc.integer({ min: 4, max: 24 })), utcOffset: sometimes(fc.constant('+09:00')),
  }));
  const props = fc.record({
    location: fc.oneof({ weight: 9, arbitrary: fc.constant(LOCATION) }, { weight: 1, arbitrary: anything }),
    preset: sometimes(fc.constantFrom('standard', 'small')),
    resourceGroup: sometimes(fc.constantFrom(AzureResourceGroup.create('rg'), AzureResourceGroup.existing('shared'))),
    clusterName: sometimes(fc.constantFrom('aks', 'a_b-c')),
    kubernetesVersion: sometimes(fc.constantFrom(KubernetesVersion.V1_35, KubernetesVersion.of('1.36.1'))),
    automaticUpgradeChannel: sometimes(fc.constantFrom('patch', 'none')),
    maintenanceWindow: window,
    nodeOsMaintenanceWindow: window,
    skuTier: sometimes(fc.constantFrom('Free', 'Standard')),
    apiServerAccess: sometimes(fc.constantFrom(ApiServerAccess.publicEndpoint(), ApiServerAccess.privateEndpoint())),
    systemNodePool: sometimes(fc.record({ ...pool, onlyCriticalAddonsEnabled: sometimes(fc.boolean()) })),
    jobNodePoolEnabled: sometimes(fc.boolean()),
    jobNodePool: sometimes(fc.record({
      ...pool, nodePoolName: sometimes(fc.constantFrom('ci', 'UPPER')), minCount: sometimes(fc.integer({ min: 0, max: 9 })), spot: sometimes(fc.boolean()),
      nodeTaints: sometimes(fc.subarray(['a=b:NoSchedule', 'wrong'])), drainTimeoutMinutes: sometimes(fc.integer({ min: 1, max: 2000 })),
      undrainableNodeBehavior: sometimes(fc.constantFrom('Cordon', 'Schedule')), maxSurge: sometimes(fc.constantFrom('1', '50%', '0')),
    })),
    subnet: sometimes(fc.oneof(fc.constant(AzureSubnet.existing(SUBNET_ID)), fc.tuple(block, block).map(([virtualNetworkCidr, subnetCidr]) =>
      AzureSubnet.create({ virtualNetworkCidr, subnetCidr })))),
    podCidr: sometimes(cidr),
    serviceCidr: sometimes(cidr),
    dnsServiceIp: sometimes(fc.constantFrom('10.0.0.10', '172.16.0.10')),
    administratorObjectIds: sometimes(fc.subarray([SOMEBODY, OTHER])),
    deployerObjectIds: sometimes(fc.subarray([SOMEBODY, OTHER])),
    containerInsightsEnabled: sometimes(fc.boolean()),
    auditLogs: sometimes(fc.constantFrom('none', 'changes', 'all')),
    logWorkspace: sometimes(fc.oneof(
      fc.constant(AzureLogWorkspace.existing(WORKSPACE_ID)), fc.integer({ min: 30, max: 730 }).map((days) => AzureLogWorkspace.create(days)),
    )),
    imageCleanerIntervalHours: sometimes(fc.integer({ min: 24, max: 48 })),
    manifestDelivery: sometimes(fc.constantFrom(ManifestDelivery.files(), ManifestDelivery.helmRelease())),
    tags: sometimes(fc.dictionary(fc.constantFrom('a', 'b'), fc.string())),
    preventDestroy: sometimes(fc.boolean()),
  }, { requiredKeys: ['location'] });

  /** One prop is wrong at most in most runs, so that the checks behind the first are reached too. */
  const sparse = fc.tuple(props, fc.integer({ min: 0, max: 6 }), fc.infiniteStream(fc.nat())).map(([all, count, dice]) => {
    const names = Object.keys(all);
    const kept = new Set(Array.from({ length: count }, () => names[dice.next().value % names.length]));
    return Object.fromEntries(Object.entries(all).filter(([name]) => name === 'location' || kept.has(name)));
  });

  test('either synthesise, or fail with an error of ours that names prop and construct', () => {
    const outcomes = { made: 0, refused: 0 };
    const ours = /^(Validation failed with the following errors:\n\s+\[Test\/Cluster[^\]]*\] )?[a-zA-Z.]+(\[[^\n]*?\])?[^\n]*: [^\n]+, got [^]*; [^\n]+ \(at Test\/Cluster(\/Jobs)?\)/;
    fc.assert(fc.property(fc.oneof(sparse, props), (given: any) => {
      try {
        const { stack } = make(given);
        Testing.synth(stack, true);
        outcomes.made += 1;
      } catch (error) {
        expect((error as Error).message).toMatch(ours);
        outcomes.refused += 1;
      }
    }), { numRuns: 300 });
    // a test that always or never fails would prove nothing.
    expect(outcomes.made).toBeGreaterThan(30);
    expect(outcomes.refused).toBeGreaterThan(30);
  }, 120_000);
});
