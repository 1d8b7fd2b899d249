import { inside } from './plain-data';
import { GLOBAL_KEYS, IN_PLACE_OF, IN_PLACE_OF_EXECUTORS, NEVER, OTHER_WAYS, RUNNER_KEYS, SECRETS } from './runner-keys';
import { Settings } from './settings';
import { isSetting, refuseUnknownToRunner, SettingsTable, takeSettings } from './settings-table';
import { GitLabVersion } from '../../gitlab/gitlab-version';
import { refuseWindowsText } from '../../kubernetes/private/linux-nodes';
import { isPlainObject, plainMap } from '../../private/rules/collections';
import { Rule } from '../../private/rules/rule';
import { known, refusal, Subject } from '../../private/rules/subject';
import { KUBERNETES_KEYS } from '../job-pod/kubernetes-keys';
import { SETTINGS_OF_PROPS } from '../job-pod/settings-of-props';

const TABLE: SettingsTable = { of: 'GitLab Runner', keys: { ...GLOBAL_KEYS, ...RUNNER_KEYS }, open: [], decisions: [], inPlaceOf, elsewhere: { ...OTHER_WAYS, ...SECRETS } };
const MOST_LABELS = 32;

/** Settings of jobs' pods, which are one table further down. */
function inPlaceOf(key: string): string | undefined {
  const ofPods = Object.hasOwn(KUBERNETES_KEYS, key) ? `use ${SETTINGS_OF_PROPS.get(key) ?? 'kubernetesSettings'}` : undefined;
  return Object.hasOwn(IN_PLACE_OF, key) ? IN_PLACE_OF[key] : ofPods;
}

/**
 * Settings of `[[runners]]` that have no prop of their own, by their names in config.toml: a copy without what is null.
 * @param forManager whether those of the whole manager may be among them.
 */
export function runnerSettings(forManager: boolean): Rule<Settings> {
  const expected = 'settings by the names of config.toml';
  return {
    expected,
    take(subject, value) {
      const given = plainMap(subject, value, expected);
      refuseWhatHasAnotherWay(subject, given, '');
      ['builds_dir', 'cache_dir', 'shell'].forEach((key) => refuseWindowsText(inside(subject, `.${key}`), given[key]));
      const settings = takeSettings(TABLE, subject, given);
      const global = Object.keys(settings).find((key) => Object.hasOwn(GLOBAL_KEYS, key));
      if (global !== undefined && !forManager) {
        throw refusal(inside(subject, `.${global}`), 'a setting of the whole manager', settings[global], 'give it to the manager and not to a runner that is added');
      }
      refuseWrongLabels(inside(subject, '.labels'), settings.labels ?? {});
      return settings;
    },
  };
}

/** Those of the manager, above its runners. */
export function globalSettings(settings: Settings | undefined): Settings {
  return Object.fromEntries(Object.entries(settings ?? {}).filter(([key]) => Object.hasOwn(GLOBAL_KEYS, key)));
}

/** Those of one runner. */
export function ownSettings(settings: Settings | undefined): Settings {
  return Object.fromEntries(Object.entries(settings ?? {}).filter(([key]) => !Object.hasOwn(GLOBAL_KEYS, key)));
}

/** Refuses what is of no use: what the runner does not know yet, and what belongs to a feature that is off. */
export function refuseUselessSettings(
  subject: Subject, settings: Settings, version: GitLabVersion, on: { readonly bootVerification: boolean; readonly cache: string | false },
): void {
  refuseUnknownToRunner(TABLE, subject, settings, version);
  // what GitLab Runner writes by itself says nothing.
  if (!on.cache && Object.values(settings.cache ?? {}).some((value) => isPlainObject(value) ? Object.keys(value).length > 0 : value)) {
    throw refusal(inside(subject, '.cache'), 'has no effect without a cache', settings.cache, 'give the prop cache too, or leave it out');
  }
  if (on.cache && on.cache !== 's3' && settings.cache?.s3 !== undefined) {
    throw refusal(inside(subject, '.cache.s3'), 'has no effect without a bucket of S3', settings.cache.s3, 'leave it out, or give RunnerCache.s3()');
  }
  if (settings.experimental !== undefined && !on.bootVerification) {
    throw refusal(inside(subject, '.experimental'), 'has no effect without the check at the manager\'s start', settings.experimental, 'switch bootVerificationEnabled on, or leave it out');
  }
}

function refuseWhatHasAnotherWay(subject: Subject, settings: Settings, prefix: string): void {
  for (const [name, value] of Object.entries(settings)) {
    const key = `${prefix}${name}`;
    const here = inside(subject, `.${name}`);
    if (value === undefined || value === null) {
      continue;
    }
    if (Object.hasOwn(SECRETS, key)) {
      throw refusal(here, 'a secret that would be stored in a ConfigMap and in the Terraform state', '(hidden)', SECRETS[key]);
    }
    if (Object.hasOwn(NEVER, key)) {
      throw refusal(here, NEVER[key], known(value) ? value : undefined, inPlaceOfExecutor(key === 'executor' ? String(value) : key));
    }
    if (Object.hasOwn(OTHER_WAYS, key)) {
      throw refusal(here, 'set in another way', known(value) ? value : undefined, OTHER_WAYS[key]);
    }
    if (isPlainObject(value) && isSetting(TABLE, key)) {
      refuseWhatHasAnotherWay(here, value, `${key}.`);
    }
  }
}

function inPlaceOfExecutor(name: string): string {
  return Object.hasOwn(IN_PLACE_OF_EXECUTORS, name) ? IN_PLACE_OF_EXECUTORS[name] : 'leave it out';
}

function refuseWrongLabels(subject: Subject, labels: Settings): void {
  const names = Object.keys(labels);
  if (names.length > MOST_LABELS) {
    throw refusal(subject, 'too many', names.length, `give at most ${MOST_LABELS}`);
  }
  for (const [name, value] of Object.entries(labels)) {
    if (!/^\w[\w.-]{2,64}$/.test(name) || known(value) && !/^[\w.-]{1,256}$/.test(value)) {
      throw refusal(inside(subject, `.${name}`), 'not a valid label', value, 'give a name of 3 to 65 and a value of 1 to 256 letters, digits, ".", "_" and "-"');
    }
  }
}
