import { Construct } from 'constructs';
import { FilledProps } from './filled-props';
import { ServerFeatures } from './server-features';
import { isArm64, isBurstable, parseVmSize, retirementOf } from '../../azure/private/vm-size';
import { tooWide } from '../../private/cidr';
import { known } from '../../private/rules/subject';
import { warn } from '../../warnings/private/warn';
import { WarningId } from '../../warnings/private/warning-ids';
import { warnOfOmnibusSettings } from '../set-up/omnibus-check';

/** Warns of what a server's props allow that may be meant, but should be known. */
export function warnOfRelaxations(scope: Construct, props: FilledProps, features: ServerFeatures): void {
  const about = (id: WarningId, prop: string, reason: string, remedy: string) => warn(scope, id, { prop, reason, remedy });
  warnOfSize(about, props);
  warnOfOpenSsh(about, props);
  if (props.omnibusSettings) {
    warnOfOmnibusSettings(scope, props.omnibusSettings, props, props.uncheckedOmnibusKeys);
  }
  features.warn(scope);
  if (!props.preventDestroy) {
    about('destroy-allowed', 'preventDestroy', 'a plan may destroy the server, its data and its secrets', 'set it to true for anything you want to keep');
  }
  if (props.virtualMachineReplacementAllowed && props.preventDestroy) {
    about('machine-replacement-allowed', 'virtualMachineReplacementAllowed', 'a plan may replace the machine', 'set it to false once that is done');
  }
}

type About = (id: WarningId, prop: string, reason: string, remedy: string) => void;

function warnOfSize(about: About, { vmSize }: FilledProps): void {
  const size = known(vmSize) ? parseVmSize(vmSize) : undefined;
  if (!size) {
    return;
  }
  if (isBurstable(size)) {
    about('burstable-vm-size', 'vmSize', 'a burstable size slows to a fraction of its speed once its CPU credits are used up, and GitLab\'s own services use them up',
      'for more than a trial choose one such as "Standard_D4s_v5"');
  }
  const retirement = retirementOf(size);
  if (retirement) {
    about('retiring-vm-size', 'vmSize', `Microsoft retires ${vmSize} on ${retirement.date}`, `choose one such as "${retirement.successor}"`);
  }
  if (isArm64(size)) {
    about('arm64-vm-size', 'vmSize', 'Microsoft\'s documentation does not list Arm64 for the run commands that set the server up',
      'choose one for x64 such as "Standard_D4s_v5" if they fail');
  }
  if ((size.memoryGb ?? 8) < 8) {
    about('little-memory', 'vmSize', 'GitLab asks for 8 GiB of memory, and with less it is slow', 'choose one with more such as "Standard_D4s_v5"');
  }
}

function warnOfOpenSsh(about: About, { sshAllowedCidrs, sshPort }: FilledProps): void {
  const everybody = tooWide(sshAllowedCidrs);
  if (everybody) {
    about('ssh-open-to-internet', 'sshAllowedCidrs', `port ${sshPort} is open to ${everybody}`, 'name the networks that need it');
  }
}
