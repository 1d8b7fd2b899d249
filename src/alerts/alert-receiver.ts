import { Receiver, ROLE_IDS } from './private/receiver';
import { AzureRole } from '../azure/azure-role';
import { instanceOf } from '../private/rules/objects';
import { takeValue } from '../private/rules/rule';
import { secretReference, text } from '../private/rules/scalars';
import { ValidationError } from '../private/validation-error';

/**
 * The recipients of alerts.
 * @see https://learn.microsoft.com/azure/azure-monitor/alerts/action-groups
 * @example
 * new PlatformAlerts(stack, 'Alerts', { gitlab, cluster, receivers: [AlertReceiver.role(AzureRole.of('Monitoring Reader'))] });
 */
export class AlertReceiver {
  /** Everybody who has the role Owner on the subscription, by e-mail to the address that Entra ID knows. */
  static owners(): AlertReceiver {
    return AlertReceiver.role(AzureRole.of('Owner'));
  }

  /**
   * Everybody who has a role on the subscription itself, not on a resource group or through a group only, by e-mail to the address that
   * Entra ID knows. The first e-mail may take a day.
   * @param role one of `Owner`, `Contributor`, `Reader`, `Monitoring Contributor` and `Monitoring Reader`.
   * @see https://learn.microsoft.com/azure/azure-monitor/alerts/action-groups
   */
  static role(role: AzureRole): AlertReceiver {
    const where = 'AlertReceiver.role';
    const name = takeValue(where, 'role', role, instanceOf(AzureRole, 'AzureRole.of("Owner")'))._definition.roleDefinitionName;
    if (name === undefined || !Object.hasOwn(ROLE_IDS, name)) {
      throw new ValidationError(where, {
        prop: 'role', problem: 'not a role whose members Azure writes to', got: name,
        remedy: `give AzureRole.of() one of ${Object.keys(ROLE_IDS).map((one) => JSON.stringify(one)).join(', ')}`,
      });
    }
    return new AlertReceiver({ kind: 'role', roleName: name, roleId: ROLE_IDS[name] });
  }

  /**
   * An e-mail address. Azure writes to a new one only once somebody has confirmed it, within 30 minutes, with the code that it sends there.
   * If it is the only receiver, that gives a warning.
   * @param emailAddress such as `platform@example.com`.
   * @see https://learn.microsoft.com/azure/azure-monitor/alerts/action-groups
   */
  static email(emailAddress: string): AlertReceiver {
    const address = text('an e-mail address such as "platform@example.com"', /^[^\s@<>"]+@[^\s@<>".]+(\.[^\s@<>".]+)+$/);
    return new AlertReceiver({ kind: 'email', emailAddress: takeValue('AlertReceiver.email', 'emailAddress', emailAddress, address) });
  }

  /**
   * An HTTPS address that Azure sends alerts to as JSON, by its common alert schema. Chat programs such as Teams and Slack do not
   * understand it; a Logic App can translate. It is written into Terraform's state, which gives a warning.
   * @param uri a sensitive `TerraformVariable`'s `stringValue`.
   * @see https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-common-schema
   */
  static webhook(uri: string): AlertReceiver {
    return new AlertReceiver({ kind: 'webhook', uri: takeValue('AlertReceiver.webhook', 'uri', uri, secretReference()) });
  }

  private constructor(
    /** @internal */
    public readonly _receiver: Receiver,
  ) {}
}
