import { FederatedIdentityCredential } from '@cdktf/provider-azurerm/lib/federated-identity-credential';
import { UserAssignedIdentity } from '@cdktf/provider-azurerm/lib/user-assigned-identity';
import { ITerraformDependable } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { assignIdentityRole, azureRole } from '../azure/access/role-assignment';
import { AzureRole } from '../azure/azure-role';
import { ownParts, platformName } from '../azure/names/part-names';
import { belongTo } from '../azure/place/azure-place';
import { IDENTITY_NAME_LENGTH, identityName as anIdentityName, roleScope as aRoleScope } from '../azure/private/rules';
import { AzureContext } from '../azure/provider/azure-context';
import { setFederatedIdentity } from '../azure/provider/azurerm-arguments';
import { IKubernetesCluster } from '../delivery/kubernetes-cluster';
import { aCluster } from '../delivery/private/cluster-rule';
import { dnsLabel, objectName } from '../kubernetes/private/rules';
import { constructId } from '../private/construct-id';
import { defaultName } from '../private/default-name';
import { required, Rules, takeProps, takeValue } from '../private/rules/rule';
import { checkStack } from '../private/stack-check';

const AUDIENCE = 'api://AzureADTokenExchange';

/** Options for a workload identity. */
export interface WorkloadIdentityOptions {
  /** The namespace of the Kubernetes service account, a DNS label. */
  readonly namespace: string;

  /** The name of the Kubernetes service account, a DNS subdomain. */
  readonly serviceAccountName: string;

  /**
   * The managed identity's name: 3 to 128 letters, digits, hyphens and underscores. Changing it creates a new identity, without the old
   * one's roles.
   * @default - made from the construct's path
   */
  readonly identityName?: string;
}

const WORKLOAD_IDENTITY: Rules<WorkloadIdentityOptions> = {
  namespace: required(dnsLabel()),
  serviceAccountName: required(objectName()),
  identityName: anIdentityName(),
};

/**
 * A user-assigned managed identity for pods that run under one Kubernetes service account. Entra ID trusts the cluster's tokens for that
 * account, so no secret is stored anywhere.
 *
 * It belongs to the stack it is defined in, which need not be the cluster's.
 *
 * @see https://learn.microsoft.com/azure/aks/workload-identity-overview
 */
export class WorkloadIdentity extends Construct {
  /** The identity's client id, which pods and the Key Vault driver use. */
  public readonly clientId: string;

  /** The identity's object id in Entra ID, for role assignments. */
  public readonly principalId: string;

  /** The identity's ARM id. */
  public readonly identityId: string;

  /** The annotations that the Kubernetes service account needs. */
  public readonly serviceAccountAnnotations: { [name: string]: string };

  /** The labels that a pod needs. */
  public readonly podLabels: { [name: string]: string } = { 'azure.workload.identity/use': 'true' };

  /** The resources that must be applied before pods can use the identity: the federated credential and role assignments. */
  public readonly ready: ITerraformDependable[];

  /** @internal */
  protected readonly _given: WorkloadIdentityOptions;

  /**
   * Makes an identity for pods of a cluster of this stack or of another one.
   * @param cluster the cluster whose tokens the identity trusts.
   */
  constructor(scope: Construct, id: string, cluster: IKubernetesCluster, options: WorkloadIdentityOptions) {
    super(scope, constructId(new.target, scope, id));
    checkStack(this);
    takeValue(this, 'cluster', cluster, aCluster());
    this._given = takeProps(this, 'options', options, WORKLOAD_IDENTITY);
    const { namespace, serviceAccountName, identityName } = this._given;
    belongTo(this, cluster);
    AzureContext.of(this);
    ownParts(this, cluster.location);

    const identity = new UserAssignedIdentity(this, 'Resource', {
      name: identityName ?? platformName(this, 'identity') ?? defaultName(this, IDENTITY_NAME_LENGTH, '-identity'),
      resourceGroupName: cluster.resourceGroupName,
      location: cluster.location,
      tags: cluster.tags,
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
   * Assigns a role to the identity.
   * @param id the role assignment's construct id.
   * @param role such as `AzureRole.KEY_VAULT_SECRETS_USER`.
   * @param roleScope the ARM id of the resource the role applies to.
   */
  public grant(id: string, role: AzureRole, roleScope: string): void {
    this._grant(id, role, roleScope);
  }

  /**
   * The same where another construct has made what the role applies to.
   * @internal
   */
  public _grant(id: string, role: AzureRole, roleScope: string, owner: IConstruct = this): void {
    const given = takeValue(this, 'role', role, azureRole());
    const assignment = assignIdentityRole(this, id, given, takeValue(this, 'roleScope', roleScope, aRoleScope()), this.principalId);
    this.ready.push(belongTo(assignment, owner));
  }
}
