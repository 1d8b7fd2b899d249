import { MAINTENANCE_WINDOW } from './maintenance';
import { OTHER_NAMES_OF_POOL, OTHER_NAMES_OF_SYSTEM_POOL } from './other-names';
import { HttpProxy } from '../../azure/http-proxy';
import { diskEncryptionSetId } from '../../azure/machine/disk-encryption';
import { PART_KINDS } from '../../azure/names/part-kinds';
import { isSameName } from '../../azure/names/same-name';
import { azureProvider, logWorkspace, resourceGroup, subnet } from '../../azure/place/place-rules';
import { subscriptionOf } from '../../azure/place/subscription';
import { armId, location, objectIds, resourceGroupName, subnetId, tags } from '../../azure/private/rules';
import { ManifestDelivery } from '../../delivery/manifest-delivery';
import { allowedCidrs, cidr, ipv4Address, networkCidr, publicAddress } from '../../private/rules/addresses';
import { instanceOf } from '../../private/rules/objects';
import { authorities } from '../../private/rules/pem';
import { required, Rule, Rules, struct, Together } from '../../private/rules/rule';
import { decided, integer, oneOf, trueOrFalse, trueOrFalseSetting } from '../../private/rules/scalars';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { AksAuditLogs } from '../aks-audit-logs';
import { AksClusterAttributes } from '../aks-cluster-attributes';
import { AksClusterProps, AksPreset, AksSkuTier } from '../aks-cluster-props';
import { AksEgress } from '../aks-egress';
import { ApiServerAccess } from '../api-server-access';
import { KubernetesVersion } from '../kubernetes-version';
import { checkApiServerFits } from '../network/api-server-checks';
import { checkEgressFits } from '../network/egress-checks';
import { networkTogether } from '../network/network-cidrs';
import { AUTOSCALER_PROFILE } from '../node-pools/autoscaler-profile';
import { aksNodePool } from '../node-pools/node-pool-rule';
import { NODE_POOL_OPTIONS, nodePoolTogether, refuseEphemeral, SYSTEM_NODE_POOL, systemNodePoolTogether } from '../node-pools/node-pool-rules';
import { DEFAULT_VM_SIZE } from '../node-pools/node-pools';

const SMALL_VM_SIZE = 'Standard_D2s_v5';

export const CLUSTER: Rules<AksClusterProps> = {
  location: required(location()),
  preset: decided(oneOf(Object.values(AksPreset))),
  resourceGroup: resourceGroup(),
  clusterName: PART_KINDS.cluster.rule,
  kubernetesVersion: instanceOf(KubernetesVersion, 'KubernetesVersion.V1_36 or KubernetesVersion.of("1.36")'),
  automaticPatchesEnabled: trueOrFalse(),
  maintenanceWindow: struct(MAINTENANCE_WINDOW),
  nodeOsMaintenanceWindow: struct(MAINTENANCE_WINDOW),
  skuTier: oneOf(Object.values(AksSkuTier)),
  apiServerAccess: instanceOf(ApiServerAccess, 'one such as ApiServerAccess.publicEndpoint()'),
  systemNodePool: struct(SYSTEM_NODE_POOL, systemNodePoolTogether, OTHER_NAMES_OF_SYSTEM_POOL),
  jobNodePoolEnabled: trueOrFalse(),
  jobNodePool: struct(NODE_POOL_OPTIONS, nodePoolTogether, OTHER_NAMES_OF_POOL),
  autoscalerProfile: struct(AUTOSCALER_PROFILE),
  subnet: subnet({ virtualNetworkCidr: cidr(8, 28), subnetCidr: cidr(16, 28) }),
  httpProxy: instanceOf(HttpProxy, 'HttpProxy.at("http://10.0.0.5:3128")'),
  customCaTrustCertificates: authorities(),
  egress: instanceOf(AksEgress, 'one such as AksEgress.loadBalancer()'),
  loadBalancerAllowedCidrs: allowedCidrs(),
  podCidr: networkCidr(9, 20),
  serviceCidr: networkCidr(12, 27),
  dnsServiceIp: ipv4Address(),
  administratorObjectIds: objectIds(),
  deployerObjectIds: objectIds(),
  containerInsightsEnabled: trueOrFalse(),
  auditLogs: decided(oneOf(Object.values(AksAuditLogs))),
  logWorkspace: logWorkspace(),
  imageCleanerIntervalHours: integer(24, 2160),
  manifestDelivery: manifestDelivery(),
  provider: azureProvider(),
  tags: tags(),
  preventDestroy: trueOrFalse(),
  nodeResourceGroupName: PART_KINDS.nodeResourceGroup.rule,
  azurePolicyEnabled: trueOrFalseSetting(),
  defenderEnabled: trueOrFalse(),
  costAnalysisEnabled: trueOrFalse(),
  diskEncryptionSetId: diskEncryptionSetId(),
};

