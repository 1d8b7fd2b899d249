import { ALERT_FIRES, ALERTS_ADDED } from './checks/alerts';
import { APPLY, PREFLIGHT_CLAIM, SECOND_PLAN, STATE_WITHOUT_SECRETS } from './checks/applying';
import { Check } from './checks/check';
import { NODE_DRAINED } from './checks/draining';
import { DOCTOR_CLAIM, MACHINE_RESTARTED } from './checks/machine';
import { CLOSED, HTTPS, ROOT_PASSWORD } from './checks/reaching';
import { APPLY_AFTER_RESTORE, BACKUP, RESTORE } from './checks/restoring';
import { FAILING_JOB, FIRST_JOB, MANAGER_DELETED, METADATA_CLOSED, POD_OF_ITS_OWN } from './checks/running-jobs';
import { CLAIMS } from './claims';
import { Outcome, tried } from './outcome';
import { Platform } from './platform';
import type { Tell } from '../command/command';

/** In the order in which they are tried; what changes nothing comes first. */
export const CHECKS: readonly Check[] = [
  APPLY, PREFLIGHT_CLAIM, SECOND_PLAN, STATE_WITHOUT_SECRETS, ROOT_PASSWORD, HTTPS, CLOSED, FIRST_JOB, POD_OF_ITS_OWN, FAILING_JOB, METADATA_CLOSED,
  DOCTOR_CLAIM, MANAGER_DELETED, NODE_DRAINED, MACHINE_RESTARTED, BACKUP, RESTORE, APPLY_AFTER_RESTORE, ALERTS_ADDED, ALERT_FIRES,
];

/** Tries the checks one after the other, and notes what each came to. */
export async function tryAll(checks: readonly Check[], platform: Platform, outcomes: Outcome[]): Promise<void> {
  for (const [index, check] of checks.entries()) {
    platform.patience.stopIfInterrupted();
    const missing = check.needs.filter((need) => outcomes.find(({ claim }) => claim === need)?.verdict !== 'confirmed');
    const step = `${String(index + 1).padStart(2)}/${checks.length}`;
    if (missing.length > 0) {
      outcomes.push(lacks(check, missing));
      platform.tell(`${step} not tried: ${whatOf(check.claim)}`);
    } else {
      platform.tell(`${step} ${check.doing}`);
      const outcome = await tried(check.claim, () => check.run(platform));
      // what was cut off in the middle says nothing.
      platform.patience.stopIfInterrupted();
      outcomes.push(outcome);
      tellOutcome(outcome, platform.tell);
    }
  }
}

/** One claim of the end: it is tried whatever came before. */
export async function tryOne(claim: string, run: () => Promise<string | void>, tell: Tell, outcomes: Outcome[]): Promise<void> {
  const outcome = await tried(claim, run);
  outcomes.push(outcome);
  tellOutcome(outcome, tell);
}

function lacks({ claim }: Check, missing: readonly string[]): Outcome {
  return { claim, verdict: 'not tried', told: `it needs what did not hold: ${missing.map(whatOf).join('; ')}` };
}

function tellOutcome({ claim, verdict, told, seconds }: Outcome, tell: Tell): void {
  tell(`    ${verdict === 'refuted' ? 'REFUTED' : verdict}: ${whatOf(claim)}${seconds === undefined ? '' : ` (${seconds} s)`}`);
  if (told !== undefined) {
    told.trim().split('\n').slice(0, 20).forEach((line) => tell(`      ${line}`));
  }
}

function whatOf(claim: string): string {
  return CLAIMS.find(({ id }) => id === claim)!.what;
}
