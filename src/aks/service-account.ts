import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ManifestRelease } from './manifest-release';
import { PlainChart } from './private/plain-chart';
import { WorkloadIdentity, WorkloadIdentityOptions, WorkloadIdentityProps } from './workload-identity';
import { RELEASE_NAME_LENGTH } from '../kubernetes/private/rules';
import { defaultName } from '../private/default-name';

/** What a service account with rights in Azure is made of. */
export interface AksServiceAccountOptions extends WorkloadIdentityOptions { }

/** What a service account with rights in Azure is made of, and for which cluster. */
export interface AksServiceAccountProps extends WorkloadIdentityProps { }

/**
 * A managed identity and the annotated Kubernetes service account for it. Pods that run under the account and carry `podLabels`
 * have the rights that `grant` gives.
 *
 * The namespace is made if it is missing. A chart that makes the same namespace itself has to be on the cluster before: let this
 * one `waitFor` the other's `ready`.
 */
export class AksServiceAccount extends WorkloadIdentity {
  private readonly release: ManifestRelease;

  constructor(scope: Construct, id: string, props: AksServiceAccountProps) {
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

  /** Makes the account wait for something else to be applied. */
  public waitFor(...dependables: ITerraformDependable[]): void {
    this.release.waitFor(...dependables);
  }
}
