/** The resource providers that the constructs of this library need, as `az provider register` names them. */
export const RESOURCE_PROVIDERS: readonly string[] = [
  'Microsoft.AlertsManagement', 'Microsoft.Authorization', 'Microsoft.Compute', 'Microsoft.ContainerService', 'Microsoft.DataProtection', 'Microsoft.KeyVault',
  'Microsoft.Maintenance', 'Microsoft.ManagedIdentity', 'Microsoft.Monitor', 'Microsoft.Network', 'Microsoft.OperationalInsights',
  'Microsoft.OperationsManagement', 'Microsoft.Storage', 'microsoft.insights',
];
