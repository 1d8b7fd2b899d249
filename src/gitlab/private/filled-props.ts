import { parseVmSize } from '../../azure/machine/vm-size';
import { ManagedDiskType } from '../../azure/managed-disk-type';
import { SshPublicKey } from '../../azure/ssh-public-key';
import { UbuntuImage } from '../../azure/ubuntu-image';
import { known } from '../../private/rules/subject';
import { proxyAddresses } from '../endpoint/endpoint-choice';
import { GitLabEndpoint } from '../endpoint/gitlab-endpoint';
import { GitLabEdition } from '../gitlab-edition';
import { GitLabNetwork } from '../machine/gitlab-network';
import { DEFAULT_MAINTENANCE_WINDOW } from '../machine/patching';
import { shownSshPort } from '../machine/ports';
import { firstFreeAddress } from '../machine/private-address';
import { NEWEST_VERSION } from '../newest-version';
import { SelfHostedGitLabProps } from '../self-hosted-gitlab-props';

/** Up to this much memory GitLab has to be trimmed. */
const SMALL_MACHINE_MEMORY_GB = 8;

/** The props with every gap filled that a constant or another prop fills, but for those that a feature fills. */
export type FilledProps = ReturnType<typeof fillProps>;

export function fillProps(props: SelfHostedGitLabProps) {
  const vmSize = props.vmSize ?? 'Standard_D4s_v5';
  const endpoint = props.endpoint ?? GitLabEndpoint.https();
  const network = props.network ?? GitLabNetwork.publicAddress();
  const everybody = network._privateAddress ? ['VirtualNetwork'] : ['0.0.0.0/0'];
  const webAllowedCidrs = proxyAddresses(endpoint._choice) ?? (props.webAllowedCidrs ?? everybody);
  const maintenanceWindow = props.maintenanceWindow ?? DEFAULT_MAINTENANCE_WINDOW;
  const subnet = props.subnet?._options ?? {};
  const virtualNetworkCidr = subnet.virtualNetworkCidr ?? '10.40.0.0/24';
  const subnetCidr = subnet.subnetCidr ?? virtualNetworkCidr;
  return {
    ...props,
    vmSize,
    virtualMachineName: props.virtualMachineName ?? 'gitlab-vm',
    image: props.image ?? UbuntuImage.V24_04,
    adminUsername: props.adminUsername ?? 'azureuser',
    sshPublicKey: props.sshPublicKey ?? SshPublicKey.none(),
    osDiskSizeGb: props.osDiskSizeGb ?? 64,
    osDiskType: props.osDiskType ?? ManagedDiskType.PREMIUM_LRS,
    dataDiskSizeGb: props.dataDiskSizeGb ?? 128,
    dataDiskType: props.dataDiskType ?? ManagedDiskType.PREMIUM_LRS,
    edition: props.edition ?? GitLabEdition.CE,
    version: props.version ?? NEWEST_VERSION,
    upgradeThroughStopsAllowed: props.upgradeThroughStopsAllowed ?? false,
    endpoint,
    virtualNetworkCidr,
    subnetCidr,
    network,
    privateAddress: network._privateAddress && (network._privateAddress.address ?? firstFreeAddress(subnetCidr)),
    webAllowedCidrs,
    httpAllowedCidrs: props.httpAllowedCidrs ?? webAllowedCidrs,
    sshAllowedCidrs: props.sshAllowedCidrs ?? [],
    sshPort: Number(shownSshPort(props.omnibusSettings) ?? (props.sshPort ?? 22)),
    uncheckedOmnibusKeys: props.uncheckedOmnibusKeys ?? [],
    firstRulePriority: props.firstRulePriority ?? 100,
    lowMemoryTuningEnabled: props.lowMemoryTuningEnabled ?? isSmall(vmSize),
    maintenanceWindow: { ...maintenanceWindow, durationMinutes: maintenanceWindow.durationMinutes ?? 180 },
    preventDestroy: props.preventDestroy ?? true,
    virtualMachineReplacementAllowed: props.virtualMachineReplacementAllowed ?? false,
  };
}

function isSmall(vmSize: string): boolean {
  const memoryGb = known(vmSize) ? parseVmSize(vmSize)?.memoryGb : undefined;
  return memoryGb !== undefined && memoryGb <= SMALL_MACHINE_MEMORY_GB;
}
