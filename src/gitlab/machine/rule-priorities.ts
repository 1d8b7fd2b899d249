import { createHash } from 'crypto';
import { Rule } from '../../private/rules/rule';
import { integer } from '../../private/rules/scalars';

/** The priorities of the fixed rules stay below. */
const FIRST_SHARED_PRIORITY = 1000;
const LAST_SHARED_PRIORITY = 4000;

/** A priority that a user gives to a fixed rule. */
export function rulePriority(): Rule<number> {
  return integer(100, FIRST_SHARED_PRIORITY - 1);
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
