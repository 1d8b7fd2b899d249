import { refusal, Subject } from '../../private/rules/subject';
import { InWords } from '../../private/validation-error';

/** What the API server takes as the data of one ConfigMap or Secret. */
export const LARGEST_DATA_BYTES = 2 ** 20;
/** What it takes as the annotations of one object, names and values. */
export const LARGEST_ANNOTATIONS_BYTES = 2 ** 18;
/** What Linux gives a program as one variable, name and value. */
export const LARGEST_VARIABLE_BYTES = 2 ** 17;

/** Refuses what is larger than somebody takes; the remedy says what to do besides keeping to the limit. */
export function refuseAbove(limit: number, size: number, subject: Subject, problem: string, remedy: string): void {
  if (size > limit) {
    throw refusal(subject, problem, inKibibytes(size), `keep to ${limit / 1024} KiB: ${remedy}`);
  }
}

export const inKibibytes = (size: number) => new InWords(`${Math.ceil(size / 1024)} KiB`);
