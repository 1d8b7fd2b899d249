// The runners' rules of `PlatformAlerts`.
import { labels, testRules } from './harness/promtool';
import { watched } from './harness/watched';
import { WeekDay } from 'cdktf-azure-gitlab';

/** The window begins with the second hour of the tool's time. */
const { rules } = watched(['ci', 'release'], { dayOfWeek: WeekDay.THURSDAY, startTime: '01:00', durationMinutes: 90 });

const requests = (status: string, values: string, namespace = 'ci', runner = 'abc') =>
  ({ series: `gitlab_runner_api_request_statuses_total{${labels({ namespace, runner, status, endpoint: 'request_job' })}}`, values });
const failed = (reason: string, values: string, pod = 'a') =>
  ({ series: `gitlab_runner_failed_jobs_total{${labels({ namespace: 'ci', pod, failure_reason: reason, mode: 'standard' })}}`, values });
const configured = { series: `gitlab_runner_limit{${labels({ namespace: 'ci', runner: 'abc' })}}`, values: '0x300' };
const waits = (most: string, values: string) => ({ series: `gitlab_runner_job_queue_duration_seconds_bucket{${labels({ namespace: 'ci', le: most })}}`, values });
const nodes = (count: number, pool = 'jobs') => Array.from({ length: count }, (_, index) => ({
  series: `kube_node_info{${labels({ node: `aks-${pool}-12345678-vmss00000${index}` })}}`, values: '1x100',
}));
const there = (namespace: string, values: string) => ({ series: `gitlab_runner_version_info{${labels({ namespace })}}`, values });

testRules(rules, [
  ['one of two managers goes away and comes back', [there('ci', '1x5 _x30 1x30'), there('release', '1x100')], 'RunnerGone',
    { 10: [], 18: [], 25: [{ namespace: 'ci' }], 40: [] }],
  ['metrics never came', [], 'RunnerGone', { 5: [], 11: [{ namespace: 'ci' }, { namespace: 'release' }] }],
  ['nothing reaches GitLab any more', [requests('204', '0+20x20 400x40'), requests('-1', '_x20 1+20x20 400x40')], 'CannotReachGitLab',
    { 15: [], 29: [], 41: [{ namespace: 'ci' }], 55: [] }],
  ['every second request fails', [requests('204', '0+20x60'), requests('502', '0+20x60')], 'CannotReachGitLab', { 30: [], 59: [] }],
  ['another manager reaches GitLab', [requests('204', '0+20x60', 'release'), requests('500', '0+20x60')], 'CannotReachGitLab', { 30: [{ namespace: 'ci' }] }],
  ['GitLab is away in its window, and for longer', [requests('502', '_x61 0+20x120')], 'CannotReachGitLab', { 80: [], 149: [], 158: [], 162: [{ namespace: 'ci' }] }],
  ['GitLab has nothing for a runner', [requests('204', '0+20x60'), configured], 'TokenRefused', { 30: [] }],
  ['three refusals between two scrapes, then silence', [requests('204', '0+20x10 200x90'), requests('403', '_x11 3x90'), configured], 'TokenRefused',
    { 12: [], 27: [{ namespace: 'ci', runner: 'abc' }], 90: [{ namespace: 'ci', runner: 'abc' }] }],
  ['a refusal of long ago', [requests('403', '3x60'), requests('204', '0+20x60'), configured], 'TokenRefused', { 30: [] }],
  ['a token that was replaced', [requests('403', '3x60'), { ...configured, series: configured.series.replace('abc', 'def') }], 'TokenRefused', { 30: [] }],
  ['a quarter of the jobs waits long', [waits('600', '0+3x60'), waits('900', '0+4x60'), waits('+Inf', '0+4x60')], 'JobsWait', { 5: [], 20: [{ namespace: 'ci' }] }],
  ['one of twenty jobs waits long', [waits('600', '0+19x60'), waits('900', '0+20x60'), waits('+Inf', '0+20x60')], 'JobsWait', { 20: [], 60: [] }],
  ['three jobs fail in a manager\'s first minute', [failed('runner_system_failure', '_x5 3x60')], 'PlatformFailures',
    { 4: [], 7: [{ namespace: 'ci', failure_reason: 'runner_system_failure' }], 40: [] }],
  ['two jobs fail', [failed('runner_system_failure', '_x5 2x60')], 'PlatformFailures', { 10: [] }],
  ['three fail in three hours', [failed('runner_system_failure', '0x10 1x60 2x60 3x60')], 'PlatformFailures', { 20: [], 80: [], 140: [] }],
  ['two managers of a runner, three failures together', [failed('unknown_failure', '1x40 2x60'), failed('unknown_failure', '4x40 6x60', 'b')], 'PlatformFailures',
    { 39: [], 45: [{ namespace: 'ci', failure_reason: 'unknown_failure' }] }],
  ['scripts fail', [failed('script_failure', '0+5x60')], 'PlatformFailures', { 30: [] }],
  ['images are not there', [failed('image_pull_failure', '0x5 3x60')], 'ImagePull', { 7: [{ namespace: 'ci', failure_reason: 'image_pull_failure' }], 40: [] }],
  ['a pool is as large as it may be', nodes(3), 'PoolAtMax', { 20: [], 31: [{ pool: 'jobs' }] }],
  ['a pool has room', [...nodes(2), ...nodes(3, 'jobs2')], 'PoolAtMax', { 60: [] }],
]);
