// Microsoft.Monitor, Microsoft.AlertsManagement and the endpoints of Microsoft.Insights: managed Prometheus.
// Not checked: whether metrics arrive, expressions, whether a rule ever fires.
import { existing, refuse } from './alerts';
import { Arm } from './core';
import { uuidOf } from './login';

const WORKSPACE = 'Microsoft.Monitor/accounts';
const ENDPOINT = 'Microsoft.Insights/dataCollectionEndpoints';

export function addPrometheus(arm: Arm): void {
  arm.references.push(
    { key: /(^|\.)accountResourceId$/, type: WORKSPACE },
    { key: /(^|\.)dataCollectionEndpointId$/, type: ENDPOINT },
  );
  arm.add(
    {
      type: WORKSPACE,
      deleted: 204,
      fill(resource) {
        resource.properties = {
          publicNetworkAccess: 'Enabled', ...resource.properties, accountId: uuidOf(resource.id),
          metrics: { prometheusQueryEndpoint: `https://${resource.name}-0000.${resource.location}.prometheus.monitor.azure.com`, internalId: `mac_${uuidOf(resource.id)}` },
          defaultIngestionSettings: { dataCollectionRuleResourceId: `${resource.id}-rule`, dataCollectionEndpointResourceId: `${resource.id}-endpoint` },
        };
      },
    },
    {
      type: ENDPOINT,
      stateless: true,
      fill(resource) {
        const host = (what: string) => ({ endpoint: `https://${resource.name}-0000.${resource.location}-1.${what}.monitor.azure.com` });
        resource.properties = {
          ...resource.properties, immutableId: `dce-${uuidOf(resource.id).replace(/-/g, '')}`,
          configurationAccess: host('handler.control'), logsIngestion: host('ingest'), metricsIngestion: host('metrics.ingest'),
        };
      },
    },
    {
      type: 'Microsoft.AlertsManagement/prometheusRuleGroups',
      stateless: true,
      check({ body: { location, properties } }) {
        const [workspace, cluster, ...others] = properties.scopes.map((scope: string) => existing(arm, scope));
        refuse(workspace.type !== WORKSPACE || others.length > 0, 'the scopes are a workspace and, perhaps, a cluster');
        refuse(workspace.location !== location, `the rules are in ${location}, and their workspace in ${workspace.location}`);
        refuse(cluster && cluster.name !== properties.clusterName, `${properties.clusterName} is not the cluster of the scopes`);
        refuse(!/^PT([1-9]|1[0-5])M$/.test(properties.interval), 'the interval is 1 to 15 minutes');
        refuse(properties.rules.length > 20, 'a group has at most 20 rules');
      },
    },
  );
}
