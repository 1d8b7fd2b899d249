import { Together } from '../../private/rules/rule';
import { ValidationError } from '../../private/validation-error';
import { AksClusterProps } from '../aks-cluster-props';

/** Refuses a way out that is not there, or whose address somebody has to know. */
export const checkEgressFits: Together<AksClusterProps> = (at, { apiServerAccess, egress, subnet }) => {
  const refuse = (prop: 'egress' | 'apiServerAccess', problem: string, got: unknown, remedy: string) => {
    throw new ValidationError(at(prop).where, { prop, problem, got, remedy });
  };
  if (!egress || egress._outboundType === 'loadBalancer') {
    return;
  }
  const name = egress._outboundType === 'userDefinedRouting' ? 'AksEgress.routed()' : 'AksEgress.natGateway()';
  const exists = subnet?._existingId !== undefined;
  if (!exists && egress._outboundType === 'userDefinedRouting') {
    refuse('egress', 'a new subnet has no routes that lead out', name, 'give AzureSubnet.existing() with a subnet whose routes lead to a firewall, or choose AksEgress.natGateway()');
  }
  if (!exists && egress._outboundIpAddress !== undefined) {
    refuse('egress', 'a new subnet gets a NAT gateway with an address of its own', egress._outboundIpAddress, 'leave the address out, or give AzureSubnet.existing()');
  }
  if (exists && egress._outboundIpAddress === undefined && apiServerAccess?._ranges !== undefined) {
    // AKS lets in its load balancer by itself, and no other way out.
    refuse('egress', 'nodes reach the API server from an address that the program does not name, and apiServerAccess would keep them out', name, `give the address: ${name.replace('()', '("203.0.113.7")')}`);
  }
};
