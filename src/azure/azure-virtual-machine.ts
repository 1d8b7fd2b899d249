import { IConstruct } from 'constructs';

/**
 * A Linux VM on Azure with a managed identity and Python 3: a `SelfHostedGitLab`, or a machine of your own. It can put manifests on a cluster.
 */
export interface IAzureVirtualMachine extends IConstruct {
  /** The VM's ARM id. */
  readonly virtualMachineId: string;

  /** The VM's Azure region, such as `koreacentral`. */
  readonly location: string;

  /** The object id of the VM's managed identity. The cluster makes it an administrator of its Kubernetes API. */
  readonly identityPrincipalId: string;

  /** The client id of the VM's managed identity. */
  readonly identityClientId: string;

  /**
   * The public IPv4 address that the VM's requests come from. A cluster with a list of allowed addresses adds it.
   * @default - none: the VM reaches the API server privately, or `apiServerAccess` names its address
   */
  readonly egressIpAddress?: string;
}
