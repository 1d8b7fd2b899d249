/** The resource providers that the constructs of this library need, as `az provider register` names them. */
export const RESOURCE_PROVIDERS: readonly string[] = [
  'Microsoft.Authorization', 'Microsoft.Compute', 'Microsoft.ContainerService', 'Microsoft.DataProtection', 'Microsoft.KeyVault',
  'Microsoft.Maintenance', 'Microsoft.ManagedIdentity', 'Microsoft.Network', 'Microsoft.OperationalInsights', 'Microsoft.OperationsManagement',
  'Microsoft.Storage', 'microsoft.insights',
];
