import { IConstruct } from 'constructs';
import { systemVmSize } from './cluster-rules';
import { warnOfRetiringVmSize } from '../../azure/machine/retiring-vm-size';
import { ManifestDelivery } from '../../delivery/manifest-delivery';
import { tooWide } from '../../private/cidr';
import { warn } from '../../warnings/private/warn';
import { AksClusterProps } from '../aks-cluster-props';

/** Warns of what a cluster's props risk. */
export function warnOfRisks(cluster: IConstruct, props: AksClusterProps): void {
  warnOfRetiringVmSize(cluster, 'systemNodePool.vmSize', systemVmSize(props));
  if (props.preventDestroy === false) {
    warn(cluster, 'destroy-allowed', {
      prop: 'preventDestroy', reason: 'nothing stops a plan that destroys or replaces the cluster', remedy: 'set it to true for a cluster that you want to keep',
    });
  }
  const everybody = tooWide(props.loadBalancerAllowedCidrs);
  if (everybody) {
    warn(cluster, 'services-open-to-internet', {
      prop: 'loadBalancerAllowedCidrs', reason: `every Service of type LoadBalancer is open to ${everybody}`, remedy: 'name the networks that need them',
    });
  }
  if (props.systemNodePool?.nodeCount === 1) {
    warn(cluster, 'single-system-node', {
      prop: 'systemNodePool.nodeCount', reason: 'with a single node, every upgrade or failure of that node stops the cluster\'s services',
      remedy: 'take two or more',
    });
  }
  warnOfMissingPatches(cluster, props);
  if (props.apiServerAccess?._privateCluster && (props.manifestDelivery ?? ManifestDelivery.helmRelease())._signIn) {
    warn(cluster, 'private-api-server', {
      prop: 'apiServerAccess', reason: 'manifests and charts are delivered only if the machine that runs terraform apply can reach the cluster\'s virtual network',
      remedy: 'run the apply there, or use ManifestDelivery.throughServer() or files()',
    });
  }
  if (props.resourceGroup?._exists && props.deployerObjectIds === undefined && props.administratorObjectIds?.length) {
    warn(cluster, 'deployer-may-be-administrator', {
      prop: 'deployerObjectIds',
      reason: 'the deployer gets the administrators\' role on the cluster, and Azure refuses to assign it twice if the deployer is one of administratorObjectIds',
      remedy: 'name them here',
    });
  }
}

function warnOfMissingPatches(cluster: IConstruct, props: AksClusterProps): void {
  const reason = 'Kubernetes gets no security patch by itself';
  if (props.kubernetesVersion?.patch !== undefined) {
    warn(cluster, 'no-automatic-patches', { prop: 'kubernetesVersion', reason, remedy: 'pin the minor version alone' });
  } else if (props.automaticPatchesEnabled === false) {
    warn(cluster, 'no-automatic-patches', { prop: 'automaticPatchesEnabled', reason, remedy: 'leave it out' });
  }
}
