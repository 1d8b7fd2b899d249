import { Construct } from 'constructs';
import { FilledProps } from './filled-props';
import { warnOfMachineSize } from './machine-size';
import { ServerFeatures } from './server-features';
import { settingsFindings } from './settings-findings';
import { tooWide } from '../../private/cidr';
import { warn } from '../../warnings/private/warn';
import { WarningId } from '../../warnings/private/warning-ids';
import { warnOfOmnibusSettings } from '../gitlab-rb/omnibus-check';

/** Warns of what a server's props allow that may be meant, but should be known. */
export function warnOfRelaxations(scope: Construct, props: FilledProps, features: ServerFeatures): void {
  const about = (id: WarningId, prop: string, reason: string, remedy: string) => warn(scope, id, { prop, reason, remedy });
  warnOfMachineSize(scope, 'vmSize', props.vmSize);
  warnOfOpenSsh(about, props);
  if (props.omnibusSettings) {
    warnOfOmnibusSettings(scope, props.omnibusSettings, props, props.uncheckedOmnibusKeys, settingsFindings(props, features));
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

function warnOfOpenSsh(about: About, { sshAllowedCidrs, sshPort }: FilledProps): void {
  const everybody = tooWide(sshAllowedCidrs);
  if (everybody) {
    about('ssh-open-to-internet', 'sshAllowedCidrs', `port ${sshPort} is open to ${everybody}`, 'name the networks that need it');
  }
}
