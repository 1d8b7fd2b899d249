import { LinuxVirtualMachine } from '@cdktf/provider-azurerm/lib/linux-virtual-machine';
import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ManagedDiskType } from '../../azure/managed-disk-type';
import { platformName } from '../../azure/names/part-names';
import { Placement } from '../../azure/place/placement';
import { SshPublicKey } from '../../azure/ssh-public-key';
import { UbuntuImage } from '../../azure/ubuntu-image';

export interface LinuxMachineProps {
  readonly placement: Placement;
  readonly name: string;
  /** What tells it from the server's own machine, for a platform's naming. */
  readonly role?: string;
  readonly size: string;
  readonly zone?: string;
  readonly image: UbuntuImage;
  readonly adminUsername: string;
  readonly sshPublicKey: SshPublicKey;
  readonly osDiskSizeGb: number;
  readonly osDiskType: ManagedDiskType;
  readonly interfaceId: string;
  readonly identityIds: string[];
  /** What the identities may do, which has to have spread before the first script asks for it. */
  readonly roles: ITerraformDependable[];
  readonly hostEncryptionEnabled?: boolean;
  readonly diskEncryptionSetId?: string;
  readonly preventDestroy: boolean;
  /** Arguments whose changes leave the machine as it is. */
  readonly kept?: readonly string[];
}

/** A virtual machine that run commands set up. */
export function linuxMachine(scope: Construct, id: string, props: LinuxMachineProps): LinuxVirtualMachine {
  return new LinuxVirtualMachine(scope, id, {
    ...props.placement,
    name: props.name,
    size: props.size,
    zone: props.zone,
    networkInterfaceIds: [props.interfaceId],
    adminUsername: props.adminUsername,
    disablePasswordAuthentication: true,
    adminSshKey: [{ username: props.adminUsername, publicKey: props.sshPublicKey._expression }],
    // unnamed unless a platform's naming has a name: it is a reason more to replace the machine.
    osDisk: {
      name: platformName(scope, 'osDisk', props.role), caching: 'ReadWrite', storageAccountType: props.osDiskType, diskSizeGb: props.osDiskSizeGb,
      diskEncryptionSetId: props.diskEncryptionSetId,
    },
    sourceImageReference: {
      publisher: props.image.publisher, offer: props.image.offer, sku: props.image.sku, version: props.image.version,
    },
    secureBootEnabled: true,
    vtpmEnabled: true,
    encryptionAtHostEnabled: props.hostEncryptionEnabled,
    identity: { type: 'UserAssigned', identityIds: props.identityIds },
    patchMode: 'AutomaticByPlatform',
    patchAssessmentMode: 'AutomaticByPlatform',
    rebootSetting: 'IfRequired',
    // Azure's own schedule would come at any hour: the window of `Patching` takes its place.
    bypassPlatformSafetyChecksOnUserScheduleEnabled: true,
    bootDiagnostics: {},
    // bounds the run commands together with their own time limits.
    extensionsTimeBudget: 'PT2H',
    dependsOn: props.roles,
    lifecycle: {
      preventDestroy: props.preventDestroy,
      // azure refuses another key on a machine that exists, and a file may differ from one person's home to the next.
      ignoreChanges: ['admin_ssh_key', ...keyKept(props.diskEncryptionSetId, 'os_disk[0].disk_encryption_set_id'), ...props.kept ?? []],
    },
  });
}

/** Azure never goes back to its own keys, and the provider stops the machine before it says so: without a set, disks keep the one they have. */
export function keyKept(diskEncryptionSetId: string | undefined, argument: string): string[] {
  return diskEncryptionSetId === undefined ? [argument] : [];
}
