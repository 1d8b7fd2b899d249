import { TerraformVariable, Token } from 'cdktf';
import {
  AksAuditLogs, AksClusterProps, AksCluster, AksPreset, ApiServerAccess, AzureLogWorkspace, AzureResourceGroup, AzureSubnet, KubernetesVersion,
  ManifestDelivery, WeekDay,
} from '../../src';
import { newStack, resource, resources, synth, warnings } from '../synth';
import { LOCATION, SUBNET_ID, WORKSPACE_ID, clusterOf, make, roles } from './made';

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
      + 'can reach the cluster\'s virtual network; run the apply there, or use ManifestDelivery.throughServer() or files()']);
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
