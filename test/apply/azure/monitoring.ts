// Microsoft.OperationalInsights and Microsoft.Insights: workspaces, data collection rules and their associations.
// Not checked: whether any data arrive, tables, solutions.
import { Arm, AzureError } from './core';
import { uuidOf } from './login';

const WORKSPACE = 'Microsoft.OperationalInsights/workspaces';
const RULE = 'Microsoft.Insights/dataCollectionRules';
const ASSOCIATION = 'Microsoft.Insights/dataCollectionRuleAssociations';

/** @param issue registers a secret value that is handed out */
export function addMonitoring(arm: Arm, issue: (text: string) => string): void {
  arm.references.push(
    { key: /(^|\.)workspaceResourceId$/, type: WORKSPACE },
    { key: /(^|\.)logAnalyticsWorkspaceResourceID$/, type: WORKSPACE },
    { key: /(^|\.)dataCollectionRuleId$/, type: RULE },
  );
  arm.add(
    { type: 'Microsoft.OperationalInsights/deletedWorkspaces' },
    {
      type: WORKSPACE,
      slow: true,
      check({ body }) {
        const { retentionInDays, sku } = body.properties;
        if (!/^[A-Za-z0-9-]{4,63}$/.test(body.name ?? 'name')) {
          throw new AzureError(400, 'InvalidParameter', 'the name of a workspace has 4 to 63 letters, digits and hyphens');
        }
        if (sku?.name?.toLowerCase() === 'pergb2018' && !(retentionInDays === undefined || (retentionInDays >= 30 && retentionInDays <= 730))) {
          throw new AzureError(400, 'InvalidParameter', `retention of ${retentionInDays} days is not within 30 to 730`);
        }
      },
      fill(resource, _, before) {
        resource.properties = {
          publicNetworkAccessForIngestion: 'Enabled', publicNetworkAccessForQuery: 'Enabled', workspaceCapping: { dailyQuotaGb: -1 },
          ...before?.properties, ...resource.properties, customerId: uuidOf(`workspace ${resource.id}`),
          features: {
            enableLogAccessUsingOnlyResourcePermissions: true,
            disableLocalAuth: false,
            ...before?.properties.features,
            ...resource.properties.features,
          },
        };
      },
      actions: {
        sharedKeys: (workspace) => ({
          primarySharedKey: issue(`workspace key 1 ${workspace.id}`), secondarySharedKey: issue(`workspace key 2 ${workspace.id}`),
        }),
      },
    },
    {
      type: RULE,
      slow: false,
      fill(resource) {
        resource.properties.immutableId ??= `dcr-${uuidOf(resource.id).replace(/-/g, '')}`;
        for (const destination of resource.properties.destinations?.logAnalytics ?? []) {
          destination.workspaceId ??= arm.find(destination.workspaceResourceId)?.properties.customerId;
        }
      },
    },
    { type: ASSOCIATION, slow: false, stateless: true, deleted: 200 },
  );
}
