import { createHash } from 'crypto';
import { ApplicationInsightsWorkbook } from '@cdktf/provider-azurerm/lib/application-insights-workbook';
import { Construct } from 'constructs';
import { Panel } from './dashboard-panels';
import { Placement } from '../../azure/place/placement';
import { namedPath } from '../../private/construct-moves';

export interface DashboardProps {
  readonly placement: Placement;
  readonly displayName: string;
  readonly panels: readonly Panel[];
}

const DAY_MILLISECONDS = 86_400_000;
const TIME_RANGE = 'TimeRange';

/** A workbook of Azure's, which nobody has to pay for: its queries are asked when somebody opens it. */
export function dashboard(scope: Construct, id: string, { placement, displayName, panels }: DashboardProps): void {
  new ApplicationInsightsWorkbook(scope, id, {
    ...placement,
    // the name has to be a UUID; people see the other.
    name: uuid(namedPath(scope)),
    displayName,
    dataJson: JSON.stringify({ version: 'Notebook/1.0', items: [timeRange(), ...panels.map(item)], isLocked: false }),
  });
}

function timeRange(): object {
  const durations = [1, 6, 24, 72, 168, 720].map((hours) => ({ durationMs: hours * DAY_MILLISECONDS / 24 }));
  return {
    type: 9,
    name: TIME_RANGE,
    content: {
      version: 'KqlParameterItem/1.0',
      style: 'pills',
      queryType: 0,
      resourceType: 'microsoft.operationalinsights/workspaces',
      parameters: [{
        id: uuid(TIME_RANGE), version: 'KqlParameterItem/1.0', name: TIME_RANGE, label: 'Time range', type: 4, isRequired: true,
        value: { durationMs: DAY_MILLISECONDS }, typeSettings: { selectableValues: durations, allowCustom: true },
      }],
    },
  };
}

/** In the words of workbooks: what looks like a query of logs may be one of Prometheus. */
function item({ title, workspaceId, language, query }: Panel): object {
  const source = language === 'promql'
    ? {
      query: JSON.stringify({ version: 'PrometheusQueryProvider/1.0', customEndpoint: false, queryText: query, type: 'query_range' }),
      queryType: 16, resourceType: 'microsoft.monitor/accounts',
    }
    : { query, queryType: 0, resourceType: 'microsoft.operationalinsights/workspaces' };
  return {
    type: 3,
    name: title,
    customWidth: '50',
    content: {
      version: 'KqlItem/1.0', title, ...source, crossComponentResources: [workspaceId], timeContextFromParameter: TIME_RANGE, size: 0, visualization: 'timechart',
    },
  };
}

function uuid(text: string): string {
  return createHash('sha256').update(text).digest('hex').replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-5$3-8$4-$5');
}
