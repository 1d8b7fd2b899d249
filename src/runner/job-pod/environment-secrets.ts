import { chosenNamespaces, freeNamespacesBy } from './overwrites';
import { Subject } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { Settings } from '../config/settings';
import { SecretsFrom, shownSecret } from '../secret/secret-from';

/** A key of a Kubernetes Secret. */
export interface SecretKey { readonly name: string; readonly key: string }

/**
 * Puts keys of Secrets into variables of the build container. The runner writes a job's own variables there too: `null` takes away the value of one with the
 * same name, which Kubernetes would refuse beside a reference, and the job's script still sets it.
 */
export function environmentPatch(keys: { readonly [variable: string]: SecretKey }): Settings {
  const env = Object.entries(keys).map(([name, secretKeyRef]) => ({ name, value: null, valueFrom: { secretKeyRef } }));
  return { name: 'environment from secrets', patch: JSON.stringify({ containers: [{ name: 'build', env }] }) };
}

/** Refuses Secrets that are not where the jobs are: their pods would never start. */
export function refuseSecretsElsewhere(
  subject: Subject, secrets: SecretsFrom, settings: Settings,
  { namespace, jobNamespace }: { readonly namespace: string; readonly jobNamespace: string },
): void {
  const free = freeNamespacesBy(settings, jobNamespace);
  for (const [name, secret] of Object.entries(secrets)) {
    const refuse = (problem: string, remedy: string): never => {
      throw new ValidationError(subject.where, { prop: `${subject.prop}.${name}`, problem, got: shownSecret(secret), remedy });
    };
    if (free !== undefined) {
      refuse(`a Secret is of one namespace, and by kubernetesSettings.${free} jobs run in others`, 'leave one of the two out');
    }
    if (secret.kind === 'vault' && (namespace !== jobNamespace || chosenNamespaces(settings, jobNamespace).length > 0)) {
      refuse('the driver copies a vault\'s secret into the manager\'s namespace, and jobs run in another', 'keep the jobs there, or give RunnerSecret.kubernetesSecret()');
    }
  }
}
