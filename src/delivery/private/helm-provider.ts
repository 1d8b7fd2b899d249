import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { StackClouds } from '../../azure/place/stack-clouds';
import { namedAddress } from '../../private/construct-moves';
import { requireProvider } from '../../private/required-provider';
import { sharedScope } from '../../private/shared-scope';
import { IKubernetesCluster } from '../kubernetes-cluster';
import { KubernetesSignIn } from '../kubernetes-sign-in';

/** The lowest provider with `kubernetes` and `exec` as the bindings write them. */
const HELM_PROVIDER = { source: 'hashicorp/helm', version: '~> 3.1' };

/**
 * The helm provider that talks to a cluster, one for each cluster and stack, made on first use. It has an alias, so that a
 * helm provider of the user's own stays the default one.
 */
export function helmProvider(scope: Construct, cluster: IKubernetesCluster, signIn: KubernetesSignIn): HelmProvider {
  const shared = sharedScope(scope);
  const address = namedAddress(cluster);
  const id = `Helm-${address}`;
  const existing = shared.node.tryFindChild(id);
  if (existing) {
    return existing as HelmProvider;
  }
  requireProvider(scope, 'helm', HELM_PROVIDER);
  return new HelmProvider(shared, id, {
    alias: `aks_${address.slice(-8)}`,
    kubernetes: {
      host: cluster.apiServerUrl,
      clusterCaCertificate: Fn.base64decode(cluster.clusterCaCertificate),
      token: signIn._token,
      exec: signIn._exec && { apiVersion: 'client.authentication.k8s.io/v1beta1', ...signIn._exec(StackClouds.of(scope).hosts) },
    },
  });
}
