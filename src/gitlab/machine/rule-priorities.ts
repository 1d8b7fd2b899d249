import { createHash } from 'crypto';
import { Rule } from '../../private/rules/rule';
import { decided, oneOf } from '../../private/rules/scalars';

/** The priorities of the fixed rules stay below. */
const FIRST_SHARED_PRIORITY = 1000;
const LAST_SHARED_PRIORITY = 4000;

/** The priorities of rules between the server's own machines, and of Azure's probes of them: above those that are handed out, below Azure's last. */
export type InsidePriority = 4010 | 4020;

/** The priority of the first port's rule; the others follow. A hundred apart, none takes a number that another one of before still holds. */
export function firstRulePriority(): Rule<number> {
  return decided(oneOf([100, 200, 300, 400, 500, 600, 700, 800, 900]));
}

/** The ports that rules are made for, each with the same place for all time: a rule whose number another still holds is refused. */
const PORTS = ['Http', 'Https', 'Ssh', 'Registry'] as const;
const STEP = 10;

export type PortName = typeof PORTS[number];

/** The priority of a port's rule. */
export function portPriority(first: number, name: PortName): number {
  return first + STEP * PORTS.indexOf(name);
}

/**
 * Hands out priorities of a network security group. Each follows from who asks, not from the order of asking: if they were
 * counted, one rule more or less would renumber its neighbours, and Azure refuses a rule whose number another still holds.
 */
export class RulePriorities {
  private readonly taken = new Set<number>();

  public claim(owner: string): number {
    const count = LAST_SHARED_PRIORITY - FIRST_SHARED_PRIORITY;
    let offset = createHash('sha256').update(owner).digest().readUInt32BE(0) % count;
    while (this.taken.has(offset)) {
      offset = (offset + 1) % count;
    }
    this.taken.add(offset);
    return FIRST_SHARED_PRIORITY + offset;
  }
}
