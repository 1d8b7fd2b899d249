import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';
import { PlatformAlertsProps } from './platform-alerts-props';
import { actionGroup } from './private/action-group';
import { budget } from './private/budget';
import { ClusterAlerts } from './private/cluster-alerts';
import { dashboard } from './private/dashboard';
import { alertsTogether, ALERTS } from './private/props-rules';
import { Receiver } from './private/receiver';
import { ServerAlerts } from './private/server-alerts';
import { serviceHealthAlert } from './private/service-health';
import { AksClusterBase } from '../aks/private/cluster-base';
import { ownParts, partName } from '../azure/names/part-names';
import { armIdPart } from '../azure/place/arm-id';
import { AzurePlaces, belongTo } from '../azure/place/azure-place';
import { Placement } from '../azure/place/placement';
import { AzureContext } from '../azure/provider/azure-context';
import { constructId } from '../private/construct-id';
import { defaultName } from '../private/default-name';
import { takeProps } from '../private/rules/rule';
import { checkStack } from '../private/stack-check';
import { templateTexts } from '../private/terraform-text';
import { ValidationError } from '../private/validation-error';
import { warn } from '../warnings/private/warn';

const NAME_LENGTH = 200;

/**
 * Alerts that the server is down, its certificate expires, a backup failed or is missing, pods wait, Azure has an incident, or the platform
 * costs too much; with `runners` and `serverMetricsEnabled` also on jobs, disks and tasks. No agent is installed anywhere.
 *
 * Each alert names its runbook, a page that says what it means, how to look and what to do.
 *
 * @see https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-overview
 * @example
 * new PlatformAlerts(stack, 'Alerts', { gitlab, cluster, receivers: [AlertReceiver.owners()], monthlyBudget: 600 });
 */
export class PlatformAlerts extends Construct {
  /** The ARM id of the action group, for alerts of your own. */
  public readonly actionGroupId: string;

  /** The name of the resource group of the server's alerts. */
  public readonly resourceGroupName: string;

  constructor(scope: Construct, id: string, props: PlatformAlertsProps) {
    super(scope, constructId(new.target, scope, id));
    checkStack(this);
    const given = takeProps(this, 'props', props, ALERTS, alertsTogether);
    const { gitlab, cluster } = given;
    const receivers = given.receivers.map(({ _receiver }) => _receiver);
    this.warnOfReceivers(receivers);
    belongTo(this, gitlab);
    ownParts(this, gitlab.location);
    AzureContext.of(this);

    const placement = this.createPlacement(given);
    const namePrefix = defaultName(this, NAME_LENGTH);
    this.resourceGroupName = placement.resourceGroupName;
    const groupName = partName(this, 'actionGroup', namePrefix);
    this.actionGroupId = actionGroup(this, 'ActionGroup', { ...placement, name: groupName, receivers });
    const common = { namePrefix, actionGroupId: this.actionGroupId };
    const subscriptionId = armIdPart(gitlab.serverKeyVaultId, 2);
    const outsideTestEnabled = given.outsideTestEnabled ?? gitlab._watched.reachable === 'yes';
    const ofServer = new ServerAlerts(this, 'Server', {
      ...common, placement, gitlab, outsideTestEnabled, metricsEnabled: given.serverMetricsEnabled ?? false,
      certificateTestEnabled: given.certificateTestEnabled ?? (outsideTestEnabled && gitlab._watched.certificateTrusted),
    });
    const { resourceGroupName, tags } = placement;
    serviceHealthAlert(this, { ...common, resourceGroupName, tags, subscriptionId });
    const elsewhere = cluster !== undefined && this.isElsewhere(given);
    const { runners, serverMetricsEnabled } = given;
    const { maintenanceWindow } = gitlab._watched;
    const ofCluster = cluster && belongTo(new ClusterAlerts(this, 'Cluster', {
      ...common, cluster, runners, maintenanceWindow, tags, serviceHealthEnabled: elsewhere,
    }), cluster);
    if (runners || serverMetricsEnabled) {
      dashboard(this, 'Dashboard', { placement, displayName: namePrefix, panels: [...ofServer.panels, ...ofCluster?.panels ?? []] });
    }
    if (given.monthlyBudget !== undefined) {
      this.refuseElsewhere(elsewhere, given.monthlyBudget);
      budget(this, { ...common, subscriptionId, monthlyAmount: given.monthlyBudget, resourceGroupNames: this.groupsOf(given) });
    }
    this.createOutput(groupName, receivers);
  }

  private createPlacement({ gitlab, ...props }: PlatformAlertsProps): Placement {
    const where = { location: gitlab.location, tags: props.tags ? templateTexts(props.tags) : gitlab._watched.tags };
    if (props.resourceGroup?._exists) {
      return { ...where, resourceGroupName: props.resourceGroup._name };
    }
    const name = props.resourceGroup?._name ?? partName(this, 'resourceGroup', defaultName(this, 90, '-rg'));
    return { ...where, resourceGroupName: new ResourceGroup(this, 'ResourceGroup', { ...where, name }).name };
  }

  /** Whether the cluster is in another subscription than the server. */
  private isElsewhere({ gitlab, cluster }: PlatformAlertsProps): boolean {
    const places = new AzurePlaces();
    return places.subscriptionOf(gitlab) !== places.subscriptionOf(cluster!);
  }

  private refuseElsewhere(elsewhere: boolean, monthlyBudget: number): void {
    if (elsewhere) {
      throw new ValidationError(this, {
        prop: 'monthlyBudget', problem: 'the cluster is in another subscription than the server, and no budget covers two', got: monthlyBudget,
        remedy: 'leave it out, and make a budget in each',
      });
    }
  }

  private groupsOf({ gitlab, cluster }: PlatformAlertsProps): string[] {
    const nodes = cluster instanceof AksClusterBase ? [cluster._nodeResourceGroupName] : [];
    const ofCluster = cluster === undefined ? [] : [cluster.resourceGroupName, ...nodes];
    return [...new Set([gitlab.resourceGroupName, this.resourceGroupName, ...ofCluster])];
  }

  private warnOfReceivers(receivers: readonly Receiver[]): void {
    if (receivers.every(({ kind }) => kind === 'email')) {
      warn(this, 'alerts-by-email-only', {
        prop: 'receivers', reason: 'an e-mail address stays silent unless somebody confirms it within 30 minutes after the apply', remedy: 'add AlertReceiver.owners()',
      });
    }
    if (receivers.some(({ kind }) => kind === 'webhook')) {
      warn(this, 'webhook-in-state', {
        prop: 'receivers', reason: 'the address of a webhook is written into Terraform\'s state, and whoever knows it can send there',
        remedy: 'use a role or an e-mail address, or guard the state',
      });
    }
  }

  private createOutput(name: string, receivers: readonly Receiver[]): void {
    const actions = receivers.flatMap((receiver) => {
      switch (receiver.kind) {
        case 'role': return [`--add-actions armrole '${receiver.roleName}' ${receiver.roleId} usecommonalertschema`];
        case 'email': return [`--add-actions email '${receiver.emailAddress}' '${receiver.emailAddress}' usecommonalertschema`];
        // its address is nobody's to read.
        case 'webhook': return [];
      }
    });
    if (actions.length > 0) {
      new TerraformOutput(this, 'TestCommand', {
        description: 'Sends a test alert to the roles and e-mail addresses.',
        value: `az monitor action-group test-notifications create --resource-group ${this.resourceGroupName} --action-group ${name} --alert-type budget `
          + `${actions.join(' ')}${AzureContext.of(this).cliSubscription}`,
      });
    }
  }
}
