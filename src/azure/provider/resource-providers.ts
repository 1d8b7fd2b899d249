import { TerraformStack } from 'cdktf';
import { IConstruct } from 'constructs';
import { remembered } from '../../private/memory';

/** The resource providers that all constructs of this library need, as `az provider register` names them. */
const RESOURCE_PROVIDERS: readonly string[] = [
  'Microsoft.Authorization', 'Microsoft.Compute', 'Microsoft.ContainerService', 'Microsoft.DataProtection', 'Microsoft.KeyVault',
  'Microsoft.Maintenance', 'Microsoft.ManagedIdentity', 'Microsoft.Network', 'Microsoft.OperationalInsights', 'Microsoft.OperationsManagement',
  'Microsoft.Storage', 'microsoft.insights',
];

/** Has a resource provider registered that only some stacks need. */
export function needResourceProvider(scope: IConstruct, name: string): void {
  further(scope).add(name);
}

/** All resource providers that a stack needs: known once all of its constructs are made. */
export function resourceProvidersOf(scope: IConstruct): string[] {
  return [...RESOURCE_PROVIDERS, ...further(scope)];
}

function further(scope: IConstruct): Set<string> {
  return remembered(TerraformStack.of(scope), 'FurtherResourceProviders', () => new Set<string>());
}
