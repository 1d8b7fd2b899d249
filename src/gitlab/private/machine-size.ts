import { Construct } from 'constructs';
import { retirementOf } from '../../azure/machine/vm-retirement';
import { isArm64, isBurstable, parseVmSize, takesTrustedLaunch } from '../../azure/machine/vm-size';
import { UbuntuImage } from '../../azure/ubuntu-image';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { warn } from '../../warnings/private/warn';
import { WarningId } from '../../warnings/private/warning-ids';

/** Refuses a size that GitLab does not run on. */
export function checkMachineSize(scope: Construct, prop: string, vmSize: string, image: UbuntuImage): void {
  const size = known(vmSize) ? parseVmSize(vmSize) : undefined;
  if (!size) {
    return;
  }
  const refuse = (problem: string, remedy: string) => {
    throw new ValidationError(scope, { prop, problem, got: vmSize, remedy });
  };
  if (size.vcpus < 2 || (size.memoryGb ?? 4) < 4) {
    refuse('too small for GitLab', 'give a size with at least 2 vCPU and 4 GiB of memory, better 4 and 16 such as "Standard_D4s_v5"');
  }
  if (!takesTrustedLaunch(size)) {
    refuse('cannot start with Secure Boot and a virtual TPM', 'give a size that supports trusted launch such as "Standard_D4s_v5"');
  }
  if (isArm64(size) !== image.arm64) {
    refuse(`${isArm64(size) ? 'an Arm64' : 'an x64'} size with an image for ${image.arm64 ? 'Arm64' : 'x64'}`,
      'give image and size for the same kind of processor');
  }
}

/** Warns of a size that GitLab runs on, but that should be known. */
export function warnOfMachineSize(scope: Construct, prop: string, vmSize: string): void {
  const size = known(vmSize) ? parseVmSize(vmSize) : undefined;
  if (!size) {
    return;
  }
  const about = (id: WarningId, reason: string, remedy: string) => warn(scope, id, { prop, reason, remedy });
  if (isBurstable(size)) {
    about('burstable-vm-size', 'a burstable size slows to a fraction of its speed once its CPU credits are used up, and GitLab\'s own services use them up',
      'for more than a trial choose one such as "Standard_D4s_v5"');
  }
  const retirement = retirementOf(size);
  if (retirement) {
    about('retiring-vm-size', `Microsoft retires ${vmSize} on ${retirement.date}`, `choose one such as "${retirement.successor}"`);
  }
  if (isArm64(size)) {
    about('arm64-vm-size', 'Microsoft\'s documentation does not list Arm64 for the run commands that set the server up',
      'choose one for x64 such as "Standard_D4s_v5" if they fail');
  }
  if ((size.memoryGb ?? 8) < 8) {
    about('little-memory', 'GitLab asks for 8 GiB of memory, and with less it is slow', 'choose one with more such as "Standard_D4s_v5"');
  }
}
