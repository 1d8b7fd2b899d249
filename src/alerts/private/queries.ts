import { WeekDay } from '../../azure/week-day';
import { GitLabMaintenanceWindow } from '../../gitlab/machine/gitlab-maintenance-window';
import { WatchedBackup } from '../../gitlab/private/watched-server';
import { known } from '../../private/rules/subject';

// the order of KQL's weeks.
const DAYS = [
  WeekDay.SUNDAY, WeekDay.MONDAY, WeekDay.TUESDAY, WeekDay.WEDNESDAY, WeekDay.THURSDAY, WeekDay.FRIDAY, WeekDay.SATURDAY,
];

/** Three tests in five minutes; of fifteen minutes' some may not have arrived. */
const FEWEST_FAILURES = 6;

/** Each query gives a row where there is something to tell, and none else. */

/** All tests of a quarter of an hour failed; what a maintenance window has in it does not count. */
export function unreachableQuery(testName: string, window: Required<GitLabMaintenanceWindow>): string {
  return lines(
    'AppAvailabilityResults',
    `| where Name == '${testName}'`,
    `| extend windowStart = 1d * array_index_of(dynamic(${JSON.stringify(DAYS).replaceAll('"', '\'')}), '${window.dayOfWeek}') + totimespan('${window.startTime}:00')`,
    '| extend sinceStart = TimeGenerated - startofweek(TimeGenerated) - windowStart',
    `| where iff(sinceStart < 0s, sinceStart + 7d, sinceStart) > 1m * ${window.durationMinutes}`,
    '| summarize failed = countif(Success == false), passed = countif(Success == true)',
    `| where passed == 0 and failed >= ${FEWEST_FAILURES}`,
  );
}

/** GitLab answers, but not to who looks at its certificate. */
export function certificateQuery(testName: string, certificateTestName: string): string {
  return lines(
    'AppAvailabilityResults',
    `| where Name in ('${testName}', '${certificateTestName}')`,
    '| summarize',
    `    reachable = countif(Name == '${testName}' and Success == true),`,
    `    refused = countif(Name == '${certificateTestName}' and Success == false),`,
    `    accepted = countif(Name == '${certificateTestName}' and Success == true)`,
    '| where reachable > 0 and refused > 1 and accepted == 0',
  );
}

/**
 * Nothing has arrived since the last backup was due, six hours ago or more. The set-up writes the file README whenever it has checked the way,
 * so a new server is not late. Azure looks back two days at most.
 */
export function backupMissingQuery(backup: WatchedBackup): string {
  return lines(
    ...lastDue(backup.schedule),
    ...writesOf(backup),
    '| where TimeGenerated > lastDue',
    `| where OperationName == 'PutBlockList' or path == '/${backup.containerName}/README'`,
    '| summarize arrived = count()',
    '| where arrived == 0 and lastDue > ago(46h)',
  );
}

/** A backup has told of its failure, and none has arrived since. */
export function backupFailedQuery(backup: WatchedBackup): string {
  return lines(
    ...writesOf(backup),
    `| extend isFailure = path startswith '/${backup.containerName}/failures/'`,
    '| summarize',
    '    failed = max(iff(OperationName == \'PutBlob\' and isFailure, TimeGenerated, datetime(null))),',
    '    arrived = max(iff(OperationName == \'PutBlockList\', TimeGenerated, datetime(null)))',
    '| where isnotnull(failed) and (isnull(arrived) or arrived < failed)',
  );
}

function writesOf({ accountName, containerName }: WatchedBackup): string[] {
  return [
    'StorageBlobLogs',
    `| where AccountName == '${accountName}' and StatusText == 'Success'`,
    '| extend path = tostring(parse_url(Uri).Path)',
    `| where path startswith '/${containerName}/'`,
  ];
}

/** When the last backup was due that has had its time; if only the apply knows the schedule, one is due each day. */
function lastDue(schedule: string): string[] {
  return !known(schedule) ? ['let lastDue = ago(30h);'] : [
    'let lastDue = toscalar(',
    '    range week from -1 to 0 step 1',
    `    | extend dueAt = dynamic([${dueTimes(schedule).map((time) => `'${time}'`).join(', ')}])`,
    '    | mv-expand dueAt to typeof(string)',
    '    | extend due = startofweek(now()) + 7d * week + totimespan(dueAt)',
    '    | where due < ago(6h)',
    '    | summarize max(due));',
  ];
}

/** The longest time that may lie between two backups; if only the apply knows the schedule, one is due each day. */
export function longestPauseHours(schedule: string): number {
  const hours = !known(schedule) ? [0, 24] : dueTimes(schedule).map((time) => {
    const [day, hour, minute] = time.split(/[.:]/).map(Number);
    return day * 24 + hour + minute / 60;
  }).sort((one, other) => one - other);
  const week = known(schedule) ? [...hours, hours[0] + 7 * 24] : hours;
  return Math.max(...week.slice(1).map((hour, index) => hour - week[index]));
}

/** When backups are due, as times since a week began. */
function dueTimes(schedule: string): string[] {
  const [, days = 'Mon..Sun', hours, minutes] = /^(?:(\S+) )?([\d,]+):(\d\d)$/.exec(schedule)!;
  return daysOf(days).flatMap((day) => hours.split(',').map((hour) => `${day}.${hour}:${minutes}:00`));
}

/** Days as systemd writes them, `Mon,Wed..Fri`, as numbers from Sunday on. */
function daysOf(days: string): number[] {
  const number = (day: string) => DAYS.findIndex((name) => name.startsWith(day));
  const numbers = days.split(',').flatMap((part) => {
    const [first, last = first] = part.split('..').map(number);
    return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, index) => (first + index) % 7);
  });
  return [...new Set(numbers)].sort();
}

function lines(...all: string[]): string {
  return all.join('\n');
}
