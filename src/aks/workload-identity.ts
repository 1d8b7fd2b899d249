import { FederatedIdentityCredential } from '@cdktf/provider-azurerm/lib/federated-identity-credential';
import { UserAssignedIdentity } from '@cdktf/provider-azurerm/lib/user-assigned-identity';
import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { IAksCluster } from './cluster';
import { aksCluster } from './private/cluster-rule';
import { assignIdentityRole } from './private/role-assignment';
import { AzureContext } from '../azure/private/azure-context';
import { IDENTITY_NAME_LENGTH, identityName as anIdentityName, roleName as aRoleName, roleScope as aRoleScope } from '../azure/private/rules';
import { dnsLabel, objectName } from '../kubernetes/private/rules';
import { setFederatedIdentity } from '../private/azurerm-arguments';
import { defaultName } from '../private/default-name';
import { required, Rules, takeProps, takeValue } from '../private/rules/rule';
import { checkStack } from '../private/stack-check';

const AUDIENCE = 'api://AzureADTokenExchange';

/** What an identity for pods is made of. */
export interface WorkloadIdentityOptions {
  /** The Kubernetes namespace of the service account; others than DNS labels are refused. */
  readonly namespace: string;

  /** The Kubernetes service account's name; anything but a DNS subdomain is refused. */
  readonly serviceAccountName: string;

  /**
   * The managed identity's name: 3 to 128 letters, digits, hyphens and underscores; others are refused. Changing it makes a new
   * identity without the old one's roles.
   * @default - made from the construct's path
   */
  readonly identityName?: string;
}

/** What an identity for pods is made of, and for which cluster. */
export interface WorkloadIdentityProps extends WorkloadIdentityOptions {
  /** The cluster whose tokens the identity trusts. */
  readonly cluster: IAksCluster;
}

const WORKLOAD_IDENTITY: Rules<WorkloadIdentityProps> = {
  cluster: required(aksCluster()),
  namespace: required(dnsLabel()),
  serviceAccountName: required(objectName()),
  identityName: anIdentityName(),
};

/**
 * A user-assigned managed identity that pods under one Kubernetes service account take on: Entra trusts the cluster's token for
 * that account, so nothing secret is stored anywhere.
 *
 * It belongs to the stack it is made in, which need not be the cluster's.
 *
 * @see https://learn.microsoft.com/azure/aks/workload-identity-overview
 */
export class WorkloadIdentity extends Construct {
  /** The identity's client id, which pods and the Key Vault driver name it by. */
  public readonly clientId: string;

  /** The identity's object id in Entra, which roles are assigned to. */
  public readonly principalId: string;

  /** The identity's ARM id. */
  public readonly identityId: string;

  /** The annotations the Kubernetes service account needs. */
  public readonly serviceAccountAnnotations: { [name: string]: string };

  /** The labels a pod needs. */
  public readonly podLabels: { [name: string]: string } = { 'azure.workload.identity/use': 'true' };

  /** Federation and grants: what has to be applied before pods can use the identity. */
  public readonly ready: ITerraformDependable[];

  /** @internal */
  protected readonly _given: WorkloadIdentityProps;

  constructor(scope: Construct, id: string, props: WorkloadIdentityProps) {
    super(scope, id);
    checkStack(this);
    this._given = takeProps(this, 'props', props, WORKLOAD_IDENTITY);
    const { cluster, namespace, serviceAccountName, identityName } = this._given;
    AzureContext.of(this);

    const identity = new UserAssignedIdentity(this, 'Resource', {
      name: identityName ?? defaultName(this, IDENTITY_NAME_LENGTH, '-identity'),
      resourceGroupName: cluster.resourceGroupName,
      location: cluster.location,
    });
    this.clientId = identity.clientId;
    this.principalId = identity.principalId;
    this.identityId = identity.id;

    const federation = new FederatedIdentityCredential(this, 'Federation', {
      name: 'kubernetes',
      issuer: cluster.oidcIssuerUrl,
      subject: `system:serviceaccount:${namespace}:${serviceAccountName}`,
      audience: [AUDIENCE],
      parentId: this.identityId,
      resourceGroupName: cluster.resourceGroupName,
    });
    setFederatedIdentity(federation, this.identityId);

    this.serviceAccountAnnotations = {
      'azure.workload.identity/client-id': this.clientId,
      'azure.workload.identity/tenant-id': cluster.tenantId,
    };
    this.ready = [federation];
  }

  /**
   * Assigns a built-in role to the identity.
   * @param id the role assignment's construct id.
   * @param roleName the role's name, such as `Key Vault Secrets User`; an empty one is refused.
   * @param roleScope the ARM id of what the role is good for; an empty one is refused.
   * @see https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
   */
  public grant(id: string, roleName: string, roleScope: string): void {
    const role = takeValue(this, 'roleName', roleName, aRoleName());
    this.ready.push(assignIdentityRole(this, id, role, takeValue(this, 'roleScope', roleScope, aRoleScope()), this.principalId));
  }
}
