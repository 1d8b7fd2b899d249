import { faultsOf } from './kql';
import { watched } from './watched';
import { resource, resources } from '../synth';

const WORKBOOK = 'azurerm_application_insights_workbook';

describe('the dashboard', () => {
  const { json } = watched();
  const book = resource(json, WORKBOOK);
  const { items } = JSON.parse(book.data_json);
  const charts = items.filter(({ type }: any) => type === 3).map(({ content }: any) => content);

  test('is named by a UUID in small letters, and for people after the alerts', () => {
    expect(book).toMatchObject({ name: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/), display_name: 'test-alerts' });
    expect(Object.values<any>(resources(watched({ tags: { team: 'x' } }).json, WORKBOOK)).map(({ name }) => name)).toEqual([book.name]);
  });

  test('asks each workspace in its own language', () => {
    const sources = charts.map(({ queryType, resourceType, crossComponentResources: [id] }: any) => `${queryType} ${resourceType} ${/\{(\w+)\.(\w+)_[0-9A-F]+\./.exec(id)!.slice(1).join(' ')}`);
    expect([...new Set(sources)]).toEqual([
      '16 microsoft.monitor/accounts azurerm_monitor_workspace Alerts_Server_Metrics_Workspace',
      '0 microsoft.operationalinsights/workspaces azurerm_log_analytics_workspace Alerts_Server_Logs',
      '16 microsoft.monitor/accounts azurerm_monitor_workspace Alerts_Cluster_Metrics_Workspace',
    ]);
  });

  test('asks logs what Microsoft\'s parser has nothing against', () => {
    const queries = charts.filter(({ queryType }: any) => queryType === 0).map(({ query }: any) => query);
    expect(queries).toHaveLength(2);
    expect(queries.flatMap(faultsOf)).toEqual([]);
    expect(faultsOf(queries[0].replace('Location', 'Place'))).not.toEqual([]);
  });

  test('gives a range of time to all charts', () => {
    const [{ content: { parameters: [{ name }] } }] = items.filter(({ type }: any) => type === 9);
    expect(charts.map(({ timeContextFromParameter }: any) => timeContextFromParameter)).toEqual(charts.map(() => name));
  });

  test('has what there is', () => {
    const titles = (...given: Parameters<typeof watched>) => Object.values<any>(resources(watched(...given).json, WORKBOOK))
      .map(({ data_json: data }) => JSON.parse(data).items.length - 1);
    expect(titles()).toEqual([17]);
    expect(titles({ runners: undefined })).toEqual([12]);
    expect(titles({ serverMetricsEnabled: false, outsideTestEnabled: false }, { backup: undefined })).toEqual([5]);
    expect(titles({ runners: undefined, serverMetricsEnabled: false })).toEqual([]);
  });
});
