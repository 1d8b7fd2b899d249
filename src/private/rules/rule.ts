import { known, Subject } from './subject';
import { refuseLoopValue } from '../loop-values';
import { isMisspelt, isNear, nearest } from '../nearest';
import { mayNameSecret } from '../secret-values';
import { kindOf, ValidationError } from '../validation-error';

/** What one prop may be. */
export interface Rule<T> {
  /** What to give, in words that follow "give". */
  readonly expected: string;

  /** The props of an object, by which one that stands beside it by mistake is known again. */
  readonly members?: readonly string[];

  /** The value as the library goes on with it; whatever breaks the rule is told by a `ValidationError`. Never called for what is left out. */
  take(subject: Subject, value: unknown): T;
}

/** The rule of a prop without a default. */
export interface RequiredRule<T> extends Rule<T> {
  readonly required: true;
}

/** A rule for each prop of a struct. A prop without a rule does not compile, and none that is required passes as optional. */
export type Rules<T> = {
  readonly [K in keyof T]-?: {} extends Pick<T, K> ? Rule<Exclude<T[K], undefined>> : RequiredRule<T[K]>;
};

/** What is wrong between the props of a struct that are right by themselves. */
export type Together<T> = (at: (prop: keyof T & string) => Subject, props: T) => void;

/** What to do in place of names that others have for props. */
export interface OtherNames { readonly [name: string]: string }

export function required<T>(rule: Rule<T>): RequiredRule<T> {
  return { expected: rule.expected, take: (subject, value) => rule.take(subject, value), required: true };
}

/** The same rule with one more thing that must hold; references are not looked at. */
export function also<T>(rule: Rule<T>, check: (subject: Subject, value: T) => void): Rule<T> {
  return {
    expected: rule.expected,
    members: rule.members,
    take(subject, value) {
      const taken = rule.take(subject, value);
      if (known(taken)) {
        check(subject, taken);
      }
      return taken;
    },
  };
}

/** An object with the given props and no others. What is `null` counts as left out, as in all languages that jsii speaks. */
export function struct<T extends object>(rules: Rules<T>, together?: Together<T>, elsewhere?: OtherNames): Rule<T> {
  return {
    expected: 'an object with its props',
    members: Object.keys(rules),
    take(subject, value) {
      return takeMembers(subject, `${subject.prop}.`, objectOf(subject, value), rules, together, elsewhere);
    },
  };
}

/** The props of a construct, or the options of a method: the names of their members stand alone in errors. */
export function takeProps<T extends object>(
  where: Subject['where'], prop: string, value: unknown, rules: Rules<T>, together?: Together<T>, elsewhere?: OtherNames,
): T {
  const subject = { where, prop };
  return takeMembers(subject, '', objectOf(subject, value ?? {}), rules, together, elsewhere);
}

/** A value that stands by itself, such as a method's argument; left out, it is missing. */
export function takeValue<T>(where: Subject['where'], prop: string, value: unknown, rule: Rule<T>): T {
  const subject = { where, prop };
  if (isLeftOut(value)) {
    throw missing(subject, value, rule);
  }
  return rule.take(subject, value);
}

/** The same for an argument that may be left out. */
export function takeOptional<T>(where: Subject['where'], prop: string, value: unknown, rule: Rule<T>): T | undefined {
  return isLeftOut(value) ? undefined : rule.take({ where, prop }, value);
}

