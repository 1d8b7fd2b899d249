import { KUBERNETES_KEYS } from './kubernetes-keys';
import { SETTINGS_OF_PROPS } from './settings-of-props';
import { refusal, Subject } from '../../private/rules/subject';
import { inside } from '../config/plain-data';
import { Settings } from '../config/settings';

/** Variables by which jobs choose, the settings that let them, and what says it for all jobs. */
const CHOICES: readonly (readonly [variables: RegExp, setting: string, instead: string])[] = [
  [/^KUBERNETES_NODE_SELECTOR_/, 'node_selector_overwrite_allowed', 'nodeSelector'],
  [/^KUBERNETES_NODE_TOLERATIONS_/, 'node_tolerations_overwrite_allowed', 'tolerations'],
  [/^KUBERNETES_POD_LABELS_/, 'pod_labels_overwrite_allowed', 'podLabels'],
  [/^KUBERNETES_POD_ANNOTATIONS_/, 'pod_annotations_overwrite_allowed', 'podAnnotations'],
  [/^KUBERNETES_SERVICE_ACCOUNT_OVERWRITE$/, 'service_account_overwrite_allowed', 'jobServiceAccount'],
  [/^KUBERNETES_NAMESPACE_OVERWRITE$/, 'namespace_overwrite_allowed', 'jobNamespace'],
];

/** Refuses variables that mean settings of pods to `gitlab-runner register` or in a job, and nothing in the environment of this runner. */
export function refuseEnvironmentInVain(subject: Subject, environment: { readonly [name: string]: string }, settings: Settings): void {
  for (const [name, value] of Object.entries(environment)) {
    const { allowedBy, instead } = meaningOf(name) ?? {};
    if (instead !== undefined && !(allowedBy && settings[allowedBy])) {
      throw refusal(inside(subject, `.${name}`), 'a setting of pods, which does nothing as a variable here', value, `use ${instead}`);
    }
  }
}

function meaningOf(name: string): { readonly allowedBy?: string; readonly instead: string } | undefined {
  const [, allowedBy, instead] = CHOICES.find(([variables]) => variables.test(name)) ?? [];
  if (instead !== undefined) {
    return { allowedBy, instead };
  }
  const key = /^KUBERNETES_([A-Z_]+)$/.exec(name)?.[1].toLowerCase();
  return key !== undefined && Object.hasOwn(KUBERNETES_KEYS, key)
    ? { allowedBy: `${key}_overwrite_max_allowed`, instead: SETTINGS_OF_PROPS.get(key) ?? `kubernetesSettings.${key}` } : undefined;
}
