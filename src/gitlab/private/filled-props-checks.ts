import { Construct } from 'constructs';
import { FilledProps } from './filled-props';
import { checkMachineSize } from './machine-size';
import { ServerFeatures } from './server-features';
import { settingsFindings } from './settings-findings';
import { parseVmSize, takesPremiumDisks } from '../../azure/machine/vm-size';
import { contains } from '../../private/cidr';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { checkOmnibusSettings } from '../gitlab-rb/omnibus-check';
import { checkDataDiskSpeed } from '../machine/data-disk-speed';
import { checkPrivateAddress } from '../machine/private-address';

/** Refuses what does not fit together, defaults included. */
export function checkFilledProps(scope: Construct, props: FilledProps, features: ServerFeatures): void {
  checkMachineSize(scope, 'vmSize', props.vmSize, props.image);
  checkDiskTypes(scope, props);
  checkDataDiskSpeed(scope, props);
  if (!contains(props.virtualNetworkCidr, props.subnetCidr)) {
    throw new ValidationError(scope, {
      prop: 'subnet.subnetCidr', problem: 'not within virtualNetworkCidr', got: props.subnetCidr, remedy: `give a block within "${props.virtualNetworkCidr}"`,
    });
  }
  if (props.privateAddress !== undefined && props.subnet?._existingId === undefined) {
    checkPrivateAddress(scope, props.privateAddress, props.subnetCidr);
  }
  if (props.omnibusSettings) {
    checkOmnibusSettings(scope, props.omnibusSettings, props, props.uncheckedOmnibusKeys, settingsFindings(props, features));
  }
  features.check(scope);
  checkPorts(scope, props, features);
}

function checkDiskTypes(scope: Construct, props: FilledProps): void {
  const size = known(props.vmSize) ? parseVmSize(props.vmSize) : undefined;
  for (const prop of ['osDiskType', 'dataDiskType'] as const) {
    if (size && !takesPremiumDisks(size) && known(props[prop]) && props[prop].startsWith('Premium')) {
      throw new ValidationError(scope, {
        prop, problem: `the size ${props.vmSize} does not support premium disks`, got: props[prop],
        remedy: 'give ManagedDiskType.STANDARD_SSD_LRS, or a size with an "s" such as "Standard_D4s_v5"',
      });
    }
  }
}

function checkPorts(scope: Construct, { sshPort }: FilledProps, features: ServerFeatures): void {
  const twin = features.ports.find(({ port }) => known(port) && port === sshPort);
  if (twin) {
    throw new ValidationError(scope, { prop: 'sshPort', problem: `the same as ${twin.name.toLowerCase()}.port`, got: sshPort, remedy: `give another one such as ${sshPort === 2222 ? 2022 : 2222}` });
  }
}