function takeMembers<T extends object>(
  subject: Subject, prefix: string, value: object, rules: Rules<T>, together: Together<T> | undefined,
  elsewhere: OtherNames = {},
): T {
  const { where } = subject;
  const at = (prop: string): Subject => ({ where, prop: `${prefix}${prop}` });
  const names = Object.keys(rules);
  for (const [name, item] of Object.entries(value)) {
    if (!Object.hasOwn(rules, name) && !isLeftOut(item)) {
      throw new ValidationError(where, {
        prop: /^[a-z]\w*$/i.test(name) ? at(name).prop : `${subject.prop}[${JSON.stringify(name)}]`,
        problem: 'no such prop', got: mayNameSecret(name) ? '(hidden)' : item,
        remedy: remedyElsewhere(name, elsewhere) ?? remedyFor(inCamelCase(name), rules),
      });
    }
  }
  const taken: { [name: string]: unknown } = {};
  for (const name of names) {
    const rule = rules[name as keyof T] as Rule<unknown>;
    const item = (value as { [name: string]: unknown })[name];
    if (!isLeftOut(item)) {
      if (rule.members === undefined) {
        refuseLoopValue(at(name), item);
      }
      refuseSwitch(at(name), item, names.find((one) => one === `${name}Enabled`));
      taken[name] = rule.take(at(name), item);
    } else if ('required' in rule) {
      throw missing(at(name), item, rule);
    }
  }
  together?.(at, taken as T);
  return taken as T;
}

/** Refuses `false` for what there is to be, where a prop beside it says whether there is any. */
function refuseSwitch({ where, prop }: Subject, value: unknown, beside: string | undefined): void {
  if (beside !== undefined && typeof value === 'boolean') {
    throw new ValidationError(where, { prop, problem: 'not what switches it on or off', got: value, remedy: `write ${beside}: ${value}` });
  }
}

/** What to do in place of a name that others have, in their spelling, in that of props or in that of configuration files. */
function remedyElsewhere(name: string, elsewhere: OtherNames): string | undefined {
  const found = [name, inCamelCase(name), inSnakeCase(name)].find((one) => Object.hasOwn(elsewhere, one));
  return found === undefined ? undefined : elsewhere[found];
}

/** A name as props have it, of one as configuration files and other providers' arguments have it. */
function inCamelCase(name: string): string {
  return name.replace(/(?<=[a-z0-9])[_-]([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function inSnakeCase(name: string): string {
  return name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** What was meant: a name that lacks its end, most often the unit, or its beginning (`labels` for `nodeLabels`), or one that is misspelt. */
function remedyFor(name: string, rules: object): string {
  const names = Object.keys(rules);
  const longer = names.filter((one) => one.startsWith(name) || one.endsWith(`${name.charAt(0).toUpperCase()}${name.slice(1)}`));
  const meant = longer.length === 1 ? longer[0] : nearest(name, names);
  if (longer.length === 1 || isNear(name, meant)) {
    return `write ${meant}, or leave it out`;
  }
  const nested = Object.entries(rules as { readonly [prop: string]: Rule<unknown> })
    .flatMap(([prop, { members = [] }]) => members.filter((member) => isMisspelt(name, member)).map((member) => `${prop}.${member}`));
  return nested.length > 0 && nested.length < 4 ? `write ${nested.join(' or ')}, or leave it out` : 'leave it out';
}

function isLeftOut(value: unknown): boolean {
  return value === undefined || value === null;
}

function missing(subject: Subject, value: unknown, rule: Rule<unknown>): ValidationError {
  return new ValidationError(subject.where, { prop: subject.prop, problem: 'missing', got: value ?? undefined, remedy: `give ${rule.expected}` });
}

/** An object with props, as untyped callers may give something else. */
export function objectOf(subject: Subject, value: unknown): object {
  refuseReference(subject, value, 'write the object here; its values may be references');
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isEmptyOutside(value)) {
    throw new ValidationError(subject.where, {
      prop: subject.prop, problem: 'not an object', got: typeof value === 'string' && mayNameSecret(subject.prop) ? '(hidden)' : value,
      remedy: 'give an object with its props',
    });
  }
  return value;
}

/** A Map or a Promise, whose contents are no members: it would pass as an object without any props. */
function isEmptyOutside(value: object): boolean {
  return kindOf(value) !== 'Object' && Object.keys(value).length === 0;
}

/** Refuses a value that only the apply knows where the program has to know it. */
export function refuseReference(subject: Subject, value: unknown, remedy: string): void {
  if (!isLeftOut(value) && !known(value)) {
    throw new ValidationError(subject.where, { prop: subject.prop, problem: 'known only at apply time', got: value, remedy });
  }
}
