import { AKS } from './changes/aks';
import { GITLAB } from './changes/gitlab';
import { RUNNER } from './changes/runner';
import { Changes } from './harness/expectation';

/** What the plan does when one prop of the applied platform gets another value. */
export const EXPECTED: Changes = { ...GITLAB, ...AKS, ...RUNNER };
