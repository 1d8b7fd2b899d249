// What a company has made before examples/typescript/landing-zone is applied: the hub's zones and certificates, a spoke in each of the two subscriptions, and policies on both.
import { Azure } from '../azure/azure';
import { AUDITED, companyPolicies, CORP, CUSTOMER_KEYS, GUARDRAILS, HOST_ENCRYPTION, LANDING_ZONES, ROUTED } from '../azure/landing-zone-policies';

const subscription = (digit: string) => `/subscriptions/00000000-0000-0000-0000-00000000000${digit}`;
const HUB = `${subscription('a')}/resourceGroups/hub`;
const GITLAB = subscription('1');
const CI = subscription('2');
export const CERTIFICATES = 'company-certificates';
export const GITLAB_NAME = 'gitlab.example.com';
/** With these also the tags of the example. */
const COMPANY = companyPolicies({ locations: ['koreacentral'], tags: ['cost-center', 'owner'], unwantedTypes: ['Microsoft.Network/publicIPAddresses'] });

/** @param addresses what the hub's DNS says of GitLab's name */
export function landingZones(azure: Azure, addresses: readonly string[] = ['10.1.0.4']): void {
  const { arm } = azure;
  const zones = `${HUB}/providers/Microsoft.Network/privateDnsZones`;
  [HUB, GITLAB, CI].forEach((id) => arm.subscriptions.add(id.split('/')[2]));
  arm.provision(HUB, { location: 'koreacentral' });
  arm.provision(`${HUB}/providers/Microsoft.KeyVault/vaults/${CERTIFICATES}`, { location: 'koreacentral' });
  [GITLAB_NAME, 'privatelink.koreacentral.azmk8s.io'].forEach((name) => arm.provision(`${zones}/${name}`, { location: 'global' }));
  arm.provision(`${zones}/${GITLAB_NAME}/A/@`, { properties: { ttl: 300, aRecords: addresses.map((ipv4Address) => ({ ipv4Address })) } });
  [GITLAB, CI].forEach((id) => {
    arm.provision(`${id}/resourceGroups/network`, { location: 'koreacentral' });
    arm.provision(`${id}/resourceGroups/network/providers/Microsoft.Compute/diskEncryptionSets/disks`, { location: 'koreacentral' });
  });
  spoke(azure, GITLAB, '10.1', ['gitlab', 'endpoints']);
  spoke(azure, CI, '10.2', ['nodes', 'nothing', 'endpoints']);
  [GITLAB, CI].forEach((id) => arm.provision(`${zones}/${GITLAB_NAME}/virtualNetworkLinks/spoke-${id.at(-1)}`, {
    location: 'global', properties: { virtualNetwork: { id: networkOf(id) }, registrationEnabled: false },
  }));
  const policies = [...LANDING_ZONES, ...CORP, ...GUARDRAILS, ...ROUTED, ...HOST_ENCRYPTION, ...CUSTOMER_KEYS, ...AUDITED, ...COMPANY];
  arm.policies = [GITLAB, CI].map((scope) => ({ scope, policies }));
}

const networkOf = (id: string) => `${id}/resourceGroups/network/providers/Microsoft.Network/virtualNetworks/spoke`;

/** A network whose subnets have a security group, and routes to the hub's firewall. */
function spoke({ arm }: Azure, id: string, start: string, subnets: readonly string[]): void {
  const group = `${id}/resourceGroups/network`;
  const [securityGroup, routeTable] = ['networkSecurityGroups', 'routeTables'].map((type) => `${group}/providers/Microsoft.Network/${type}/spoke`);
  arm.provision(group, { location: 'koreacentral' });
  arm.provision(securityGroup, { location: 'koreacentral', properties: {} });
  arm.provision(routeTable, {
    location: 'koreacentral',
    properties: { routes: [{ name: 'firewall', properties: { addressPrefix: '0.0.0.0/0', nextHopType: 'VirtualAppliance', nextHopIpAddress: '10.0.0.4' } }] },
  });
  arm.provision(networkOf(id), { location: 'koreacentral', properties: { addressSpace: { addressPrefixes: [`${start}.0.0/16`] } } });
  subnets.forEach((name, number) => arm.provision(`${networkOf(id)}/subnets/${name}`, {
    properties: { addressPrefixes: [`${start}.${number}.0/24`], networkSecurityGroup: { id: securityGroup }, routeTable: { id: routeTable }, defaultOutboundAccess: false },
  }));
}
