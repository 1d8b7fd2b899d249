import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { Fn, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { acceptAnyId } from '../../private/terraform-names';
import { IAksCluster } from '../cluster';
import { ClusterAccess } from '../manifest-delivery';

/** The lowest provider with `kubernetes` and `exec` as the bindings write them. */
const HELM_VERSION = '~> 3.1';

/**
 * The helm provider that talks to a cluster, one for each cluster and stack, made on first use. It has an alias, so that a
 * helm provider of the user's own stays the default one.
 */
export function helmProvider(scope: Construct, cluster: IAksCluster, access: ClusterAccess): HelmProvider {
  const stack = TerraformStack.of(scope);
  acceptAnyId(stack);
  const id = `Helm-${cluster.node.addr}`;
  const existing = stack.node.tryFindChild(id);
  if (existing) {
    return existing as HelmProvider;
  }
  stack.addOverride('terraform.required_providers.helm', { source: 'hashicorp/helm', version: HELM_VERSION });
  return new HelmProvider(stack, id, {
    alias: `aks_${cluster.node.addr.slice(-8)}`,
    kubernetes: {
      host: cluster.apiServerUrl,
      clusterCaCertificate: Fn.base64decode(cluster.clusterCaCertificate),
      token: access._token,
      exec: access._exec && { apiVersion: 'client.authentication.k8s.io/v1beta1', ...access._exec },
    },
  });
}
