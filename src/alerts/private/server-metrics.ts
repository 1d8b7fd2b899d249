import { Construct } from 'constructs';
import { metricsIntake } from './metrics-intake';
import { ruleGroup } from './rule-group';
import { serverRules } from './server-rules';
import { assignIdentityRole } from '../../azure/access/role-assignment';
import { AzureRole } from '../../azure/azure-role';
import { Placement } from '../../azure/place/placement';
import { SelfHostedGitLab } from '../../gitlab/self-hosted-gitlab';
import { remembered } from '../../private/memory';
import { ValidationError } from '../../private/validation-error';

export interface ServerMetricsProps {
  readonly placement: Placement;
  readonly namePrefix: string;
  readonly actionGroupId: string;
  readonly gitlab: SelfHostedGitLab;
}

/** What the server tells of itself: GitLab's own Prometheus sends it to a workspace of its own, where rules look at it. */
export class ServerMetrics extends Construct {
  public readonly workspaceId: string;

  constructor(scope: Construct, id: string, { placement, namePrefix, actionGroupId, gitlab }: ServerMetricsProps) {
    super(scope, id);
    this.refuseSecond(gitlab);
    const { workspaceId, collectionRuleId, writeUrl } = metricsIntake(this, { placement, namePrefix, suffix: '-server-metrics', role: 'server' });
    this.workspaceId = workspaceId;
    const publisher = assignIdentityRole(this, 'Publisher', AzureRole.of('Monitoring Metrics Publisher'), collectionRuleId, gitlab.identityPrincipalId);
    gitlab._sendMetrics({ writeUrl });
    ruleGroup(this, 'Rules', {
      placement, namePrefix, actionGroupId, workspaceId,
      suffix: '-server',
      description: 'Alerts of the server, by what it tells of itself.',
      rules: () => serverRules({ backupSchedule: gitlab._watchedBackup?.schedule, window: gitlab._watched.maintenanceWindow }),
      waitFor: [publisher],
    });
  }

  private refuseSecond(gitlab: SelfHostedGitLab): void {
    if (remembered(gitlab, 'serverMetrics', () => this) !== this) {
      throw new ValidationError(this, {
        prop: 'serverMetricsEnabled', problem: 'another PlatformAlerts has the metrics of this server already', got: gitlab.node.path, remedy: 'set it in one of them',
      });
    }
  }
}
