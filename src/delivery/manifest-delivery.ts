import { KubernetesSignIn } from './kubernetes-sign-in';
import { instanceOf } from '../private/rules/objects';
import { takeOptional } from '../private/rules/rule';

/**
 * How Kubernetes objects and charts reach a cluster.
 *
 * In either case each chart is also written as YAML to `manifests/`, next to the stack's Terraform JSON, for people to read. When a chart
 * is removed from the program, the next synthesis deletes its file; your own files in that folder stay.
 * @example
 * new AksCluster(stack, 'GitOps', { location: 'koreacentral', manifestDelivery: ManifestDelivery.files() });
 */
export class ManifestDelivery {
  /**
   * One Helm release for each chart, within the same apply. Helm orders the objects, waits until everything is ready, prunes removed
   * objects, and rolls back what fails.
   * @param signIn how the machine that runs `terraform apply` signs in; defaults to the account signed in with `az login`.
   */
  static helmRelease(signIn?: KubernetesSignIn): ManifestDelivery {
    const rule = instanceOf(KubernetesSignIn, 'KubernetesSignIn.azureCli(), or what another of its methods returns');
    return new ManifestDelivery(takeOptional('ManifestDelivery.helmRelease', 'signIn', signIn, rule) ?? KubernetesSignIn.azureCli());
  }

  /**
   * YAML files only, for a GitOps tool or `kubectl apply`. The apply puts nothing on the cluster, and its success says nothing about the
   * manifests.
   */
  static files(): ManifestDelivery {
    return new ManifestDelivery();
  }

  private constructor(
    /** @internal */
    readonly _signIn?: KubernetesSignIn,
  ) {}
}
