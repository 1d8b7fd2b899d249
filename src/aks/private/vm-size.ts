import { Construct } from 'constructs';
import { checkShape } from './release-checks';
import { known, Subject } from '../../private/checks';
import { ValidationError } from '../../private/validation-error';
import { warn } from '../../warnings/private/warn';

const VM_SIZE = /^Standard_([A-Z]+)(\d+)(?:-\d+)?([a-z]*)(?:_(?!v\d)[A-Za-z][A-Za-z0-9]*)*(?:_v(\d+))?$/;

/** What a VM size's name tells. */
export interface VmSize {
  readonly family: string;
  readonly features: string;
  readonly generation: number;
}

export function parseVmSize(name: string): VmSize | undefined {
  const match = VM_SIZE.exec(name);
  return match ? { family: match[1], features: match[3], generation: Number(match[4] ?? 1) } : undefined;
}

export function checkVmSize(subject: Subject & { where: Construct }, value: string | undefined): void {
  checkShape(subject, value, false, VM_SIZE, 'not a VM size', 'give a name such as "Standard_D4s_v5" (az vm list-sizes)');
  if (!known(value)) {
    return;
  }
  const { family, generation } = parseVmSize(value)!;
  const retirement = retirementOf(family, generation);
  if (retirement) {
    warn(subject.where, 'retiring-vm-size', {
      prop: subject.prop, reason: `Azure retires ${value} on ${retirement} and closes it to new subscriptions before`,
      remedy: 'take its successor, such as "Standard_D2s_v5"',
    });
  }
}

/** System pools must not run on burstable machines: without credits the cluster's own services starve. */
export function refuseBurstable(subject: Subject, value: string): void {
  if (known(value) && parseVmSize(value)?.family === 'B') {
    throw new ValidationError(subject.where, {
      prop: subject.prop, problem: 'AKS takes no burstable (B series) machines for system pools', got: value,
      remedy: 'take another series such as "Standard_D2s_v5"',
    });
  }
}

/** The system disk can lie on the machine's own disk only where it has one: from the fourth generation on a `d` in the name says so. */
export function refuseEphemeral(subject: Subject, value: string): void {
  const size = known(value) ? parseVmSize(value) : undefined;
  if (size && size.generation >= 4 && !size.features.includes('d')) {
    throw new ValidationError(subject.where, {
      prop: subject.prop, problem: `${value} has no disk of its own that an ephemeral system disk could lie on`, got: 'Ephemeral',
      remedy: 'take a size with a local disk such as "Standard_D4ds_v5", or AksOsDiskType.MANAGED',
    });
  }
}

function retirementOf(family: string, generation: number): string | undefined {
  if (family === 'B' && generation === 1) {
    return '2028-11-15';
  }
  return ['D', 'DS'].includes(family) && generation === 2 ? '2028-05-01' : undefined;
}
