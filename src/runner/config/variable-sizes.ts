import { inside } from './plain-data';
import { LARGEST_VARIABLE_BYTES, refuseAbove } from '../../kubernetes/private/object-limits';
import { known, Subject } from '../../private/rules/subject';

/** Refuses variables that no program could be started with. */
export function refuseLongVariables(subject: Subject, variables: { readonly [name: string]: string }): void {
  for (const [name, value] of Object.entries(variables).filter(([, one]) => known(one))) {
    // "=" and the byte at its end count too.
    refuseAbove(LARGEST_VARIABLE_BYTES, Buffer.byteLength(`${name}${value}`) + 2, inside(subject, `[${JSON.stringify(name)}]`),
      'more than Linux gives a program as one variable', 'keep the content in a file');
  }
}
