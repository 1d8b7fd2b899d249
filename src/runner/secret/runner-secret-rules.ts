import { RunnerSecret } from './runner-secret';
import { SecretFrom, SecretsFrom, shownSecret } from './secret-from';
import { map } from '../../private/rules/collections';
import { instanceOf, textHidden } from '../../private/rules/objects';
import { also, Rule } from '../../private/rules/rule';
import { text } from '../../private/rules/scalars';
import { Subject } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';

/** Variables that the manager reads, which job containers' own do not reach. */
const OF_THE_MANAGER: { readonly [name: string]: string } = { DOCKER_AUTH_CONFIG: 'use registryCredentials' };

/** A secret by where it is; the secret itself, given in its place by mistake, is not shown. */
export function runnerSecret(): Rule<RunnerSecret> {
  return textHidden(instanceOf(RunnerSecret, 'RunnerSecret.keyVaultSecret() or RunnerSecret.kubernetesSecret()'), 'not a RunnerSecret');
}

/** Secrets by the names of variables. */
export function environmentSecrets(): Rule<{ [name: string]: RunnerSecret }> {
  return also(map(text('a variable\'s name such as "SIGNING_KEY"', /^[A-Za-z_][A-Za-z0-9_]*$/), runnerSecret()), ({ where, prop }, given) => {
    const name = Object.keys(given).find((one) => one in OF_THE_MANAGER || one.startsWith('FF_'));
    if (name !== undefined) {
      throw new ValidationError(where, {
        prop: `${prop}.${name}`, problem: 'the manager reads it before there is a job\'s container, so that this would have no effect', got: shownSecret(given[name]._source),
        remedy: OF_THE_MANAGER[name] ?? 'use featureFlags',
      });
    }
  });
}

/** Refuses what a chart alone cannot open. */
export function refuseVaultOfChart(subject: Subject, secret: SecretFrom): void {
  if (secret.kind === 'vault') {
    throw new ValidationError(subject.where, {
      prop: subject.prop, problem: 'a chart has no identity that may read a vault', got: shownSecret(secret),
      remedy: 'use KubernetesGitLabRunner or RunnerSecret.kubernetesSecret()',
    });
  }
}

/** The places of secrets. */
export function placesOf(secrets: { readonly [name: string]: RunnerSecret }): SecretsFrom {
  return Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name, secret._source]));
}
