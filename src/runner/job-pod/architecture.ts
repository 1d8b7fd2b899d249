import { IConstruct } from 'constructs';
import { isArm64, parseVmSize } from '../../azure/machine/vm-size';
import { isPlainObject } from '../../private/rules/collections';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { RunnerOptions } from '../runner-options';

const ARCHITECTURE = 'kubernetes.io/arch';
const BETA_ARCHITECTURE = 'beta.kubernetes.io/arch';
const INSTANCE_TYPES = ['node.kubernetes.io/instance-type', 'beta.kubernetes.io/instance-type'];

/** Refuses jobs on Arm64 where the runner does not see it, which knows one label alone: its helper would be for x86-64, and each job would end with `exec format error`. */
export function refuseHiddenArm64(where: IConstruct | string, { nodeSelector = {}, affinity, kubernetesSettings = {} }: RunnerOptions): void {
  if (nodeSelector[ARCHITECTURE] !== undefined || kubernetesSettings.helper_image) {
    return;
  }
  const refuse = (prop: string, got: unknown): never => {
    throw new ValidationError(where, {
      prop, problem: 'jobs on Arm64, for which the runner has no helper, as it looks for another label', got,
      remedy: `write nodeSelector { "${ARCHITECTURE}": "arm64" }, or give kubernetesSettings.helper_image`,
    });
  };
  for (const [label, value] of Object.entries(nodeSelector)) {
    if (saysArm64(label, value)) {
      refuse(`nodeSelector[${JSON.stringify(label)}]`, value);
    }
  }
  const found = arm64In(affinity?.nodeAffinity);
  if (found !== undefined) {
    refuse('affinity', found);
  }
}

/** What tags of the helper's images say, and what the label does. */
const OF_TAGS: { readonly [tag: string]: string } = { x86_64: 'amd64', arm64: 'arm64' };

/** Refuses a helper for other machines than the jobs'. */
export function refuseOtherHelper(where: IConstruct | string, { nodeSelector = {}, kubernetesSettings = {} }: RunnerOptions): void {
  const { helper_image: image } = kubernetesSettings;
  const [, tag] = known(image) ? /:(?:[\w.]+-)?(x86_64|arm64)-v/.exec(image) ?? [] : [];
  const wanted = nodeSelector[ARCHITECTURE];
  if (tag !== undefined && known(wanted) && OF_TAGS[tag] !== wanted) {
    throw new ValidationError(where, {
      prop: 'kubernetesSettings.helper_image', problem: `for ${OF_TAGS[tag]}, and nodeSelector is for ${wanted}`, got: image, remedy: 'take the image for these nodes, or leave it out',
    });
  }
}

function saysArm64(label: string, value: unknown): boolean {
  if (!known(value) || typeof value !== 'string') {
    return false;
  }
  const size = INSTANCE_TYPES.includes(label) ? parseVmSize(value) : undefined;
  return [ARCHITECTURE, BETA_ARCHITECTURE].includes(label) && value === 'arm64' || size !== undefined && isArm64(size);
}

/** The values of an expression that lets jobs onto Arm64. */
function arm64In(affinity: unknown): unknown {
  if (!known(affinity)) {
    return undefined;
  }
  if (Array.isArray(affinity)) {
    return affinity.map(arm64In).find((found) => found !== undefined);
  }
  if (!isPlainObject(affinity)) {
    return undefined;
  }
  const { key, operator, values } = affinity;
  return operator === 'In' && Array.isArray(values) && values.some((value) => saysArm64(String(key), value)) ? values : arm64In(Object.values(affinity));
}
