import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { IAksCluster } from './cluster';

export interface WorkloadIdentityOptions {
  /** The Kubernetes namespace of the service account. */
  readonly namespace: string;
  /** The Kubernetes service account's name. */
  readonly serviceAccountName: string;
}
export interface WorkloadIdentityProps extends WorkloadIdentityOptions {
  readonly cluster: IAksCluster;
}
/** A user-assigned managed identity federated with one Kubernetes service account. */
export class WorkloadIdentity extends Construct {
  public readonly clientId: string = '';
  public readonly principalId: string = '';
  public readonly identityId: string = '';
  /** The annotations the Kubernetes service account needs. */
  public readonly serviceAccountAnnotations: { [name: string]: string } = {};
  /** The labels a pod needs. */
  public readonly podLabels: { [name: string]: string } = {};
  /** Federation and grants: what has to be applied before pods can use the identity. */
  public readonly ready: ITerraformDependable[] = [];
  constructor(scope: Construct, id: string, _props: WorkloadIdentityProps) {
    super(scope, id);
  }
  /** Assigns a built-in role by name at an ARM scope. */
  public grant(_id: string, _roleName: string, _roleScope: string): void {}
}
