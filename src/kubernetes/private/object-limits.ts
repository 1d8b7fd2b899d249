import { known, refusal, Subject } from '../../private/rules/subject';
import { InWords } from '../../private/validation-error';

/** What the API server takes as the data of one ConfigMap or Secret. */
export const LARGEST_DATA_BYTES = 2 ** 20;
/** What it takes as the annotations of one object, names and values. */
const LARGEST_ANNOTATIONS_BYTES = 2 ** 18;
/** What Linux gives a program as one variable, name and value. */
export const LARGEST_VARIABLE_BYTES = 2 ** 17;

/** Refuses what is larger than somebody takes; the remedy says what to do besides keeping to the limit. */
export function refuseAbove(limit: number, size: number, subject: Subject, problem: string, remedy: string): void {
  if (size > limit) {
    throw refusal(subject, problem, inKibibytes(size), `keep to ${limit / 1024} KiB: ${remedy}`);
  }
}

/** What only the apply knows counts nothing. */
export function refuseLargeAnnotations(subject: Subject, annotations: { readonly [name: string]: unknown }): void {
  const size = Object.entries(annotations).reduce((sum, [name, value]) => sum + textBytes(name) + textBytes(value), 0);
  refuseAbove(LARGEST_ANNOTATIONS_BYTES, size, subject, 'more than an object can carry', 'keep the content in a ConfigMap');
}

export const textBytes = (value: unknown) => (typeof value === 'string' && known(value) ? Buffer.byteLength(value) : 0);

export const inKibibytes = (size: number) => new InWords(`${Math.ceil(size / 1024)} KiB`);
