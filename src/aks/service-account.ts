import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { WorkloadIdentity, WorkloadIdentityProps } from './workload-identity';
import { ManifestRelease } from '../delivery/manifest-release';
import { PlainChart } from '../delivery/private/plain-chart';
import { RELEASE_NAME_LENGTH } from '../kubernetes/private/rules';
import { defaultName } from '../private/default-name';

/**
 * A managed identity and the annotated Kubernetes service account for it. Pods that run under the account and have the labels `podLabels`
 * get the roles that `grant` assigns.
 *
 * The namespace is created if it does not exist. If another chart creates the same namespace, that chart must be installed first: make
 * this construct `waitFor` the other's `ready`.
 */
export class AksServiceAccount extends WorkloadIdentity {
  private readonly release: ManifestRelease;

  constructor(scope: Construct, id: string, props: WorkloadIdentityProps) {
    super(scope, id, props);
    const { cluster, namespace, serviceAccountName } = this._given;
    this.release = new ManifestRelease(this, 'Account', {
      cluster,
      namespace,
      releaseName: defaultName(this, RELEASE_NAME_LENGTH),
      chart: new PlainChart([{
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: serviceAccountName, namespace, annotations: this.serviceAccountAnnotations },
      }]),
    });
    this.ready.push(...this.release.ready);
  }

  /** Makes the account wait for other resources. */
  public waitFor(...dependables: ITerraformDependable[]): void {
    this.release.waitFor(...dependables);
  }
}
