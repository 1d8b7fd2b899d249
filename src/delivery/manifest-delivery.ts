import { KubernetesSignIn } from './kubernetes-sign-in';
import { IAzureVirtualMachine } from '../azure/azure-virtual-machine';
import { aDeliveryServer } from './private/server-rule';
import { instanceOf } from '../private/rules/objects';
import { takeOptional, takeValue } from '../private/rules/rule';

/**
 * How Kubernetes objects and charts reach a cluster. In either case each chart is also written as YAML to `manifests/`, next to the stack's
 * Terraform JSON, for people to read. When a chart is removed from the program, the next synthesis deletes its file, but none of your own
 * there.
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
    const rule = instanceOf(KubernetesSignIn, 'one such as KubernetesSignIn.azureCli()');
    return new ManifestDelivery(takeOptional('ManifestDelivery.helmRelease', 'signIn', signIn, rule) ?? KubernetesSignIn.azureCli());
  }

  /**
   * A server puts the objects on the cluster within the same apply: for clusters that the machine that runs `terraform apply` cannot reach,
   * such as those with a private API server. It waits until everything is ready, deletes removed objects, and goes back to the last good
   * state if that fails. Charts from a repository cannot be delivered this way.
   *
   * The server's managed identity becomes an administrator of the cluster: whoever controls the server controls the cluster and its jobs.
   *
   * @param server such as your `SelfHostedGitLab`. It must reach the API server.
   * @example
   * new AksCluster(stack, 'Private', {
   *   location: 'koreacentral', apiServerAccess: ApiServerAccess.privateEndpoint(), manifestDelivery: ManifestDelivery.throughServer(gitlab),
   * });
   */
  static throughServer(server: IAzureVirtualMachine): ManifestDelivery {
    return new ManifestDelivery(undefined, takeValue('ManifestDelivery.throughServer', 'server', server, aDeliveryServer()));
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
    /** @internal */
    readonly _server?: IAzureVirtualMachine,
  ) {}
}
