import { ServerAudit } from './server-audit';
import { armId } from '../../azure/private/rules';
import { integer, trueOrFalse } from '../../private/rules/scalars';
import { ValidationError } from '../../private/validation-error';
import { warn } from '../../warnings/private/warn';
import { Feature } from '../private/feature';

export const AUDIT_FEATURE = {
  rules: {
    auditLogsEnabled: trueOrFalse(),
    logAnalyticsWorkspaceId: armId('Microsoft.OperationalInsights/workspaces'),
    logRetentionDays: integer(30, 730),
  },
  together(at, props) {
    const { where } = at('auditLogsEnabled');
    const { auditLogsEnabled, logAnalyticsWorkspaceId, logRetentionDays } = props;
    if (logRetentionDays !== undefined && logAnalyticsWorkspaceId !== undefined) {
      throw new ValidationError(where, {
        prop: 'logRetentionDays', problem: 'given together with logAnalyticsWorkspaceId', got: logRetentionDays, remedy: 'give one of the two',
      });
    }
    for (const prop of ['logAnalyticsWorkspaceId', 'logRetentionDays'] as const) {
      if (auditLogsEnabled === false && props[prop] !== undefined) {
        throw new ValidationError(where, {
          prop, problem: 'has no effect if auditLogsEnabled is false', got: props[prop], remedy: `leave ${prop} or auditLogsEnabled out`,
        });
      }
    }
  },
  plan({ auditLogsEnabled = true, logAnalyticsWorkspaceId, logRetentionDays = 90, virtualMachineName }) {
    if (!auditLogsEnabled) {
      return {
        warn: (scope) => warn(scope, 'no-audit-logs', {
          prop: 'auditLogsEnabled', reason: 'nobody can tell afterwards who read a secret or a backup', remedy: 'leave it out',
        }),
      };
    }
    return {
      create({ logSources, placement, server }) {
        new ServerAudit(server, 'Audit', { placement, logSources, machineName: virtualMachineName, logAnalyticsWorkspaceId, logRetentionDays });
        return {};
      },
    };
  },
} satisfies Feature;
