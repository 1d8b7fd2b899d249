import { TerraformVariable } from 'cdktf';
import { faultsOf } from './kql';
import { WeekDay } from '../../src';
import { backupFailedQuery, backupMissingQuery, certificateQuery, unreachableQuery } from '../../src/alerts/private/queries';
import { newStack } from '../synth';

const BACKUP = { accountId: '/a', accountName: 'gitlabbackup0', containerName: 'gitlab-backups', schedule: '02:30' };
const WINDOW = { dayOfWeek: WeekDay.SATURDAY, startTime: '22:00', durationMinutes: 180 };

const QUERIES: readonly [string, string][] = [
  ['unreachable', unreachableQuery('up', WINDOW)],
  ['certificate', certificateQuery('up', 'certificate')],
  ['backup missing', backupMissingQuery(BACKUP)],
  ['backup missing, of a schedule that only the apply knows', backupMissingQuery({ ...BACKUP, schedule: new TerraformVariable(newStack(), 'X', {}).stringValue })],
  ['backup failed', backupFailedQuery(BACKUP)],
];

describe('when a backup is due', () => {
  const due = (schedule: string) => [...backupMissingQuery({ ...BACKUP, schedule }).matchAll(/'(\d)\.(\d\d:\d\d):00'/g)].map(([, day, time]) => `${day} ${time}`);

  test.each([
    ['02:30', [0, 1, 2, 3, 4, 5, 6].map((day) => `${day} 02:30`)],
    ['Mon..Fri 03:00', [1, 2, 3, 4, 5].map((day) => `${day} 03:00`)],
    ['Sat,Sun 04:00', ['0 04:00', '6 04:00']],
    ['Fri..Mon 04:00', [0, 1, 5, 6].map((day) => `${day} 04:00`)],
    ['Wed 02,14:30', ['3 02:30', '3 14:30']],
  ])('%s', (schedule, expected) => {
    expect(due(schedule)).toEqual(expected);
  });

  test('is once a day where only the apply knows the schedule', () => {
    const { stringValue } = new TerraformVariable(newStack(), 'X', {});
    expect(backupMissingQuery({ ...BACKUP, schedule: stringValue })).toMatch(/^let lastDue = ago\(30h\);\n/);
  });
});

describe('Microsoft\'s parser', () => {
  test.each(QUERIES)('has nothing against the query: %s', (_, query) => {
    expect(faultsOf(query)).toEqual([]);
  });

  test('knows tables, columns and types', () => {
    expect(faultsOf('AppAvailabilityResult | count')[0]).toMatch(/^KS204 /);
    expect(faultsOf('AppAvailabilityResults | where Place == 1')[0]).toMatch(/^KS142 /);
    expect(faultsOf('AppAvailabilityResults | summarize avg(Name)')[0]).toMatch(/^KS1\d\d /);
  });
});
