import { Finding } from './omnibus-judgement';
import { isSection, OmnibusSettings } from './omnibus-settings';
import { shown } from './shown-value';
import { known } from '../../private/rules/subject';
import { isSecretName } from '../set-up/secret-keys';

/** What is known now of a key, at any depth; nothing if only the apply knows it, or Ruby's nil was given. */
export function valueAt(settings: unknown, ...path: readonly string[]): unknown {
  const found = path.reduce<unknown>((map, key) => (isSection(map) && Object.hasOwn(map, key) ? map[key] : undefined), settings);
  return known(found) ? found : undefined;
}

/** Text that is known now. */
export function textAt(settings: OmnibusSettings, ...path: readonly string[]): string | undefined {
  const found = valueAt(settings, ...path);
  return typeof found === 'string' ? found : undefined;
}

/** Whether anything was given for a key, references too. */
export function isGiven(settings: unknown, ...path: readonly string[]): boolean {
  const map = path.slice(0, -1).reduce<unknown>((outer, key) => (isSection(outer) ? outer[key] : undefined), settings);
  const value = isSection(map) ? map[path[path.length - 1]] : undefined;
  return value !== undefined && value !== null;
}

/** Whether a switch that is on by itself may be off: by what was given, or by what only the apply knows. */
export function mayBeOff(settings: unknown, ...path: readonly string[]): boolean {
  return isGiven(settings, ...path) && valueAt(settings, ...path) !== true;
}

/** A key that is read, but whose value stops GitLab or is passed over without a word. */
export function wrongValue(path: readonly string[], problem: string, got: unknown, remedy: string): Finding {
  return { path, problem, got: isSecretName(path.join('.')) ? '(hidden)' : shown(got), remedy, kind: 'mistake' };
}

export const UNLESS_MEANT = ', or name it in uncheckedOmnibusKeys';
