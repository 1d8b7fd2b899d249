import { MonitorActionGroup } from '@cdktf/provider-azurerm/lib/monitor-action-group';
import { Construct } from 'constructs';
import { Receiver } from './receiver';

export interface ActionGroupProps {
  readonly name: string;
  readonly resourceGroupName: string;
  readonly tags?: { [name: string]: string };
  readonly receivers: readonly Receiver[];
}

/** Whom all alerts are sent to. @returns its ARM id */
export function actionGroup(scope: Construct, id: string, { receivers, ...props }: ActionGroupProps): string {
  const of = <K extends Receiver['kind']>(kind: K) => receivers.filter((receiver): receiver is Extract<Receiver, { kind: K }> => receiver.kind === kind);
  return new MonitorActionGroup(scope, id, {
    ...props,
    // Azure's health can tell nobody in a region.
    location: 'global',
    // the sender of text messages, and what an e-mail begins with.
    shortName: 'GitLab',
    enabled: true,
    armRoleReceiver: of('role').map(({ roleName, roleId }) => ({ name: roleName, roleId, useCommonAlertSchema: true })),
    emailReceiver: of('email').map(({ emailAddress }) => ({ name: emailAddress, emailAddress, useCommonAlertSchema: true })),
    webhookReceiver: of('webhook').map(({ uri }, index) => ({ name: `webhook-${index + 1}`, serviceUri: uri, useCommonAlertSchema: true })),
  }).id;
}
