import { TerraformVariable } from 'cdktf';
import { RunnerKeyVaultSecretOptions } from './runner-key-vault-secret';
import { supportedCloud } from '../../azure/place/cloud-hosts';
import { keyVaultObjectName, uuid } from '../../azure/private/rules';
import { GitLabRunnerOptions } from '../../gitlab/gitlab-server';
import { RUNNER_OPTIONS } from '../../gitlab/runners/runner-options-rules';
import { VOLUME_KINDS } from '../../kubernetes/private/pod-fields';
import { refuseLostSources } from '../../kubernetes/private/pod-parts';
import { refuseOtherTypes } from '../../kubernetes/private/pod-types';
import { nearest } from '../../private/nearest';
import { shown, textHidden } from '../../private/rules/objects';
import { also, Rule, Rules, Together } from '../../private/rules/rule';
import { text, trueOrFalse } from '../../private/rules/scalars';
import { ValidationError } from '../../private/validation-error';
import { plainData } from '../config/plain-data';

export const KEY_VAULT_SECRET: Rules<RunnerKeyVaultSecretOptions> = {
  tenantId: uuid(),
  clientId: uuid(),
  roleAssignmentEnabled: trueOrFalse(),
  caSecretName: keyVaultObjectName(),
  cloud: supportedCloud(),
};

/** Refuses a role for an identity that is somebody else's. */
export const checkGrant: Together<RunnerKeyVaultSecretOptions> = (at, { clientId, roleAssignmentEnabled }) => {
  if (clientId !== undefined && roleAssignmentEnabled) {
    const { where, prop } = at('roleAssignmentEnabled');
    throw new ValidationError(where, {
      prop, problem: 'only the identity that KubernetesGitLabRunner creates can be given the role', got: roleAssignmentEnabled, remedy: 'leave one of roleAssignmentEnabled and clientId out',
    });
  }
};

/** What GitLab has to know of a runner that comes by a registration token. */
export const REGISTRATION: Rules<GitLabRunnerOptions> = {
  ...RUNNER_OPTIONS,
  runnerScope: also(RUNNER_OPTIONS.runnerScope, (subject, scope) => {
    throw new ValidationError(subject.where, {
      prop: subject.prop, problem: 'a registration token decides by itself whose jobs its runners take', got: scope,
      remedy: 'drop it, and take the token from the group or project that is meant',
    });
  }),
};

/** A key of a Kubernetes Secret. */
export function secretKey(): Rule<string> {
  return text('a key of the Secret such as "runner-token"', /^[-._a-zA-Z0-9]{1,253}$/);
}


/** A volume as in a pod, without its name. */
export function volumeSource(): Rule<{ [key: string]: any }> {
  return also(plainData(), (subject, volume) => {
    const stranger = Object.keys(volume).find((kind) => kind !== 'name' && !VOLUME_KINDS.includes(kind));
    if (stranger !== undefined) {
      throw new ValidationError(subject.where, {
        prop: `${subject.prop}.${stranger}`, problem: 'not a kind of volume', got: volume[stranger], remedy: `did you mean ${JSON.stringify(nearest(stranger, VOLUME_KINDS))}`,
      });
    }
    if (Object.keys(volume).length !== 1 || 'name' in volume) {
      throw new ValidationError(subject.where, {
        prop: subject.prop, problem: 'not one kind of volume', got: Object.keys(volume), remedy: 'give one key, such as { csi: { … } }',
      });
    }
    refuseOtherTypes(subject, volume, []);
    refuseLostSources(subject, volume);
  });
}

/** A file in a volume. */
export function relativePath(): Rule<string> {
  return text('a relative path such as "token"', /^(?!.*\.\.)[\w.-][\w./-]{0,250}$/);
}

/** A variable that Terraform shows nobody. */
export function sensitiveVariable(): Rule<TerraformVariable> {
  const expected = 'a TerraformVariable with sensitive: true';
  return textHidden({
    expected,
    take(subject, value) {
      const variable = value as TerraformVariable;
      if (typeof variable !== 'object' || variable.stringValue === undefined) {
        throw new ValidationError(subject.where, { prop: subject.prop, problem: 'not a TerraformVariable', got: shown(value), remedy: `give ${expected}` });
      }
      if (variable.sensitive !== true) {
        throw new ValidationError(subject.where, {
          prop: subject.prop, problem: 'Terraform would print the value of this variable', got: variable.node.id, remedy: 'make the variable with sensitive: true',
        });
      }
      return variable;
    },
  }, 'not a TerraformVariable');
}
