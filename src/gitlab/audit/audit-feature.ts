import { ServerAudit } from './server-audit';
import { logWorkspace } from '../../azure/place/place-rules';
import { trueOrFalse } from '../../private/rules/scalars';
import { ValidationError } from '../../private/validation-error';
import { warn } from '../../warnings/private/warn';
import { Feature } from '../private/feature';

const DEFAULT_LOG_RETENTION_DAYS = 90;

export const AUDIT_FEATURE = {
  rules: {
    auditLogsEnabled: trueOrFalse(),
    logWorkspace: logWorkspace(),
  },
  together(at, props) {
    const { where, prop } = at('auditLogsEnabled');
    if (props.auditLogsEnabled === false && props.logWorkspace !== undefined) {
      throw new ValidationError(where, { prop, problem: 'nothing is recorded, but logWorkspace says where to', got: false, remedy: 'leave one of the two out' });
    }
  },
  plan({ auditLogsEnabled = true, logWorkspace: workspace, virtualMachineName, preventDestroy }) {
    if (!auditLogsEnabled) {
      return {
        warn: (scope) => warn(scope, 'no-audit-logs', {
          prop: 'auditLogsEnabled', reason: 'nobody can tell afterwards who read a secret or a backup', remedy: 'leave it out',
        }),
      };
    }
    return {
      create({ logSources, placement, server }) {
        new ServerAudit(server, 'Audit', {
          placement,
          logSources,
          preventDestroy,
          machineName: virtualMachineName,
          logAnalyticsWorkspaceId: workspace?._existingId,
          logRetentionDays: workspace?._retentionDays ?? DEFAULT_LOG_RETENTION_DAYS,
        });
        return {};
      },
    };
  },
} satisfies Feature;
