import { IConstruct } from 'constructs';
import { KUBERNETES_KEYS } from './kubernetes-keys';
import { Settings } from './settings';
import { known, Subject } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';

/** The settings that hold a pattern of what a job may ask for. */
const PATTERNS = Object.keys(KUBERNETES_KEYS).filter((key) => key.endsWith('_overwrite_allowed') && KUBERNETES_KEYS[key].startsWith('string '));

/** Who the manager is, and where. */
export interface ManagerAccount {
  readonly name: string;
  readonly namespace: string;
  readonly jobNamespace: string;
}

/** Refuses a pattern that Go cannot read: the runner would find out at the first job that asks for something. */
export function refuseUnreadablePattern(subject: Subject, key: string, value: unknown): void {
  const problem = PATTERNS.includes(key) && known(value) ? reasonAgainst(value as string) : undefined;
  if (problem !== undefined) {
    throw new ValidationError(subject.where, { prop: subject.prop, problem, got: value, remedy: 'give a Go regular expression (RE2)' });
  }
}

/** The settings with patterns that have to match all of what a job asks for: the runner takes a match of a part for enough. */
export function anchored(settings: Settings): Settings {
  const patterns = PATTERNS.filter((key) => settings[key]).map((key) => [key, whole(settings[key])]);
  return { ...settings, ...Object.fromEntries(patterns) };
}

/** Refuses a pattern by which a job could run under the manager's account, and with its rights in the cluster and in Azure. */
export function checkManagerIsOutOfReach(where: IConstruct | string, settings: Settings, manager: ManagerAccount): void {
  const accounts = settings.service_account_overwrite_allowed;
  if (!mayMatch(accounts, manager.name)) {
    return;
  }
  if (manager.namespace === manager.jobNamespace) {
    throw new ValidationError(where, {
      prop: 'kubernetesSettings.service_account_overwrite_allowed', problem: `${lets(accounts)} a job run as the manager, whose account is ${shownName(manager.name)}`, got: accounts,
      remedy: 'write a pattern that does not match it, or give the jobs a jobNamespace of their own',
    });
  }
  const namespaces = settings.namespace_overwrite_allowed;
  if (mayMatch(namespaces, manager.namespace)) {
    throw new ValidationError(where, {
      prop: 'kubernetesSettings.namespace_overwrite_allowed',
      problem: `${lets(namespaces)} a job run in the namespace of the manager, ${shownName(manager.namespace)}, and as the manager`,
      got: namespaces, remedy: 'write a pattern that does not match it',
    });
  }
}

/** A pattern that only the apply knows may match everything. */
function mayMatch(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined || pattern === '') {
    return false;
  }
  return !known(pattern) || known(text) && regularExpressions().matches(whole(pattern), text);
}

function lets(pattern: string): string {
  return known(pattern) ? 'lets' : 'is known only at apply time and may let';
}

function shownName(name: string): string {
  return known(name) ? name : 'known only at apply time';
}

function whole(pattern: string): string {
  return `^(?:${pattern})$`;
}

function reasonAgainst(pattern: string): string | undefined {
  try {
    regularExpressions().compile(pattern);
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(/^error parsing regexp: /, 'not a regular expression, ');
  }
}

/** Go's, which differ from JavaScript's. Loaded on use: few programs have a pattern, and it takes as long as a tenth of the library. */
function regularExpressions(): typeof import('re2js')['RE2JS'] {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('re2js').RE2JS;
}
