import { IConstruct } from 'constructs';
import { KUBERNETES_KEYS } from './kubernetes-keys';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { matchesAll } from '../config/go-expressions';
import { Settings } from '../config/settings';

/** The settings that hold a pattern of what a job may ask for. */
const PATTERNS = Object.keys(KUBERNETES_KEYS).filter((key) => KUBERNETES_KEYS[key].startsWith('pattern '));

/** Who the manager is, and where. */
export interface ManagerAccount {
  readonly name: string;
  readonly namespace: string;
  readonly jobNamespace: string;
}

/**
 * The namespaces that jobs may choose by a pattern: those that it lists, or `any` where it is more than a list of names.
 * @param home the jobs' own.
 */
export function chosenNamespaces(settings: Settings, home: string): readonly string[] | 'any' {
  const pattern: string | undefined = settings.namespace_overwrite_allowed;
  if (pattern === undefined || pattern === '') {
    return [];
  }
  const names = known(pattern) ? bare(pattern).split('|') : [];
  return names.length > 0 && names.every((name) => /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) ? [...new Set(names)].filter((name) => name !== home) : 'any';
}

/** The setting by which jobs run in namespaces that nobody knows before, if there is one. */
export function freeNamespacesBy(settings: Settings, home: string): 'namespace_per_job' | 'namespace_overwrite_allowed' | undefined {
  return settings.namespace_per_job ? 'namespace_per_job' : chosenNamespaces(settings, home) === 'any' ? 'namespace_overwrite_allowed' : undefined;
}

/** The pattern without what says that it has to match all of a name; nothing that is left has a bracket if it is a list of names. */
function bare(pattern: string): string {
  const inner = pattern.replace(/^\^(.*)\$$/, '$1').replace(/^\((?:\?:)?(.*)\)$/, '$1');
  return inner === pattern ? inner : bare(inner);
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

/** Whether a job may ask for it by the pattern. One that only the apply knows may match everything. */
export function mayMatch(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined || pattern === '') {
    return false;
  }
  return !known(pattern) || known(text) && matchesAll(whole(pattern), text);
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
