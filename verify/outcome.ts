import { AzureError } from '../preflight/az-errors';

/** What was seen contradicts the claim. */
export class Refuted extends Error {}

/** Why a claim cannot be tried here. */
export class NotTried extends Error {}

/** Somebody has pressed Ctrl-C. */
export class Interrupted extends Error {}

export type Verdict = 'confirmed' | 'refuted' | 'not tried';

/** What trying one claim came to. */
export interface Outcome {
  readonly claim: string;
  readonly verdict: Verdict;
  /** What was seen, or why not. */
  readonly told?: string;
  readonly seconds?: number;
  /** Whether Azure, and not the platform, gave no answer. */
  readonly unanswered?: boolean;
}

/** Tries one claim: what it throws decides. */
export async function tried(claim: string, run: () => Promise<string | void>): Promise<Outcome> {
  const start = Date.now();
  const done = (verdict: Verdict, told?: string | void, unanswered?: boolean): Outcome => ({
    claim, verdict, seconds: Math.round((Date.now() - start) / 1000), ...told ? { told } : {}, ...unanswered ? { unanswered } : {},
  });
  try {
    return done('confirmed', await run());
  } catch (error) {
    if (error instanceof Interrupted) {
      throw error;
    }
    if (error instanceof NotTried) {
      return done('not tried', error.message);
    }
    const { message } = error as Error;
    return error instanceof AzureError ? done('not tried', message, true) : done('refuted', message);
  }
}
