import { amount } from '../../kubernetes/private/quantity';
import { RunnerContainerResources } from '../runner-options';

/** The given resources, the rest by default; a default request gives way to a lower limit, a default limit to a higher request. */
export function completeResources(defaults: RunnerContainerResources, given: RunnerContainerResources | undefined): RunnerContainerResources {
  const complete = (kind: 'cpu' | 'memory' | 'ephemeralStorage'): RunnerContainerResources => {
    const limit = given?.[`${kind}Limit`];
    const request = given?.[`${kind}Request`] ?? smaller(defaults[`${kind}Request`], limit);
    return { [`${kind}Request`]: request, [`${kind}Limit`]: limit ?? larger(defaults[`${kind}Limit`], request) };
  };
  return { ...complete('cpu'), ...complete('memory'), ...complete('ephemeralStorage') };
}

function smaller(byDefault: string | undefined, given: string | undefined): string | undefined {
  return (amount(given) ?? Infinity) < (amount(byDefault) ?? 0) ? given : byDefault;
}

function larger(byDefault: string | undefined, given: string | undefined): string | undefined {
  return (amount(given) ?? 0) > (amount(byDefault) ?? Infinity) ? given : byDefault;
}
