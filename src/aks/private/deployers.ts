import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { ITerraformDependable, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { assignRole } from '../../azure/access/role-assignment';
import { spreadingTime } from '../../azure/access/spreading-time';
import { AzureRole } from '../../azure/azure-role';
import { AzureContext } from '../../azure/provider/azure-context';
import { known } from '../../private/rules/subject';

const SPREADING_SECONDS = 300;

/** The id of the assignment of whoever applies first without being named. */
const FIRST = 'First';

export interface DeployersProps {
  /** Who applies; undefined is whoever applies first. */
  readonly objectIds?: string[];
  /** The resource group, if it is our own. */
  readonly resourceGroupId?: string;
  /** Whether an apply puts anything onto the cluster at all. */
  readonly needed: boolean;
}

/**
 * The rights of those who apply inside the cluster. Azure takes minutes to spread a role: on a resource group of our own it is
 * assigned before the cluster is made, which takes longer; in a group that others share it may only be good for this cluster,
 * so there the manifests wait.
 */
export class Deployers extends Construct {
  /** What the cluster waits for. */
  public readonly beforeCluster: ITerraformDependable[] = [];
  /** What the manifests wait for besides the cluster. */
  public readonly ready: ITerraformDependable[] = [];

  constructor(scope: Construct, id: string, private readonly props: DeployersProps) {
    super(scope, id);
    if (props.resourceGroupId !== undefined) {
      this.beforeCluster.push(...this.assign(props.resourceGroupId));
      this.ready.push(...this.beforeCluster);
    }
  }

  /** Does what could not be done before the cluster. */
  public assignOnCluster(clusterId: string): void {
    if (this.props.resourceGroupId !== undefined) {
      return;
    }
    const assignments = this.assign(clusterId);
    if (assignments.length > 0) {
      this.ready.push(spreadingTime(this, SPREADING_SECONDS, assignments));
    }
  }

  /** True if somebody is an administrator of the cluster already: Azure gives the role once. */
  public hasOnCluster(objectId: string): boolean {
    const { resourceGroupId, objectIds = [] } = this.props;
    return resourceGroupId === undefined && objectIds.some((one) => one.toLowerCase() === objectId.toLowerCase());
  }

  private assign(roleScope: string): RoleAssignment[] {
    if (this.props.objectIds !== undefined) {
      const named = this.props.objectIds.map((objectId, index) =>
        assignRole(this, known(objectId) ? objectId : `${index}`, AzureRole.AKS_RBAC_CLUSTER_ADMIN, roleScope, objectId));
      // whoever applied first is named first: what they have is taken over, since Azure refuses to assign it twice.
      named[0]?.moveFromId(`${named[0].terraformResourceType}.${TerraformStack.of(this).getLogicalId(new Construct(this, FIRST).node)}`);
      return named;
    }
    if (!this.props.needed) {
      return [];
    }
    const first = assignRole(this, FIRST, AzureRole.AKS_RBAC_CLUSTER_ADMIN, roleScope, AzureContext.of(this).currentObjectId);
    // somebody else's apply must not take the role away from whoever had it.
    first.lifecycle = { ignoreChanges: ['principal_id'] };
    return [first];
  }
}
