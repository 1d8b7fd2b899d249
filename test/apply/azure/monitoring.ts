// Microsoft.OperationalInsights and Microsoft.Insights: workspaces, data collection rules and their associations, diagnostic settings.
// Not checked: whether any data arrive, tables, solutions.
import { parseArmPath } from './arm-id';
import { AzureError } from './azure-error';
import { Arm } from './core';
import { uuidOf } from './login';

const WORKSPACE = 'Microsoft.OperationalInsights/workspaces';
const RULE = 'Microsoft.Insights/dataCollectionRules';
const ASSOCIATION = 'Microsoft.Insights/dataCollectionRuleAssociations';
const SETTING = 'Microsoft.Insights/diagnosticSettings';

/** The logs that may be sent, by what writes them. */
const CATEGORIES: { readonly [type: string]: readonly string[] } = {
  'microsoft.keyvault/vaults': ['AuditEvent', 'AzurePolicyEvaluationDetails'],
  'microsoft.storage/storageaccounts/blobservices': ['StorageRead', 'StorageWrite', 'StorageDelete'],
  'microsoft.containerservice/managedclusters': ['kube-apiserver', 'kube-audit', 'kube-audit-admin', 'kube-controller-manager', 'cluster-autoscaler', 'guard'],
};

/** @param issue registers a secret value that is handed out */
export function addMonitoring(arm: Arm, issue: (text: string) => string): void {
  arm.references.push(
    { key: /(^|\.)workspaceResourceId$/, type: WORKSPACE },
    { key: /(^|\.)logAnalyticsWorkspaceResourceID$/, type: WORKSPACE },
    { key: /(^|\.)dataCollectionRuleId$/, type: RULE },
    { key: /^properties\.workspaceId$/, type: WORKSPACE },
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
    {
      type: SETTING,
      created: 200,
      stateless: true,
      outlives: true,
      check({ id, path, body }) {
        const target = parseArmPath(path.scope)!.type.toLowerCase();
        for (const { category } of body.properties.logs) {
          if (!CATEGORIES[target]?.includes(category)) {
            throw new AzureError(400, 'BadRequest', `Category '${category}' is not supported.`);
          }
          const other = arm.list(SETTING, `${path.scope}/`).find((one) => one.id.toLowerCase() !== id.toLowerCase()
            && one.properties.workspaceId === body.properties.workspaceId && one.properties.logs.some((log: any) => log.category === category));
          if (other) {
            throw new AzureError(409, 'Conflict', `Data sink can't be reused in different settings on the same category: ${category}, ${other.id}`);
          }
        }
      },
      fill(resource) {
        // where there is but one kind of tables, Azure takes a wish for the other and forgets it
        if (parseArmPath(parseArmPath(resource.id)!.scope)!.type !== 'Microsoft.ContainerService/managedClusters') {
          resource.properties.logAnalyticsDestinationType = null;
        }
      },
    },
  );
}
