/** How much of what. */
export interface Quantity { readonly amount: number; readonly unit: string }

/**
 * What a check came to: `ok`; `warning`, where the apply passes but something later may not; `refused`, where Azure would refuse
 * something, or no job would run; `broken`, where something that was applied does not work; `unknown`, where only the apply knows a value; `unanswered`, where Azure did not tell.
 */
export type State = 'ok' | 'warning' | 'refused' | 'broken' | 'unknown' | 'unanswered';

/** One line of the report. */
export interface Finding {
  /** The check's name, such as `quota`. */
  readonly check: string;
  /** The subscription that it is about, where the program works in several. */
  readonly subscriptionId?: string;
  readonly state: State;
  /** What is found, for a person. */
  readonly what: string;
  /** What comes of it, where that is not plain. */
  readonly meaning?: string;
  readonly need?: Quantity;
  readonly have?: Quantity;
  /** What to do about it. */
  readonly remedy?: string;
}

/** A finding as a check makes it. */
export type Found = Omit<Finding, 'check' | 'subscriptionId'>;

/** 1 where something is refused or broken, 2 where Azure did not answer a question, else 0. */
export function exitCode(findings: readonly Finding[]): number {
  const has = (state: State) => findings.some((finding) => finding.state === state);
  return has('refused') || has('broken') ? 1 : has('unanswered') ? 2 : 0;
}
