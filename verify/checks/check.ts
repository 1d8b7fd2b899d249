import { Platform } from '../platform';

/** Tries one claim. */
export interface Check {
  /** Its id in claims.ts. */
  readonly claim: string;
  /** The claims that have to hold for this one to be tried. */
  readonly needs: readonly string[];
  /** What is about to be done, for whoever watches. */
  readonly doing: string;
  /** Throws Refuted if the claim does not hold. @returns what was seen, for the report */
  readonly run: (platform: Platform) => Promise<string | void>;
}
