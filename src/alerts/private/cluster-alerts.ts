import { Construct } from 'constructs';
import { ClusterMetrics } from './cluster-metrics';
import { Panel, runnerPanels } from './dashboard-panels';
import { metricAlert } from './metric-alert';
import { serviceHealthAlert } from './service-health';
import { AksCluster } from '../../aks/aks-cluster';
import { IAksCluster } from '../../aks/cluster';
import { armIdPart } from '../../azure/place/arm-id';
import { GitLabMaintenanceWindow } from '../../gitlab/machine/gitlab-maintenance-window';
import { isOne } from '../../private/own-class';
import { KubernetesGitLabRunner } from '../../runner/kubernetes-gitlab-runner';

/** A pod counts once a minute: in eight of them a node has started, and a runner does not wait for longer than ten. */
const PENDING_MINUTES = 8;

export interface ClusterAlertsProps {
  readonly namePrefix: string;
  readonly actionGroupId: string;
  readonly cluster: IAksCluster;
  /** The runners whose metrics are collected. */
  readonly runners?: readonly KubernetesGitLabRunner[];
  /** When GitLab is away without a fault. */
  readonly maintenanceWindow: Required<GitLabMaintenanceWindow>;
  readonly tags?: { [name: string]: string };
  /** Whether Azure's incidents are told to nobody else. */
  readonly serviceHealthEnabled: boolean;
}

/** The alerts of one cluster, beside it: a rule and what it watches have to be in one subscription. */
export class ClusterAlerts extends Construct {
  /** What there is to show of the runners and their nodes. */
  public readonly panels: Panel[] = [];

  constructor(scope: Construct, id: string, { cluster, runners, maintenanceWindow, serviceHealthEnabled, ...props }: ClusterAlertsProps) {
    super(scope, id);
    const common = { ...props, resourceGroupName: cluster.resourceGroupName };
    const each = (name: string, values: string[]) => ({ name, operator: 'Include', values });
    metricAlert(this, 'PodsPending', {
      ...common,
      targetId: cluster.clusterId,
      criteria: {
        metricNamespace: 'Microsoft.ContainerService/managedClusters', metricName: 'kube_pod_status_phase',
        aggregation: 'Total', operator: 'GreaterThanOrEqual', threshold: PENDING_MINUTES,
        // of each pod by itself: many that wait for a short while are nothing to look at.
        dimension: [each('phase', ['Pending']), each('namespace', ['*']), each('pod', ['*'])],
      },
    });
    if (runners && isOne(cluster, AksCluster)) {
      const { tags, ...rest } = props;
      const placement = { resourceGroupName: cluster.resourceGroupName, location: cluster.location, tags };
      const { workspaceId } = new ClusterMetrics(this, 'Metrics', { ...rest, placement, cluster, runners, maintenanceWindow });
      this.panels.push(...runnerPanels(workspaceId));
    }
    if (serviceHealthEnabled) {
      serviceHealthAlert(this, { ...common, subscriptionId: armIdPart(cluster.clusterId, 2) });
    }
  }
}
