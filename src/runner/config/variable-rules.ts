import { inside } from './plain-data';
import { LARGEST_VARIABLE_BYTES, refuseAbove } from '../../kubernetes/private/object-limits';
import { known, refusal, Subject } from '../../private/rules/subject';

/** Refuses variables that are made from themselves: the runner puts what is written in the place of the name, and jobs find a `$` in it. */
export function refuseVariablesOfThemselves(subject: Subject, variables: { readonly [name: string]: string }): void {
  for (const [name, value] of Object.entries(variables).filter(([, one]) => known(one))) {
    if (new RegExp(`(^|[^$])\\$(\\{${name}\\}|${name}(?!\\w))`).test(value)) {
      throw refusal(inside(subject, `[${JSON.stringify(name)}]`), 'made from itself, which has no value yet', value,
        `write the whole value, or give runnerSettings: { pre_build_script: 'export ${name}=…' }`);
    }
  }
}

/** Refuses variables that no program could be started with. */
export function refuseLongVariables(subject: Subject, variables: { readonly [name: string]: string }): void {
  for (const [name, value] of Object.entries(variables).filter(([, one]) => known(one))) {
    // "=" and the byte at its end count too.
    refuseAbove(LARGEST_VARIABLE_BYTES, Buffer.byteLength(`${name}${value}`) + 2, inside(subject, `[${JSON.stringify(name)}]`),
      'more than Linux gives a program as one variable', 'keep the content in a file');
  }
}
