import { Tokenization } from 'cdktf';
import { resource, resources, synth, warnings } from '../synth';
import { ADMIN_ROLE, LOCATION, make, roles } from './made';

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