export const CLUSTER_ATTRIBUTES: Rules<AksClusterAttributes> = {
  clusterId: armId('Microsoft.ContainerService/managedClusters'),
  clusterName: PART_KINDS.cluster.rule,
  resourceGroupName: resourceGroupName(),
  provider: azureProvider(),
  subnetId: subnetId(),
  egressIpAddress: publicAddress(),
  jobNodePool: aksNodePool(),
  manifestDelivery: manifestDelivery(),
  tags: tags(),
};

/** One way of naming the cluster, and no provider of another subscription. */
export const attributesTogether: Together<AksClusterAttributes> = (at, { clusterId, clusterName: name, resourceGroupName: group, provider }) => {
  const refuse = (prop: keyof AksClusterAttributes, problem: string, got: unknown, remedy: string) => {
    throw new ValidationError(at(prop).where, { prop, problem, got, remedy });
  };
  const both = clusterId === undefined ? undefined : (['clusterName', 'resourceGroupName'] as const).find((_, index) => [name, group][index] !== undefined);
  if (both) {
    refuse(both, 'clusterId has it already', both === 'clusterName' ? name : group, 'leave one of the two out');
  }
  if (clusterId === undefined && (name === undefined || group === undefined)) {
    const missing = name === undefined ? 'clusterName' : 'resourceGroupName';
    refuse(missing, 'missing', undefined, 'give clusterId, or clusterName and resourceGroupName');
  }
  const [subscription, own] = [known(clusterId) ? clusterId.split('/')[2].toLowerCase() : undefined, provider && subscriptionOf(provider)];
  if (subscription !== undefined && own && known(own) && own !== subscription) {
    refuse('provider', `of another subscription than clusterId, which is in ${subscription}`, own, 'give a provider of that one, or leave it out');
  }
};

export const clusterTogether: Together<AksClusterProps> = (at, props) => {
  const refuse = (prop: keyof AksClusterProps, problem: string, remedy: string) => {
    throw new ValidationError(at(prop).where, { prop, problem, got: props[prop], remedy });
  };
  if (props.automaticPatchesEnabled && props.kubernetesVersion?.patch !== undefined) {
    refuse('automaticPatchesEnabled', `AKS would patch what kubernetesVersion (${props.kubernetesVersion.version}) pins`, 'leave it out, or pin no patch');
  }
  if (props.jobNodePoolEnabled === false && props.jobNodePool !== undefined) {
    refuse('jobNodePoolEnabled', 'no pool for CI jobs, but jobNodePool says what it is made of', 'leave one of the two out');
  }
  const audited = (props.auditLogs ?? AksAuditLogs.NONE) !== AksAuditLogs.NONE;
  if (props.containerInsightsEnabled === false && !audited && props.logWorkspace !== undefined) {
    refuse('containerInsightsEnabled', 'no logs are collected, but logWorkspace says where to', 'leave one of the two out');
  }
  if (props.defenderEnabled && props.containerInsightsEnabled === false && !audited) {
    refuse('defenderEnabled', 'the cluster has no log workspace for its findings', 'enable containerInsightsEnabled or auditLogs, or leave it out');
  }
  const skuTier = props.skuTier ?? (props.preset === AksPreset.SMALL ? AksSkuTier.FREE : undefined);
  if (props.costAnalysisEnabled && skuTier === AksSkuTier.FREE) {
    refuse('costAnalysisEnabled', 'not available in the tier "Free"', 'set skuTier to AksSkuTier.STANDARD, or leave it out');
  }
  if (known(props.nodeResourceGroupName) && isSameName(props.nodeResourceGroupName, props.resourceGroup?._name)) {
    refuse('nodeResourceGroupName', 'the same as the cluster\'s own resource group', 'give another name: AKS deletes that group with the cluster');
  }
  const ofSystemPool = (prop: string) => ({ where: at('systemNodePool').where, prop: `systemNodePool.${prop}` });
  refuseEphemeral(ofSystemPool, props.systemNodePool ?? {}, systemVmSize(props));
  networkTogether(at, props);
  checkEgressFits(at, props);
  checkApiServerFits(at, props);
};

/** The system pool's VM size, whose default the preset decides. */
export function systemVmSize({ systemNodePool, preset }: AksClusterProps): string {
  return systemNodePool?.vmSize ?? (preset === AksPreset.SMALL ? SMALL_VM_SIZE : DEFAULT_VM_SIZE);
}

function manifestDelivery(): Rule<ManifestDelivery> {
  return instanceOf(ManifestDelivery, 'one such as ManifestDelivery.helmRelease()');
}
