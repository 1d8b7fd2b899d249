export const LOCATION = 'koreacentral';

/** What the stand-in of `az` answers a call that has all of the texts, one after the other; an error is what the real one says about it. */
export interface Answer {
  readonly call: readonly string[];
  readonly answer?: unknown;
  readonly text?: string;
  readonly error?: string;
  /** What it says about the first such call, before it answers. */
  readonly firstError?: string;
}

const D_SIZES: readonly [string, number, string][] = [
  ['Standard_D2s_v5', 2, 'standardDSv5Family'], ['Standard_D4s_v5', 4, 'standardDSv5Family'], ['Standard_D4as_v5', 4, 'standardDASv5Family'],
];

export const usage = (value: string, limit: number, currentValue = 0) =>
  ({ unit: 'Count', currentValue, limit, name: { value, localizedValue: value === 'cores' ? 'Total Regional vCPUs' : value } });
export const sku = (name: string, vcpus: number, family: string, restrictions: unknown[] = []) => ({
  resourceType: 'virtualMachines', name, family, locations: [LOCATION], restrictions, locationInfo: [{ location: LOCATION, zones: ['1', '2', '3'] }],
  capabilities: [{ name: 'vCPUs', value: String(vcpus) }, { name: 'MemoryGB', value: String(vcpus * 4) }],
});
export const skus = (...changed: ReturnType<typeof sku>[]): Answer => ({
  call: ['Microsoft.Compute/skus'],
  answer: { value: [...changed, ...D_SIZES.filter(([name]) => !changed.some((other) => other.name === name)).map((size) => sku(...size))] },
});
export const usages = (...value: ReturnType<typeof usage>[]): Answer => ({ call: ['Microsoft.Compute', 'usages'], answer: { value } });
export const version = (minor: string, patches: string[], more: object = {}) => ({
  version: minor, capabilities: { supportPlan: ['KubernetesOfficial', 'AKSLongTermSupport'] }, patchVersions: Object.fromEntries(patches.map((patch) => [patch, { upgrades: [] }])), ...more,
});
export const versions = (...values: ReturnType<typeof version>[]): Answer => ({ call: ['kubernetesVersions'], answer: { values } });
export const failure = (status: string, code: string, message: string) => `ERROR: ${status}(${JSON.stringify({ error: { code, message } })})`;

/** A subscription that Azure has just made: 10 vCPU, nothing in it, no policy, and its owner is signed in. */
export const firstDay = (subscription: string): readonly Answer[] => [
  usages(usage('cores', 10), usage('standardDSv5Family', 10), usage('standardDASv5Family', 10), usage('lowPriorityCores', 3)),
  {
    call: ['Microsoft.Network', 'usages'],
    answer: {
      value: [usage('PublicIPAddresses', 20), usage('StandardSkuPublicIpAddresses', 20), usage('NatGateways', 100), usage('PrivateEndpoints', 1000),
        usage('StandardSkuLoadBalancers', 1000)],
    },
  },
  skus(),
  versions(version('1.35', ['1.35.3']), version('1.36', ['1.36.1', '1.36.2'])),
  { call: ['Microsoft.Authorization/permissions'], answer: { value: [{ actions: ['*'], notActions: [] }] } },
  { call: ['checkPolicyRestrictions'], answer: { fieldRestrictions: [], contentEvaluationResult: { policyEvaluations: [] } } },
  { call: ['roleEligibilityScheduleInstances'], answer: { value: [] } },
  { call: ['CheckIPAddressAvailability'], answer: { available: true } },
  // a subnet as its network team would hand it out, with routes to a firewall.
  { call: ['Microsoft.Network/virtualNetworks/', '/subnets/', ' '], answer: { properties: { addressPrefix: '10.1.0.0/16', routeTable: { id: 'routes' } } } },
  { call: ['--url /subscriptions/', 'Microsoft.Network/virtualNetworks/', ' '], answer: { location: LOCATION } },
  { call: ['Microsoft.Authorization/locks'], answer: { value: [] } },
  { call: ['checkNameAvailability'], answer: { nameAvailable: true } },
  { call: ['CheckDnsNameAvailability'], answer: { available: true } },
  { call: ['deletedVaults'], answer: { value: [] } },
  { call: [`/subscriptions/${subscription}/resources `], answer: { value: [] } },
  {
    call: [`/subscriptions/${subscription}/providers `],
    answer: {
      value: ['Authorization', 'Compute', 'ContainerService', 'DataProtection', 'KeyVault', 'Maintenance', 'ManagedIdentity', 'Network', 'OperationalInsights',
        'OperationsManagement', 'Resources', 'Storage', 'Insights'].map((name) => ({
        namespace: `Microsoft.${name}`, registrationState: ['Authorization', 'Resources'].includes(name) ? 'Registered' : 'NotRegistered',
      })),
    },
  },
  {
    call: [`--url /subscriptions/${subscription} `],
    answer: { displayName: 'Pay-As-You-Go', state: 'Enabled', subscriptionPolicies: { quotaId: 'PayAsYouGo_2014-09-01', spendingLimit: 'Off' } },
  },
];
