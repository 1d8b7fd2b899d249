import { Stack } from '../../command/stacks';
import { isWithin } from '../../src/private/version-constraint';
import { ARM_TYPES, namespaceOf } from '../arm-types';
import { byPlace, Check, inEachSubscription, Question } from '../question';
import { AzureResource, providerOf } from '../resources';

export const PROVIDERS: Check = {
  name: 'providers',
  run: (question) => inEachSubscription('resource providers', question.resources, async (subscription, all) => {
    const { registered, byApply, missing } = await registrations(question, subscription, all);
    const later = byApply.length > 0 ? `, ${byApply.length} more that the apply registers` : '';
    return [missing.length === 0 ? { state: 'ok', what: `resource providers: ${registered.length} registered${later}` } : {
      state: 'refused', what: `resource providers: ${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} not registered, and the program's azurerm provider registers none`,
      remedy: `az provider register --wait --namespace ${missing[0]}${missing.length > 1 ? ', and so for each' : ''}, or have somebody do it who may`,
    }];
  }),
};

/** Which namespaces the program needs, by who registers them. */
export async function registrations({ azure }: Question, subscription: string, resources: readonly AzureResource[]) {
  const settings = byPlace(resources, ({ stack, values }) => [stack.name, values.provider ?? '']).map(({ all: [first] }) => ({ ...providerOf(first), stack: first.stack }));
  const listed: string[] = settings.flatMap(({ resource_providers_to_register: names }) => names ?? []);
  // without a word azurerm 4 registers a set of its own, which has nearly all of these, and 5 none.
  const sets = settings.map(({ resource_provider_registrations: set, skip_provider_registration: skipped, stack }) =>
    set ?? (meansFour(stack) && skipped !== true ? 'legacy' : 'none'));
  const ofTypes = resources.map(({ type }) => namespaceOf(ARM_TYPES[type] ?? '')).filter(Boolean);
  const needed = new Map([...ofTypes, ...listed].map((name) => [name.toLowerCase(), name]));
  const known = await azure.providers(subscription);
  const states = new Map(known.map(({ namespace, registrationState }) => [namespace.toLowerCase(), registrationState]));
  const isThere = (key: string) => ['Registered', 'Registering'].includes(states.get(key));
  const willBe = (key: string) => sets.some((set) => set !== 'none') || listed.some((name) => name.toLowerCase() === key);
  const names = (wanted: (key: string) => boolean) => [...needed.keys()].filter(wanted).map((key) => needed.get(key)!).sort();
  return {
    registered: names(isThere), byApply: names((key) => !isThere(key) && willBe(key)), missing: names((key) => !isThere(key) && !willBe(key)),
  };
}

function meansFour({ json }: Stack): boolean {
  const version: unknown = json.terraform?.required_providers?.azurerm?.version;
  return typeof version === 'string' && isWithin(version, '< 5');
}
