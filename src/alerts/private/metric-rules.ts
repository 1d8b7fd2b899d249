import { AlertRuleName } from './alert-rules';
import { WeekDay } from '../../azure/week-day';
import { GitLabMaintenanceWindow } from '../../gitlab/machine/gitlab-maintenance-window';

/** A rule as Prometheus has it, which an Azure rule group and promtool both take. */
export interface MetricRule {
  readonly alert: AlertRuleName;
  /** Gives a series for each thing to tell of. */
  readonly expression: string;
  /** For how long it has to be so. */
  readonly minutes: number;
}

/** A pool that the autoscaler makes larger. */
export interface GrowingPool {
  readonly name: string;
  readonly maximum: string;
}

// the order of PromQL's weeks.
const DAYS = [WeekDay.SUNDAY, WeekDay.MONDAY, WeekDay.TUESDAY, WeekDay.WEDNESDAY, WeekDay.THURSDAY, WeekDay.FRIDAY, WeekDay.SATURDAY];
const WEEK_MINUTES = 7 * 24 * 60;

/** So many jobs of half an hour are more than bad luck, such as a spot node that is taken away. */
const MANY_FAILURES = 3;
const LONG_QUEUE_SECONDS = 600;

/** Failures that are nobody's who wrote a job. */
const PLATFORM_REASONS = ['runner_system_failure', 'runner_external_dependency_failure', 'unknown_failure'];
/** An image that is not there, or for somebody else, is the second: a project's mistake, or a login that has ended. */
const IMAGE_REASONS = ['image_pull_failure', 'runner_configuration_error'];

/** What the managers' own metrics tell, by the namespaces of the managers. */
export function runnerRules(namespaces: readonly string[], window: Required<GitLabMaintenanceWindow>): MetricRule[] {
  const managers = `namespace=~"${namespaces.join('|')}"`;
  const requests = (status: string, more = '') => `gitlab_runner_api_request_statuses_total{${managers},status=~"${status}"${more}}`;
  const lately = (by: string, series: string) => `sum by (${by}) (rate(${series}[10m])) > 0`;
  return [
    {
      alert: 'RunnerGone',
      expression: namespaces.map((namespace) => `absent(gitlab_runner_version_info{namespace="${namespace}"})`).join(' or '),
      minutes: 10,
    },
    {
      // what does not arrive at all is counted as -1.
      alert: 'CannotReachGitLab',
      expression: `(${lately('namespace', requests('-1|5..'))} unless ${lately('namespace', requests('2..'))}) and on () ${outside(window)}`,
      minutes: 10,
    },
    {
      // after three of these a manager does not ask for some minutes: what counts is that none has been answered otherwise since. A token that was
      // replaced is still counted, but no longer configured.
      alert: 'TokenRefused',
      expression: `(sum by (namespace, runner) (${requests('403', ',endpoint="request_job"')}) > 0`
        + ` unless ${lately('namespace, runner', requests('2..|-1|5..', ',endpoint="request_job"'))})`
        + ` and on (namespace, runner) gitlab_runner_limit{${managers}}`,
      minutes: 5,
    },
    {
      alert: 'JobsWait',
      expression: `histogram_quantile(0.9, sum by (namespace, le) (rate(gitlab_runner_job_queue_duration_seconds_bucket{${managers}}[30m]))) > ${LONG_QUEUE_SECONDS}`,
      minutes: 10,
    },
    { alert: 'PlatformFailures', expression: failures(managers, PLATFORM_REASONS), minutes: 0 },
    { alert: 'ImagePull', expression: failures(managers, IMAGE_REASONS), minutes: 0 },
  ];
}

/** What the nodes' metrics tell. */
export function poolRules(pools: readonly GrowingPool[]): MetricRule[] {
  return pools.length === 0 ? [] : [{
    alert: 'PoolAtMax',
    expression: pools.map(({ name, maximum }) => `label_replace(count(kube_node_info{node=~"aks-${name}-.+"}) >= ${maximum}, "pool", "${name}", "", "")`).join(' or '),
    minutes: 30,
  }];
}

/** So many within half an hour, also where there were none before: a counter begins at its first event, which no increase shows. */
function failures(managers: string, reasons: readonly string[]): string {
  const by = 'namespace, pod, failure_reason';
  const count = (offset = '') => `sum by (${by}) (gitlab_runner_failed_jobs_total{${managers},failure_reason=~"${reasons.join('|')}"}${offset})`;
  const before = count(' offset 30m');
  return `sum by (namespace, failure_reason) ((${count()} - ${before}) or (${count()} unless ${before})) >= ${MANY_FAILURES}`;
}

/** A condition on the time, which is in UTC: that no maintenance window has it in it. */
export function outside({ dayOfWeek, startTime, durationMinutes }: Required<GitLabMaintenanceWindow>): string {
  const [hours, minutes] = startTime.split(':').map(Number);
  const start = (DAYS.indexOf(dayOfWeek) * 24 + hours) * 60 + minutes;
  return `((day_of_week() * 1440 + hour() * 60 + minute() + ${WEEK_MINUTES - start}) % ${WEEK_MINUTES} >= ${durationMinutes})`;
}
