// Microsoft.Network: load balancers with their frontends, probes and rules, and the pools that interfaces of machines are in.
// Not checked: probes and traffic, zones of a region, SKUs but Standard, gateway and cross-region load balancers, and pools by address.
import { checkPublicIp, freeAddress, LOAD_BALANCER, NIC } from './addresses';
import { parentId } from './arm-id';
import { AzureError } from './azure-error';
import { Arm } from './core';
import { Resource } from './resource';

const POOL = `${LOAD_BALANCER}/backendAddressPools`;

/** The parts of a load balancer that are written with it, and what Azure calls their ids. */
const PARTS = ['frontendIPConfigurations', 'probes', 'loadBalancingRules', 'outboundRules'] as const;

/** How many ports of each address of a frontend Azure has for connections from inside. */
const PORTS_OF_AN_ADDRESS = 64_000;

const lower = (id: string | undefined) => (id ?? '').toLowerCase();
const machineNetwork = (nic: Resource) => lower(parentId(nic.properties.ipConfigurations[0].properties.subnet.id));
/** Which interfaces are in a pool. */
export const members = (arm: Arm, pool: string) => arm.list(NIC).filter((nic) => poolsOf(nic).includes(lower(pool)));
const poolsOf = (nic: { properties: any }): string[] => nic.properties.ipConfigurations
  .flatMap(({ properties }: any) => properties.loadBalancerBackendAddressPools ?? []).map(({ id }: any) => lower(id));

export function addLoadBalancers(arm: Arm): void {
  arm.references.push(
    { key: /(^|\.)backendAddressPool\.id$/, type: POOL },
    { key: /(^|\.)loadBalancerBackendAddressPools\.id$/, type: POOL, near: true },
  );
  arm.add(
    {
      type: LOAD_BALANCER,
      slow: true,
      exclusive: true,
      check: ({ id, body }) => checkBalancer(arm, id, body),
      checkDelete({ id }) {
        const used = arm.list(POOL, `${id}/`).find((pool) => members(arm, pool.id).length > 0);
        if (used) {
          throw new AzureError(400, 'InUseLoadBalancerCannotBeDeleted', `interfaces are in ${used.id}`);
        }
      },
      fill(resource) {
        delete resource.properties.backendAddressPools;
        resource.sku = { tier: 'Regional', ...resource.sku };
        for (const part of PARTS) {
          resource.properties[part] = (resource.properties[part] ?? [])
            .map((one: any) => ({ ...one, id: `${resource.id}/${part}/${one.name}`, properties: { ...one.properties } }));
        }
        resource.properties.frontendIPConfigurations.forEach(({ properties }: any) => {
          properties.privateIPAllocationMethod ??= 'Dynamic';
          if (properties.subnet) {
            properties.privateIPAddress ??= freeAddress(arm, properties.subnet.id);
            properties.privateIPAddressVersion ??= 'IPv4';
          }
        });
        [...resource.properties.loadBalancingRules, ...resource.properties.outboundRules].forEach(({ properties }: any) => {
          properties.idleTimeoutInMinutes ??= 4;
        });
        resource.properties.loadBalancingRules.forEach(({ properties }: any) => {
          properties.loadDistribution ??= 'Default';
        });
      },
      view(resource) {
        resource.properties.backendAddressPools = arm.list(POOL, `${resource.id}/`).map((pool) => arm.view(pool));
        return resource;
      },
    },
    {
      type: POOL,
      slow: true,
      exclusive: true,
      guarded: true,
      view(resource) {
        const inIt = members(arm, resource.id).map((nic) => ({ id: `${nic.id}/ipConfigurations/${nic.properties.ipConfigurations[0].name}` }));
        resource.properties.backendIPConfigurations = inIt.length > 0 ? inIt : undefined;
        return resource;
      },
    },
  );
}

/** Refuses an interface in a pool whose other interfaces are in another network, or behind two load balancers of one kind. */
export function checkPools(arm: Arm, own: string, body: Resource): void {
  const pools = poolsOf(body);
  for (const pool of pools) {
    const other = members(arm, pool).find((nic) => lower(nic.id) !== lower(own) && machineNetwork(nic) !== machineNetwork(body));
    if (other) {
      throw new AzureError(400, 'LoadBalancerBackendAddressPoolInDifferentVirtualNetworks', `${other.id} is in ${pool} too, and in another network`);
    }
    const balancer = arm.find(parentId(pool));
    if (balancer) {
      checkPorts(balancer.properties, new Map([[pool, members(arm, pool).filter((nic) => lower(nic.id) !== lower(own)).length + 1]]), arm);
    }
  }
  if (new Set(pools.map(parentId)).size > 2) {
    const code = 'NetworkInterfaceUsesMultipleLoadBalancersOfSameType';
    throw new AzureError(400, code, `${own} can be behind one public and one internal load balancer`);
  }
}

