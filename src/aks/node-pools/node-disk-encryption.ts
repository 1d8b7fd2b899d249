import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { assignIdentityRole } from '../../azure/access/role-assignment';
import { spreadingTime } from '../../azure/access/spreading-time';
import { AzureRole } from '../../azure/azure-role';

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
