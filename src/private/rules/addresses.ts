import { list, listSetting, ListOptions } from './collections';
import { refuseExpression } from './expressions';
import { also, Rule } from './rule';
import { text } from './scalars';
import { refusal, Subject } from './subject';
import { holdsUnusable, isOpenToAll, isPrivate, isUnusable, overlaps, parseCidr } from '../cidr';
import { ValidationError } from '../validation-error';

const BLOCK = 'an IPv4 block such as "10.0.0.0/16"';

/** An IPv4 block without host bits, its prefix length between the two bounds. */
export function cidr(shortestPrefix = 0, longestPrefix = 32): Rule<string> {
  return also(text(BLOCK), (subject, value) => {
    const block = parseCidr(value);
    if (typeof block === 'string') {
      refuseExpression(subject, value);
      throw new ValidationError(subject.where, { prop: subject.prop, problem: 'not an IPv4 block', got: value, remedy: block });
    }
    const prefix = Number(value.split('/')[1]);
    if (prefix < shortestPrefix || prefix > longestPrefix) {
      throw new ValidationError(subject.where, {
        prop: subject.prop, problem: 'wrong size', got: value, remedy: `give a prefix length from /${shortestPrefix} to /${longestPrefix}`,
      });
    }
  });
}

/** A block that machines or pods are to have addresses of. */
export function networkCidr(shortestPrefix: number, longestPrefix: number): Rule<string> {
  return also(cidr(shortestPrefix, longestPrefix), (subject, block) => {
    if (holdsUnusable(block)) {
      throw refusal(subject, 'has addresses that no machine can have', block, 'give a private block such as "10.0.0.0/16"');
    }
  });
}

/** Blocks whose number has to be known. */
export function cidrs(options: ListOptions<string> = {}): Rule<string[]> {
  return list(cidr(), options);
}

/** Blocks that a rule of a network security group lets in: Azure takes no address twice, but the whole Internet beside anything. */
export function allowedCidrs(options: ListOptions<string> & { readonly shortestPrefix?: number } = {}): Rule<string[]> {
  return also(listSetting(cidr(options.shortestPrefix), options), (subject, blocks) => {
    if (isOpenToAll(blocks)) {
      return;
    }
    blocks.forEach((block, index) => refuseOverlap({ where: subject.where, prop: `${subject.prop}[${index}]` }, block, blocks.slice(0, index)));
  });
}

function refuseOverlap(subject: Subject, block: string, earlier: readonly string[]): void {
  const other = earlier.find((one) => overlaps(one, block));
  if (other !== undefined) {
    throw new ValidationError(subject.where, {
      prop: subject.prop, problem: `overlaps with ${JSON.stringify(other)}`, got: block, remedy: 'give only the wider of the two',
    });
  }
}

/** An IPv4 address. */
export function ipv4Address(): Rule<string> {
  return text('an IPv4 address such as "203.0.113.7"', /^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(?!$)|$)){4}$/);
}

/** An address that a machine of a virtual network can have. */
export function machineAddress(): Rule<string> {
  return also(ipv4Address(), ({ where, prop }, address) => {
    if (isUnusable(`${address}/32`)) {
      throw new ValidationError(where, { prop, problem: 'an address that no machine can have', got: address, remedy: 'give one of the subnet, such as "10.1.0.4"' });
    }
  });
}

/** An address by which the Internet knows somebody. */
export function publicAddress(): Rule<string> {
  return also(ipv4Address(), ({ where, prop }, address) => refuseNotPublic({ where, prop }, `${address}/32`, address));
}

/** A block of the Internet's addresses, or one that somebody gives a meaning of its own. */
export function publicCidr(exception: string): Rule<string> {
  return also(cidr(), (subject, block) => {
    if (block !== exception) {
      refuseNotPublic(subject, block, block);
    }
  });
}

function refuseNotPublic({ where, prop }: Subject, block: string, got: string): void {
  if (isPrivate(block) || isUnusable(block)) {
    throw new ValidationError(where, { prop, problem: 'not a public address', got, remedy: 'give the address that the Internet sees requests come from' });
  }
}
