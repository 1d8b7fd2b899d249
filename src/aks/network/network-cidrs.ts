import { contains, overlaps } from '../../private/cidr';
import { Together } from '../../private/rules/rule';
import { known, Subject } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { AksClusterProps } from '../aks-cluster-props';

/** The network's blocks with their defaults in place. */
export interface NetworkCidrs {
  readonly virtualNetworkCidr: string;
  readonly subnetCidr: string;
  readonly podCidr: string;
  readonly serviceCidr: string;
  readonly dnsServiceIp: string;
}

export function networkCidrs(props: AksClusterProps): NetworkCidrs {
  const subnet = props.subnet?._options ?? {};
  const serviceCidr = props.serviceCidr ?? '10.0.0.0/16';
  return {
    virtualNetworkCidr: subnet.virtualNetworkCidr ?? '10.224.0.0/16',
    subnetCidr: subnet.subnetCidr ?? '10.224.0.0/20',
    podCidr: props.podCidr ?? '10.244.0.0/16',
    serviceCidr,
    dnsServiceIp: props.dnsServiceIp ?? addressIn(serviceCidr, 10)!,
  };
}

/**
 * AKS has these for itself in every cluster.
 * @see https://learn.microsoft.com/azure/aks/concepts-network-cni-overview#aks-cni-networking-prerequisites
 */
const RESERVED = ['172.30.0.0/16', '172.31.0.0/16', '192.0.2.0/24'];

/** The blocks against each other, and against AKS's own. */
export const networkTogether: Together<AksClusterProps> = (at, props) => {
  const cidrs = networkCidrs(props);
  if (props.subnet?._existingId !== undefined) {
    if (props.loadBalancerAllowedCidrs !== undefined) {
      const { where, prop } = at('loadBalancerAllowedCidrs');
      throw new ValidationError(where, {
        prop, problem: 'a subnet that exists keeps its own rules', got: props.loadBalancerAllowedCidrs,
        remedy: 'leave it out, or take AzureSubnet.create() as subnet',
      });
    }
  } else {
    const { where } = at('subnet');
    const { virtualNetworkCidr, subnetCidr, podCidr, serviceCidr } = cidrs;
    refuseReserved({ where, prop: 'subnet.virtualNetworkCidr' }, virtualNetworkCidr);
    refuseUnless(contains(virtualNetworkCidr, subnetCidr), { where, prop: 'subnet.subnetCidr' }, `not inside virtualNetworkCidr (${virtualNetworkCidr})`, subnetCidr);
    refuseUnless(!overlaps(virtualNetworkCidr, podCidr), at('podCidr'), `overlaps subnet.virtualNetworkCidr (${virtualNetworkCidr})`, podCidr);
    refuseUnless(!overlaps(virtualNetworkCidr, serviceCidr), at('serviceCidr'), `overlaps subnet.virtualNetworkCidr (${virtualNetworkCidr})`, serviceCidr);
  }
  refuseReserved(at('podCidr'), cidrs.podCidr);
  refuseReserved(at('serviceCidr'), cidrs.serviceCidr);
  refuseUnless(!overlaps(cidrs.podCidr, cidrs.serviceCidr), at('serviceCidr'), `overlaps podCidr (${cidrs.podCidr})`, cidrs.serviceCidr);
  checkDnsAddress(at('dnsServiceIp'), cidrs);
};

function refuseReserved(subject: Subject, cidr: string): void {
  const reserved = RESERVED.find((one) => overlaps(one, cidr));
  refuseUnless(reserved === undefined, subject, `AKS keeps ${reserved} for itself`, cidr);
}

function checkDnsAddress(subject: Subject, { dnsServiceIp, serviceCidr }: NetworkCidrs): void {
  if (!known(dnsServiceIp) || !known(serviceCidr)) {
    return;
  }
  refuseUnless(contains(serviceCidr, `${dnsServiceIp}/32`), subject, `not inside serviceCidr (${serviceCidr})`, dnsServiceIp);
  const [network, prefix] = serviceCidr.split('/');
  const offset = toNumber(dnsServiceIp) - toNumber(network);
  refuseUnless(offset > 1 && offset < 2 ** (32 - Number(prefix)) - 1, subject, 'one of the addresses that serviceCidr keeps for itself', dnsServiceIp);
}

/** The address `offset` places into a block; undefined where the block is not known yet. */
function addressIn(cidr: string, offset: number): string | undefined {
  if (!known(cidr)) {
    return undefined;
  }
  const address = toNumber(cidr.split('/')[0]) + offset;
  return [3, 2, 1, 0].map((place) => Math.floor(address / 256 ** place) % 256).join('.');
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function refuseUnless(fits: boolean, subject: Subject, problem: string, got: string): void {
  if (!fits) {
    throw new ValidationError(subject.where, { prop: subject.prop, problem, got, remedy: 'choose another' });
  }
}
