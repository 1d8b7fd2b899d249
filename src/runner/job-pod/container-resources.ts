import { amount } from '../../kubernetes/private/quantity';
import { RunnerContainerResources } from '../runner-options';

const KINDS = ['cpu', 'memory', 'ephemeralStorage'] as const;

/** How much a job may ask for; none where it may not. */
export type Overwrites = RunnerContainerResources;

/**
 * The given resources, the rest by default, as they are written: what is none is left out. A default request gives way to a lower limit, a default limit to
 * a higher request, and both to what a job may ask for.
 */
export function completeResources(
  defaults: RunnerContainerResources, given: RunnerContainerResources | undefined, overwrites: Overwrites = {},
): RunnerContainerResources {
  return Object.assign({}, ...KINDS.map((kind): RunnerContainerResources => {
    const limit = given?.[`${kind}Limit`];
    const request = given?.[`${kind}Request`] ?? smaller(smaller(defaults[`${kind}Request`], limit), overwrites[`${kind}Limit`]);
    return {
      [`${kind}Request`]: request === '' ? undefined : request,
      [`${kind}Limit`]: isNone(limit) ? undefined : limit ?? larger(larger(defaults[`${kind}Limit`], request), overwrites[`${kind}Request`]),
    };
  }));
}

/** True for what says that there is no limit. */
export function isNone(limit: string | undefined): boolean {
  return limit === '' || amount(limit) === 0;
}

/** The smaller of the two, where the given one is an amount. */
function smaller(byDefault: string | undefined, given: string | undefined): string | undefined {
  return (positive(given) ?? Infinity) < (amount(byDefault) ?? 0) ? given : byDefault;
}

function larger(byDefault: string | undefined, given: string | undefined): string | undefined {
  return (positive(given) ?? 0) > (amount(byDefault) ?? Infinity) ? given : byDefault;
}

function positive(quantity: string | undefined): number | undefined {
  return amount(quantity) || undefined;
}
