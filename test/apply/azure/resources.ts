// Microsoft.Resources: resource groups, and the registration of resource providers.
// Not checked: deployments.
import { AzureError } from './azure-error';
import { Arm, sleep } from './core';
import { Answer, ArmRequest } from './request';

const REGION = /^[a-z]+[a-z0-9]*$/;

export function addResources(arm: Arm): void {
  arm.add({
    type: 'Microsoft.Resources/resourceGroups',
    check({ path, body }) {
      if (!/^[-\w._()]{1,90}$/.test(path.names[0]) || path.names[0].endsWith('.')) {
        throw new AzureError(400, 'InvalidResourceGroup', `the name ${path.names[0]} is not allowed`);
      }
      if (!REGION.test(body.location ?? '')) {
        throw new AzureError(400, 'LocationNotAvailableForResourceGroup', `${body.location} is no region`);
      }
    },
    slow: false,
  });
}

/** Calls on a subscription itself; undefined for others. */
export async function handleSubscription(arm: Arm, request: ArmRequest): Promise<Answer | undefined> {
  const path = request.url.pathname.replace(/\/{2,}/g, '/').replace(/\/$/, '');
  const match = /^\/subscriptions\/([^/]+)(?:\/providers(?:\/([^/]+)(?:\/(register))?)?)?$/i.exec(path);
  if (match) {
    const [, subscription, namespace, register] = match;
    const names = arm.registered.get(subscription.toLowerCase()) ?? new Set<string>();
    arm.registered.set(subscription.toLowerCase(), names);
    const provider = (name: string) => ({
      id: `/subscriptions/${subscription}/providers/${name}`, namespace: name, registrationState: names.has(name.toLowerCase()) ? 'Registered' : 'NotRegistered',
    });
    if (register) {
      names.add(namespace.toLowerCase());
      await sleep(5);
    }
    if (namespace) {
      return { status: 200, body: provider(namespace) };
    }
    if (path.toLowerCase().endsWith('/providers')) {
      return { status: 200, body: { value: PROVIDERS.map(provider) } };
    }
    return { status: 200, body: { id: path, subscriptionId: subscription, displayName: 'stand-in', state: 'Enabled', tenantId: '' } };
  }
  const inSubscription = /^(\/subscriptions\/[^/]+)\/resources$/i.exec(path);
  if (inSubscription) {
    const wanted = /resourceType eq '([^']+)'/i.exec(request.url.searchParams.get('$filter') ?? '')?.[1];
    return { status: 200, body: { value: wanted ? arm.list(wanted, `${inSubscription[1]}/`).map(({ id, name, type, location }) => ({ id, name, type, location })) : [] } };
  }
  const inGroup = /^(\/subscriptions\/[^/]+\/resourceGroups\/[^/]+)\/resources$/i.exec(path);
  if (inGroup) {
    const below = `${inGroup[1].toLowerCase()}/`;
    const value = [...arm.stored.entries()].filter(([id, { resource }]) => id.startsWith(below) && resource.type.split('/').length === 2
      && !arm.kinds.get(resource.type.toLowerCase())?.outlives)
      .map(([, { resource }]) => ({ id: resource.id, name: resource.name, type: resource.type, location: resource.location }));
    return { status: 200, body: { value } };
  }
  return undefined;
}

/** The resource providers that a new subscription knows of; none is registered. */
const PROVIDERS = [
  'Microsoft.AlertsManagement', 'Microsoft.Authorization', 'Microsoft.Compute', 'Microsoft.ContainerRegistry', 'Microsoft.ContainerService', 'Microsoft.DataProtection', 'Microsoft.DBforPostgreSQL', 'Microsoft.KeyVault',
  'Microsoft.KubernetesConfiguration', 'Microsoft.Maintenance', 'Microsoft.ManagedIdentity', 'Microsoft.Monitor', 'Microsoft.Network', 'Microsoft.OperationalInsights',
  'Microsoft.OperationsManagement', 'Microsoft.Storage', 'microsoft.insights',
];
