import { WatchedBackup } from '../../gitlab/private/watched-server';

/** A chart of what a query gives over time. */
export interface Panel {
  readonly title: string;
  readonly workspaceId: string;
  readonly language: 'promql' | 'kql';
  readonly query: string;
}

const charts = (language: Panel['language']) => (workspaceId: string, queries: readonly (readonly [title: string, query: string])[]): Panel[] =>
  queries.map(([title, query]) => ({ title, workspaceId, language, query }));
const promql = charts('promql');
const kql = charts('kql');

/** What the server tells of itself. */
export function serverPanels(workspaceId: string): Panel[] {
  return promql(workspaceId, [
    ['Server: free space, %', 'max by (mountpoint) (100 * node_filesystem_avail_bytes / node_filesystem_size_bytes)'],
    ['Server: available memory, %', '100 * node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes'],
    ['Server: load of five minutes', 'node_load5'],
    ['Jobs that wait for a runner', 'gitlab_server_pending_jobs'],
    ['The oldest of them waits, minutes', '(time() - gitlab_server_oldest_pending_job_timestamp_seconds) / 60'],
    ['Age of the last good backup, hours', '(time() - gitlab_server_backup_last_success_timestamp_seconds) / 3600'],
    ['Certificate: days left', '(gitlab_server_certificate_not_after_timestamp_seconds - time()) / 86400'],
    ['Background migrations', 'label_replace(gitlab_server_migrations_unfinished, "state", "unfinished", "", "") or label_replace(gitlab_server_migrations_failed, "state", "failed", "", "")'],
    ['Security updates that are not installed', 'gitlab_server_security_updates_pending'],
    ['Tasks of the server that failed', 'sum by (task) (gitlab_server_task_failed)'],
  ]);
}

/** What the managers tell, and how many nodes there are. */
export function runnerPanels(workspaceId: string): Panel[] {
  return promql(workspaceId, [
    ['Jobs that run', 'sum by (namespace) (gitlab_runner_jobs)'],
    ['Nine of ten jobs waited for less than, seconds', 'histogram_quantile(0.9, sum by (namespace, le) (rate(gitlab_runner_job_queue_duration_seconds_bucket[30m])))'],
    ['Jobs that failed in an hour, by reason', 'sum by (failure_reason) (increase(gitlab_runner_failed_jobs_total[1h]))'],
    ['Answers of GitLab to managers, each second', 'sum by (status) (rate(gitlab_runner_api_request_statuses_total[5m]))'],
    ['Nodes', 'count(kube_node_info)'],
  ]);
}

/** What is known from outside. */
export function logPanels(workspaceId: string, testName?: string, backup?: WatchedBackup): Panel[] {
  return kql(workspaceId, [
    ...testName === undefined ? [] : [['Tests from outside that passed, %', [
      'AppAvailabilityResults',
      `| where Name == '${testName}'`,
      '| summarize passed = 100.0 * countif(Success == true) / count() by bin(TimeGenerated, 15m), Location',
    ].join('\n')] as const],
    ...backup ? [['Backups that arrived', [
      'StorageBlobLogs',
      `| where AccountName == '${backup.accountName}' and StatusText == 'Success' and OperationName == 'PutBlockList'`,
      `| where tostring(parse_url(Uri).Path) startswith '/${backup.containerName}/'`,
      '| summarize arrived = count() by bin(TimeGenerated, 1d)',
    ].join('\n')] as const] : [],
  ]);
}