function checkBalancer(arm: Arm, id: string, { properties, sku }: any): void {
  const frontends: any[] = properties.frontendIPConfigurations ?? [];
  const rules: any[] = properties.loadBalancingRules ?? [];
  const outbound: any[] = properties.outboundRules ?? [];
  const known = new Map(PARTS.map((part) => [part, (properties[part] ?? []).map(({ name }: any) => lower(`${id}/${part}/${name}`))]));
  const mustKnow = (part: typeof PARTS[number], wanted: string | undefined) => {
    if (wanted !== undefined && !known.get(part)!.includes(lower(wanted))) {
      throw new AzureError(400, 'InvalidResourceReference', `${wanted} is none of the ${part} of ${id}, which others still name`);
    }
  };
  if (sku?.name !== 'Standard') {
    throw new AzureError(400, 'BasicSkuLoadBalancerRetired', 'load balancers of the SKU Basic cannot be made any more');
  }
  frontends.forEach(({ properties: { publicIPAddress } }) => {
    checkPublicIp(arm, id, publicIPAddress?.id);
    if (publicIPAddress && arm.find(publicIPAddress.id)?.sku?.name !== 'Standard') {
      throw new AzureError(400, 'PublicIPAndLBSkuDoNotMatch', `${publicIPAddress.id} is not of the SKU Standard`);
    }
  });
  for (const { name, properties: rule } of rules) {
    mustKnow('frontendIPConfigurations', rule.frontendIPConfiguration?.id);
    mustKnow('probes', rule.probe?.id);
    const frontend = lower(rule.frontendIPConfiguration?.id);
    const twin = rules.find((other) => other.name !== name && other.properties.frontendPort === rule.frontendPort
      && other.properties.protocol === rule.protocol && lower(other.properties.frontendIPConfiguration?.id) === frontend);
    if (twin) {
      throw new AzureError(400, 'RulesUseSameFrontendPortProtocolAndIPConfig', `${name} and ${twin.name} serve the same port ${rule.frontendPort}`);
    }
    const shared = outbound.flatMap(({ properties: one }) => one.frontendIPConfigurations).some((used) => lower(used.id) === frontend);
    if (!rule.disableOutboundSnat && shared) {
      throw new AzureError(400, 'LoadBalancingRuleMustDisableSNATSinceSameFrontendIPConfigurationIsReferencedByOutboundRule', `${name} has to disable outbound SNAT`);
    }
  }
  for (const { name, properties: { allocatedOutboundPorts = 0, frontendIPConfigurations } } of outbound) {
    const used: string[] = frontendIPConfigurations.map((one: any) => lower(one.id));
    used.forEach((frontend) => mustKnow('frontendIPConfigurations', frontend));
    if (frontends.some((frontend) => !frontend.properties.publicIPAddress && used.some((one) => one.endsWith(`/${lower(frontend.name)}`)))) {
      throw new AzureError(400, 'OutboundRuleOnInternalFrontend', `${name} names a frontend without a public address`);
    }
    if (allocatedOutboundPorts % 8 !== 0) {
      throw new AzureError(400, 'SpecifiedAllocatedOutboundPortsForOutboundRuleIsNotAMultipleOfEight', `${name} gives each machine ${allocatedOutboundPorts} ports`);
    }
  }
  checkPorts(properties, new Map(), arm);
}

/** Azure gives no more ports away than the addresses of a frontend have. Pools that are about to change come with their number of machines. */
function checkPorts({ outboundRules = [] }: any, changed: ReadonlyMap<string, number>, arm: Arm): void {
  for (const { name, properties: { allocatedOutboundPorts = 0, backendAddressPool, frontendIPConfigurations } } of outboundRules) {
    const count = changed.get(lower(backendAddressPool.id)) ?? members(arm, backendAddressPool.id).length;
    if (count * allocatedOutboundPorts > frontendIPConfigurations.length * PORTS_OF_AN_ADDRESS) {
      throw new AzureError(400, 'SpecifiedAllocatedOutboundPortsForOutboundRuleExceedsTotalNumberOfAvailablePorts', `${name} would give ${count} machines ${allocatedOutboundPorts} ports each`);
    }
  }
}
