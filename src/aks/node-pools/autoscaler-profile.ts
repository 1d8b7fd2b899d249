import { KubernetesClusterAutoScalerProfile } from '@cdktf/provider-azurerm/lib/kubernetes-cluster';
import { Rules } from '../../private/rules/rule';
import { fraction, integer, text, trueOrFalseSetting } from '../../private/rules/scalars';
import { AksAutoscalerProfile } from '../aks-autoscaler-profile';

const MINUTES_OF_A_WEEK = 10080;
const SECONDS_OF_A_DAY = 86400;
const MOST_NODES = 5000;

/** Azure takes some in whole minutes alone, and names no longest time; what is more than these bounds is another unit, or a slip. */
export const AUTOSCALER_PROFILE: Rules<AksAutoscalerProfile> = {
  scaleDownUnneededMinutes: integer(1, MINUTES_OF_A_WEEK),
  scaleDownUnreadyMinutes: integer(1, MINUTES_OF_A_WEEK),
  scaleDownDelayAfterAddMinutes: integer(0, MINUTES_OF_A_WEEK),
  scaleDownDelayAfterDeleteSeconds: integer(0, SECONDS_OF_A_DAY),
  scaleDownDelayAfterFailureMinutes: integer(0, MINUTES_OF_A_WEEK),
  scaleDownUtilizationThreshold: fraction(),
  scanIntervalSeconds: integer(1, 3600),
  newPodScaleUpDelaySeconds: integer(0, SECONDS_OF_A_DAY),
  expander: text('"random", "least-waste", "most-pods" or "priority"', /^(random|least-waste|most-pods|priority)$/),
  balanceSimilarNodeGroupsEnabled: trueOrFalseSetting(),
  maxGracefulTerminationSeconds: integer(0, SECONDS_OF_A_DAY),
  maxNodeProvisioningMinutes: integer(1, 1440),
  maxEmptyBulkDelete: integer(1, MOST_NODES),
  maxUnreadyNodes: integer(0, MOST_NODES),
  maxUnreadyPercent: integer(0, 100),
  skipNodesWithLocalStorageEnabled: trueOrFalseSetting(),
  skipNodesWithSystemPodsEnabled: trueOrFalseSetting(),
  ignoreDaemonsetsUtilizationEnabled: trueOrFalseSetting(),
  daemonsetEvictionForEmptyNodesEnabled: trueOrFalseSetting(),
  daemonsetEvictionForOccupiedNodesEnabled: trueOrFalseSetting(),
};

/** The profile as azurerm takes it. All is written: for what is not, azurerm keeps what was set before, or has a default of its own that is not AKS's. */
export function autoScalerProfile(profile: AksAutoscalerProfile): KubernetesClusterAutoScalerProfile {
  const scanInterval = `${profile.scanIntervalSeconds ?? 10}s`;
  return {
    scaleDownUnneeded: `${profile.scaleDownUnneededMinutes ?? 10}m`,
    scaleDownUnready: `${profile.scaleDownUnreadyMinutes ?? 20}m`,
    scaleDownDelayAfterAdd: `${profile.scaleDownDelayAfterAddMinutes ?? 10}m`,
    scaleDownDelayAfterDelete: profile.scaleDownDelayAfterDeleteSeconds === undefined ? scanInterval : `${profile.scaleDownDelayAfterDeleteSeconds}s`,
    scaleDownDelayAfterFailure: `${profile.scaleDownDelayAfterFailureMinutes ?? 3}m`,
    scaleDownUtilizationThreshold: `${profile.scaleDownUtilizationThreshold ?? 0.5}`,
    scanInterval,
    newPodScaleUpDelay: `${profile.newPodScaleUpDelaySeconds ?? 0}s`,
    expander: profile.expander ?? 'random',
    balanceSimilarNodeGroups: profile.balanceSimilarNodeGroupsEnabled ?? false,
    maxGracefulTerminationSec: `${profile.maxGracefulTerminationSeconds ?? 600}`,
    maxNodeProvisioningTime: `${profile.maxNodeProvisioningMinutes ?? 15}m`,
    emptyBulkDeleteMax: `${profile.maxEmptyBulkDelete ?? 10}`,
    maxUnreadyNodes: profile.maxUnreadyNodes ?? 3,
    maxUnreadyPercentage: profile.maxUnreadyPercent ?? 45,
    skipNodesWithLocalStorage: profile.skipNodesWithLocalStorageEnabled ?? false,
    skipNodesWithSystemPods: profile.skipNodesWithSystemPodsEnabled ?? true,
    ignoreDaemonsetsUtilizationEnabled: profile.ignoreDaemonsetsUtilizationEnabled ?? false,
    daemonsetEvictionForEmptyNodesEnabled: profile.daemonsetEvictionForEmptyNodesEnabled ?? false,
    daemonsetEvictionForOccupiedNodesEnabled: profile.daemonsetEvictionForOccupiedNodesEnabled ?? true,
  };
}
