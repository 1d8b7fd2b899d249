import { Construct } from 'constructs';
import { Finding, judge, OmnibusTarget } from './omnibus-judgement';
import { OmnibusSettings } from './omnibus-settings';
import { judgeServices } from './service-judgement';
import { judgeSidekiq } from './sidekiq-judgement';
import { judgeValues } from './value-judgement';
import { list } from '../../private/rules/collections';
import { Rule } from '../../private/rules/rule';
import { knownText } from '../../private/rules/scalars';
import { Subject } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { warn } from '../../warnings/private/warn';

/**
 * Refuses what the version and edition to be installed would not read or not start with, but for the keys that are not to be checked.
 * @param more what features find wrong with keys of theirs.
 */
export function checkOmnibusSettings(
  where: Subject['where'], settings: OmnibusSettings, target: OmnibusTarget, unchecked: readonly string[], more: readonly Finding[] = [],
): void {
  const [first, ...others] = all(settings, target, more).filter(({ kind, path }) => kind === 'mistake' && !isAmong(unchecked, path));
  if (first) {
    const { path, problem, got, remedy } = first;
    throw new ValidationError(where, { prop: ['omnibusSettings', ...path].join('.'), problem, got, remedy: `${remedy}${wrongToo(others)}` });
  }
}

function all(settings: OmnibusSettings, target: OmnibusTarget, more: readonly Finding[]): Finding[] {
  return [...judge(settings, target), ...judgeValues(settings), ...judgeServices(settings), ...judgeSidekiq(settings), ...more];
}

const MOST_NAMES = 10;

/** Whoever brings a gitlab.rb of years has many, and would else synthesise once for each. */
function wrongToo(findings: readonly Finding[]): string {
  const names = findings.slice(0, MOST_NAMES).map(({ path }) => path.join('.'));
  const rest = findings.length - names.length;
  return findings.length === 0 ? '' : `; wrong too: ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** Warns of keys that GitLab may not read, and of those that it will not read for ever. */
export function warnOfOmnibusSettings(
  scope: Construct, settings: OmnibusSettings, target: OmnibusTarget, unchecked: readonly string[], more: readonly Finding[] = [],
): void {
  const findings = all(settings, target, more);
  const told = ({ path, problem, remedy }: Finding) => `${path.join('.')} (${problem}, ${remedy.replace(/, or name it in uncheckedOmnibusKeys$/, '')})`;
  const doubtful = findings.filter(({ kind, path }) => kind === 'later' || (kind === 'mistake' && isAmong(unchecked, path)));
  if (doubtful.length > 0) {
    warn(scope, 'unchecked-omnibus-keys', {
      prop: 'omnibusSettings',
      reason: 'GitLab says nothing of a key that it does not read, and these are not known for '
        + `${target.version.version}: ${doubtful.map(told).join(', ')}`,
      remedy: 'see on the server whether they have their effect',
    });
  }
  const deprecated = findings.filter(({ kind }) => kind === 'deprecated');
  if (deprecated.length > 0) {
    warn(scope, 'deprecated-omnibus-keys', {
      prop: 'omnibusSettings', reason: `a later version does not read ${deprecated.map(told).join(', ')}`, remedy: 'change them before that upgrade',
    });
  }
}

/** `section`, `section.key` and so on: what is below a name is meant as well. */
function isAmong(unchecked: readonly string[], path: readonly string[]): boolean {
  return unchecked.some((name) => `${path.join('.')}.`.startsWith(`${name}.`));
}

/** The rule of a list of such names. */
export function omnibusKeyNames(): Rule<string[]> {
  return list(knownText('a name such as "gitlab_rails.some_key"', /^[a-z][a-z0-9_]*(\..+)*$/));
}
