import { Az } from './az';
import { AzureError } from './az-errors';
import { Found } from './finding';
import { Machines } from './machines';
import { AzureResource } from './resources';

const NOT_UNDERSTOOD = 'run az upgrade; if that does not help, report this with what az version prints';

/** What a check is given. */
export interface Question {
  readonly azure: Azure;
  /** Those that it is about. */
  readonly resources: readonly AzureResource[];
  /** All of the program, which those may refer to. */
  readonly program: readonly AzureResource[];
  readonly machines: readonly Machines[];
  readonly tenantId: string;
  /** The cloud that `az` works in, in its own words, where it tells. */
  readonly cloud?: string;
}

/** Finds out about one kind of obstacle. */
export interface Check {
  readonly name: string;
  readonly run: (question: Question) => Promise<readonly Found[]>;
}

/** What a check finds in each subscription that resources are in; that Azure does not answer is a finding too. */
export async function inEachSubscription(
  about: string, resources: readonly AzureResource[], ask: (subscription: string, all: readonly AzureResource[]) => Promise<readonly Found[]>,
): Promise<Found[]> {
  const places = byPlace(resources, ({ subscriptionId }) => [subscriptionId]);
  return (await Promise.all(places.map(({ place: [subscription], all }) => answered(about, () => ask(subscription, all))))).flat();
}

/** Azure's answers that more than one check wants, each asked for once. */
export class Azure {
  private readonly answers = new Map<string, Promise<any>>();

  constructor(readonly az: Az) {}

  /** Sizes of virtual machines, with what keeps this subscription from each. */
  skus(subscriptionId: string, location: string): Promise<any[]> {
    return this.once(`skus ${subscriptionId} ${location}`, async () => {
      const { value } = await this.az.get(`/subscriptions/${subscriptionId}/providers/Microsoft.Compute/skus`, '2021-07-01', { $filter: `location eq '${location}'` });
      return value.filter(({ resourceType }: any) => resourceType === 'virtualMachines');
    });
  }

  providers(subscriptionId: string): Promise<any[]> {
    return this.once(`providers ${subscriptionId}`, async () => (await this.az.get(`/subscriptions/${subscriptionId}/providers`, '2021-04-01')).value);
  }

  subscription(subscriptionId: string): Promise<any> {
    return this.once(`subscription ${subscriptionId}`, () => this.az.get(`/subscriptions/${subscriptionId}`, '2022-12-01'));
  }

  /** Whether an earlier apply, or somebody, has made it. */
  async exists({ subscriptionId, id }: AzureResource): Promise<boolean> {
    if (!id || !subscriptionId) {
      return false;
    }
    const ids: Set<string> = await this.once(`resources ${subscriptionId}`, async () => {
      const { value } = await this.az.get(`/subscriptions/${subscriptionId}/resources`, '2021-04-01');
      return new Set(value.map((found: any) => found.id.toLowerCase()));
    });
    return ids.has(id.toLowerCase());
  }

  private once<T>(question: string, ask: () => Promise<T>): Promise<T> {
    const answer = this.answers.get(question) ?? ask();
    this.answers.set(question, answer);
    return answer;
  }
}

/** What a check finds; that Azure does not answer is a finding too. */
export async function answered<T extends Found>(
  about: string, ask: () => Promise<readonly T[]>, right = 'the Reader role on the subscription',
): Promise<readonly (T | Found)[]> {
  try {
    return await ask();
  } catch (error) {
    const unanswered = (reason: string, remedy?: string): readonly Found[] => [{ state: 'unanswered', what: `${about}: not checked, ${reason}`, remedy }];
    if (error instanceof TypeError) {
      return unanswered(`Azure's answer is not understood (${error.message})`, NOT_UNDERSTOOD);
    }
    if (!(error instanceof AzureError)) {
      throw error;
    }
    const isForbidden = ['AuthorizationFailed', 'Forbidden'].includes(error.code);
    return unanswered(`${isForbidden ? 'this account may not ask' : 'Azure did not answer'} (${error.message})`,
      error.remedy ?? (isForbidden ? `ask for ${right}, or somebody who has it to run this` : undefined));
  }
}

/** Those that are in one place. */
export interface Placed<T> { readonly place: readonly string[]; readonly all: readonly T[] }

/** Those in one place together; those whose place is not known are left out. */
export function byPlace<T>(all: readonly T[], place: (one: T) => readonly (string | undefined)[]): Placed<T>[] {
  const places = new Map<string, { place: readonly string[]; all: T[] }>();
  for (const one of all) {
    const where = place(one);
    if (!where.includes(undefined)) {
      const key = where.join('\n');
      const group = places.get(key) ?? { place: where as string[], all: [] };
      group.all.push(one);
      places.set(key, group);
    }
  }
  return [...places.values()];
}
