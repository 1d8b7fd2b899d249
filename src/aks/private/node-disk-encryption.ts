import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { AzureRole } from '../../azure/azure-role';
import { assignIdentityRole } from '../../azure/private/role-assignment';
import { spreadingTime } from '../../azure/private/spreading-time';

/** Roles at what is somebody else's take as long as Azure says at most. */
const SPREADING_SECONDS = 300;

export interface NodeDiskEncryptionProps {
  readonly diskEncryptionSetId: string;
  /** The control plane's identity. */
  readonly principalId: string;
}

/** The right by which the control plane gives nodes, and volumes of pods, disks that a set encrypts. */
export class NodeDiskEncryption extends Construct {
  public readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, { diskEncryptionSetId, principalId }: NodeDiskEncryptionProps) {
    super(scope, id);
    const role = assignIdentityRole(this, 'SetRole', AzureRole.READER, diskEncryptionSetId, principalId);
    this.ready = [spreadingTime(this, SPREADING_SECONDS, [role])];
  }
}
