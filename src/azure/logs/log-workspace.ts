import { LogAnalyticsWorkspace } from '@cdktf/provider-azurerm/lib/log-analytics-workspace';
import { Construct } from 'constructs';
import { suffixed } from '../../private/default-name';
import { platformName } from '../names/part-names';

export interface LogWorkspaceProps {
  /** What the workspace's name begins with. */
  readonly name: string;
  readonly location: string;
  readonly resourceGroupName: string;
  readonly tags?: { [key: string]: string };
  readonly retentionInDays: number;
  readonly preventDestroy: boolean;
}

/** A Log Analytics workspace. @returns its ARM id */
export function logWorkspace(scope: Construct, id: string, { name, preventDestroy, ...props }: LogWorkspaceProps): string {
  const named = platformName(scope, 'workspace');
  return new LogAnalyticsWorkspace(scope, id, {
    ...props,
    name: named ?? suffixed(name, '-logs', 63, /^[A-Za-z0-9-]*$/),
    sku: 'PerGB2018',
    // the workspace's keys land in the state whether or not anybody wants them; this makes them useless.
    localAuthenticationEnabled: false,
    // a naming may change this name alone, and with the workspace its logs would go.
    lifecycle: named !== undefined && preventDestroy ? { preventDestroy } : undefined,
  }).id;
}
