import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { contains, parseCidr } from '../../private/cidr';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';

/** Azure keeps the first addresses of each subnet, and the last. */
const KEPT_ADDRESSES = 4;

/** The first address of a subnet that a machine can have. */
export function firstFreeAddress(subnetCidr: string): string {
  const block = known(subnetCidr) ? parseCidr(subnetCidr) : 'unknown';
  return typeof block === 'string' ? Fn.cidrhost(subnetCidr, KEPT_ADDRESSES) : dotted(block.first + KEPT_ADDRESSES);
}

/** Refuses an address that a machine in the subnet cannot have. */
export function checkPrivateAddress(scope: Construct, address: string, subnetCidr: string): void {
  const block = known(subnetCidr) && known(address) ? parseCidr(subnetCidr) : 'unknown';
  if (typeof block === 'string') {
    return;
  }
  const refuse = (problem: string) => {
    throw new ValidationError(scope, { prop: 'network.address', problem, got: address, remedy: `leave it out, or give one such as "${firstFreeAddress(subnetCidr)}"` });
  };
  if (!contains(subnetCidr, `${address}/32`)) {
    refuse(`not within the subnet (${subnetCidr})`);
  }
  const last = dotted(block.first + block.size - 1);
  if (address === last || [...Array(KEPT_ADDRESSES).keys()].some((offset) => dotted(block.first + offset) === address)) {
    refuse('one of the five that Azure keeps in each subnet');
  }
}

function dotted(address: number): string {
  return [3, 2, 1, 0].map((place) => Math.floor(address / 256 ** place) % 256).join('.');
}
