import { ITerraformDependable, Token } from 'cdktf';
import { Construct } from 'constructs';
import { poolRules, runnerRules } from './metric-rules';
import { metricsIntake } from './metrics-intake';
import { ruleGroup } from './rule-group';
import { AksCluster } from '../../aks/aks-cluster';
import { nodePoolsOf } from '../../aks/node-pools/node-pools-of-cluster';
import { Placement } from '../../azure/place/placement';
import { ManifestRelease } from '../../delivery/manifest-release';
import { PlainChart } from '../../delivery/private/plain-chart';
import { GitLabMaintenanceWindow } from '../../gitlab/machine/gitlab-maintenance-window';
import { namedPath } from '../../private/construct-moves';
import { suffixed } from '../../private/default-name';
import { remembered } from '../../private/memory';
import { ValidationError } from '../../private/validation-error';
import { KubernetesGitLabRunner } from '../../runner/kubernetes-gitlab-runner';

export interface ClusterMetricsProps {
  readonly placement: Placement;
  readonly namePrefix: string;
  readonly actionGroupId: string;
  readonly cluster: AksCluster;
  readonly runners: readonly KubernetesGitLabRunner[];
  /** When GitLab is away without a fault. */
  readonly maintenanceWindow: Required<GitLabMaintenanceWindow>;
}

/** Azure's managed Prometheus for one cluster: where metrics go, the way there, what is collected beyond the defaults, and the rules. */
export class ClusterMetrics extends Construct {
  public readonly workspaceId: string;

  constructor(scope: Construct, id: string, private readonly props: ClusterMetricsProps) {
    super(scope, id);
    const { cluster, namePrefix, actionGroupId, placement, runners, maintenanceWindow } = props;
    refuseSecond(this, cluster);
    const { workspaceId, collectionRuleId } = metricsIntake(this, { placement, namePrefix, suffix: '-metrics' });
    this.workspaceId = workspaceId;
    const collected = cluster._collectMetrics(this, suffixed(namePrefix, '-metrics', 64), collectionRuleId);
    const monitors = runners.flatMap((runner) => this.monitor(runner));
    ruleGroup(this, 'Rules', {
      placement, namePrefix, actionGroupId, workspaceId,
      suffix: '-runners',
      description: 'Alerts of the runners and of the nodes for jobs.',
      cluster: { id: cluster.clusterId, name: cluster.clusterName },
      rules: () => [...runnerRules(runners.map(({ chart }) => chart.managerNamespace), maintenanceWindow), ...poolRules(growingPools(cluster))],
      waitFor: [collected, ...monitors],
    });
  }

  /**
   * Tells the add-on of a manager. Its kind comes with the add-on, so that this is a release of its own, after the manager's: that one works
   * without.
   */
  private monitor(runner: KubernetesGitLabRunner): ITerraformDependable[] {
    const { _azureMetrics: objects, managerNamespace: namespace } = runner.chart;
    if (objects.length === 0) {
      return runner.ready;
    }
    const chart = new PlainChart(objects.map((object) => ({ ...object, metadata: { ...object.metadata, namespace } })));
    const release = new ManifestRelease(this, `Monitor-${namedPath(runner).replaceAll('/', '-')}`, this.props.cluster, chart, { namespace });
    // not for the binding: taken out with it, while the cluster loses the add-on, each would wait for the other.
    release.waitFor(...runner.ready);
    return release.ready;
  }
}

function growingPools(cluster: AksCluster): { name: string; maximum: string }[] {
  return nodePoolsOf(cluster).filter(({ _autoscaled }) => _autoscaled).map(({ nodePoolName, _mostNodes }) => ({
    name: nodePoolName, maximum: Token.asString(_mostNodes),
  }));
}

function refuseSecond(where: Construct, cluster: AksCluster): void {
  if (remembered(cluster, 'metrics', () => where) !== where) {
    throw new ValidationError(where, {
      prop: 'runners', problem: 'another PlatformAlerts has the metrics of this cluster already', got: cluster.node.path, remedy: 'name all runners of a cluster in one of them',
    });
  }
}
