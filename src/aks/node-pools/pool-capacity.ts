import { Construct } from 'constructs';
import { isOne } from '../../private/own-class';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { AksNodePool } from '../aks-node-pool';

/** Azure keeps five addresses of every subnet. */
const RESERVED_ADDRESSES = 5;

export interface Capacity {
  /** The nodes' subnet, where it is ours. */
  readonly subnetCidr?: string;
  readonly podCidr: string;
  readonly systemNodes: number;
}

/** Checks at synth, when all pools are known, that every pool at its largest has addresses for its nodes and their pods. */
export function checkCapacity(cluster: Construct, capacity: Capacity): void {
  cluster.node.addValidation({
    validate: () => {
      const pools = cluster.node.findAll().filter((child) => isOne(child, AksNodePool));
      // an upgrade adds a tenth of each pool, one node at least.
      const nodesOf = (some: AksNodePool[]) => [capacity.systemNodes, ...some.map((pool) => pool._mostNodes)].filter(known)
        .reduce((sum, count) => sum + count + Math.ceil(count / 10), 0);
      return [
        ...tooSmall(cluster, 'subnet.subnetCidr', capacity.subnetCidr, (prefix) => 2 ** (32 - prefix) - RESERVED_ADDRESSES, nodesOf(pools.filter((pool) => !pool._inOwnSubnet))),
        ...tooSmall(cluster, 'podCidr', capacity.podCidr, (prefix) => 2 ** (24 - prefix), nodesOf(pools)),
      ];
    },
  });
}

function tooSmall(where: Construct, prop: string, cidr: string | undefined, room: (prefix: number) => number, nodes: number): string[] {
  if (!known(cidr) || room(Number(cidr.split('/')[1])) >= nodes) {
    return [];
  }
  return [new ValidationError(where, {
    prop,
    problem: `room for ${room(Number(cidr.split('/')[1]))} nodes, but the pools at their largest, while they are upgraded, have ${nodes}`,
    got: cidr,
    remedy: 'choose a larger block, or lower maxCount',
  }).message];
}
