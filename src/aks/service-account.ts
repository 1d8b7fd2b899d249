import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { WorkloadIdentity, WorkloadIdentityOptions } from './workload-identity';
import { IKubernetesCluster } from '../delivery/kubernetes-cluster';
import { ManifestRelease } from '../delivery/manifest-release';
import { PlainChart } from '../delivery/private/plain-chart';
import { RELEASE_NAME_LENGTH } from '../kubernetes/private/rules';
import { defaultName } from '../private/default-name';

/**
 * A managed identity and the annotated Kubernetes service account for it. Pods that run under the account and have the labels `podLabels`
 * get the roles that `grant` assigns.
 *
 * The namespace is created if it does not exist. If another chart creates it, that chart must be installed first: make this construct
 * `waitFor` its `ready`.
 */
export class AksServiceAccount extends WorkloadIdentity {
  private readonly release: ManifestRelease;

  /**
   * Makes an identity and its service account on a cluster of this stack or of another one.
   * @param cluster the cluster to put the account on.
   */
  constructor(scope: Construct, id: string, cluster: IKubernetesCluster, options: WorkloadIdentityOptions) {
    super(scope, id, cluster, options);
    const { namespace, serviceAccountName } = this._given;
    this.release = new ManifestRelease(this, 'Account', cluster, new PlainChart([{
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: serviceAccountName, namespace, annotations: this.serviceAccountAnnotations },
    }]), { namespace, releaseName: defaultName(this, RELEASE_NAME_LENGTH) });
    this.ready.push(...this.release.ready);
  }

  /** Makes the account wait for other resources. */
  public waitFor(...dependables: ITerraformDependable[]): void {
    this.release.waitFor(...dependables);
  }
}
