/** What azurerm's resources are to Resource Manager; the empty text for those that are a part of another one's request. */
export const ARM_TYPES: { readonly [type: string]: string } = {
  azurerm_data_protection_backup_instance_disk: 'Microsoft.DataProtection/backupVaults/backupInstances',
  azurerm_data_protection_backup_policy_disk: 'Microsoft.DataProtection/backupVaults/backupPolicies',
  azurerm_data_protection_backup_vault: 'Microsoft.DataProtection/backupVaults',
  azurerm_federated_identity_credential: 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials',
  azurerm_key_vault: 'Microsoft.KeyVault/vaults',
  azurerm_kubernetes_cluster: 'Microsoft.ContainerService/managedClusters',
  azurerm_kubernetes_cluster_node_pool: 'Microsoft.ContainerService/managedClusters/agentPools',
  azurerm_linux_virtual_machine: 'Microsoft.Compute/virtualMachines',
  azurerm_log_analytics_workspace: 'Microsoft.OperationalInsights/workspaces',
  azurerm_maintenance_assignment_virtual_machine: 'Microsoft.Maintenance/configurationAssignments',
  azurerm_maintenance_configuration: 'Microsoft.Maintenance/maintenanceConfigurations',
  azurerm_managed_disk: 'Microsoft.Compute/disks',
  azurerm_management_lock: 'Microsoft.Authorization/locks',
  azurerm_monitor_data_collection_rule: 'Microsoft.Insights/dataCollectionRules',
  azurerm_monitor_data_collection_rule_association: 'Microsoft.Insights/dataCollectionRuleAssociations',
  azurerm_monitor_diagnostic_setting: 'Microsoft.Insights/diagnosticSettings',
  azurerm_network_interface: 'Microsoft.Network/networkInterfaces',
  azurerm_network_interface_security_group_association: '',
  azurerm_network_security_group: 'Microsoft.Network/networkSecurityGroups',
  azurerm_network_security_rule: 'Microsoft.Network/networkSecurityGroups/securityRules',
  azurerm_public_ip: 'Microsoft.Network/publicIPAddresses',
  azurerm_resource_group: 'Microsoft.Resources/subscriptions/resourceGroups',
  azurerm_role_assignment: 'Microsoft.Authorization/roleAssignments',
  azurerm_storage_account: 'Microsoft.Storage/storageAccounts',
  azurerm_storage_container: 'Microsoft.Storage/storageAccounts/blobServices/containers',
  azurerm_storage_management_policy: 'Microsoft.Storage/storageAccounts/managementPolicies',
  azurerm_subnet: 'Microsoft.Network/virtualNetworks/subnets',
  azurerm_subnet_network_security_group_association: '',
  azurerm_user_assigned_identity: 'Microsoft.ManagedIdentity/userAssignedIdentities',
  azurerm_virtual_machine_data_disk_attachment: '',
  azurerm_virtual_machine_run_command: 'Microsoft.Compute/virtualMachines/runCommands',
  azurerm_virtual_network: 'Microsoft.Network/virtualNetworks',
};

export function namespaceOf(armType: string): string {
  return armType.split('/')[0];
}
