// The queries of alerts, run on rows like Azure's: what makes each fire, and what makes it stop.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { STACKS } from './synthesised';

interface Row { readonly [column: string]: unknown }
interface Case { readonly what: string; readonly now: string; readonly rows: readonly Row[]; readonly fires: boolean }

const MINUTE = 60_000;
/** A Wednesday; the maintenance window of the program is Sundays, 04:00 to 06:00, its backup is due at 02:30. */
const NINE = '2026-11-25T09:00:00Z';
const NAME = 'everything-alerts';
const ACCOUNT = 'gitlabbackup0';

const alerts: { [rule: string]: { readonly query: string; readonly window: string } } = Object.fromEntries(
  Object.values<any>(JSON.parse(readFileSync(join(STACKS.everything, 'cdk.tf.json'), 'utf8')).resource.azurerm_monitor_scheduled_query_rules_alert_v2)
    .map(({ display_name: rule, criteria: [{ query }], window_duration: window }) => [rule, { query, window }]),
);

/** Tests of a kind from a time on, one every five minutes from each place. */
function tests(kind: string, from: string, results: readonly boolean[]): Row[] {
  return results.map((Success, index) => ({
    TimeGenerated: later(from, Math.floor(index / 3) * 5), Name: `${NAME}-${kind}`, Location: ['West Europe', 'East US', 'Southeast Asia'][index % 3], Success,
  }));
}

function write(time: string, operation: string, path: string, more: Row = {}): Row {
  return { TimeGenerated: time, AccountName: ACCOUNT, OperationName: operation, StatusText: 'Success', Uri: `https://${ACCOUNT}.blob.core.windows.net:443${path}`, ...more };
}
const backup = (time: string) => write(time, 'PutBlockList', '/gitlab-backups/20261125T023001Z-19.4.1-ce_gitlab_backup.tar?comp=blocklist');
const secrets = (time: string) => write(time, 'PutBlockList', '/gitlab-backups-secrets/20261125T023001Z-19.4.1-ce.tar.gz?comp=blocklist');
const failure = (time: string, more?: Row) => write(time, 'PutBlob', '/gitlab-backups/failures/20261125T031500Z.log', more);
const setUp = (time: string) => write(time, 'PutBlob', '/gitlab-backups/README');
const later = (time: string, minutes: number) => new Date(Date.parse(time) + minutes * MINUTE).toISOString();
const all = (success: boolean, count: number) => Array<boolean>(count).fill(success);
const quarterBefore = (now: string) => later(now, -14);

const CASES: { readonly [rule: string]: readonly Case[] } = {
  GitLabUnreachable: [
    { what: 'every test fails', now: NINE, rows: tests('reachable', quarterBefore(NINE), all(false, 9)), fires: true },
    { what: 'every test fails, and the last have not arrived', now: NINE, rows: tests('reachable', quarterBefore(NINE), all(false, 6)), fires: true },
    { what: 'one place gets through', now: NINE, rows: tests('reachable', quarterBefore(NINE), [...all(false, 8), true]), fires: false },
    { what: 'it is back', now: NINE, rows: tests('reachable', quarterBefore(NINE), [...all(false, 6), ...all(true, 3)]), fires: false },
    { what: 'five minutes alone', now: NINE, rows: tests('reachable', later(NINE, -4), all(false, 3)), fires: false },
    { what: 'the certificate is at fault', now: NINE, rows: [...tests('reachable', quarterBefore(NINE), all(true, 9)), ...tests('certificate', quarterBefore(NINE), all(false, 9))], fires: false },
    { what: 'in the maintenance window', now: '2026-11-29T05:00:00Z', rows: tests('reachable', '2026-11-29T04:46:00Z', all(false, 9)), fires: false },
    { what: 'at the end of the window', now: '2026-11-29T06:05:00Z', rows: tests('reachable', '2026-11-29T05:51:00Z', all(false, 9)), fires: false },
    { what: 'still a quarter of an hour after the window', now: '2026-11-29T06:16:00Z', rows: tests('reachable', '2026-11-29T06:02:00Z', all(false, 9)), fires: true },
    { what: 'at the same hour of another day', now: '2026-11-28T05:00:00Z', rows: tests('reachable', '2026-11-28T04:46:00Z', all(false, 9)), fires: true },
  ],
  CertificateExpiring: [
    { what: 'GitLab answers, its certificate is refused', now: NINE, rows: [...tests('reachable', later(NINE, -59), all(true, 30)), ...tests('certificate', later(NINE, -59), all(false, 4))], fires: true },
    { what: 'it was renewed', now: NINE, rows: [...tests('reachable', later(NINE, -59), all(true, 30)), ...tests('certificate', later(NINE, -59), [...all(false, 3), true])], fires: false },
    { what: 'GitLab is away', now: NINE, rows: [...tests('reachable', later(NINE, -59), all(false, 30)), ...tests('certificate', later(NINE, -59), all(false, 4))], fires: false },
    { what: 'one test failed', now: NINE, rows: [...tests('reachable', later(NINE, -59), all(true, 30)), ...tests('certificate', later(NINE, -59), [false])], fires: false },
  ],
  BackupMissing: [
    { what: 'yesterday\'s was the last', now: NINE, rows: [backup('2026-11-24T02:50:00Z')], fires: true },
    { what: 'the server is off, and has been for days', now: NINE, rows: [], fires: true },
    { what: 'today\'s has arrived', now: NINE, rows: [backup('2026-11-24T02:50:00Z'), backup('2026-11-25T03:10:00Z')], fires: false },
    { what: 'today\'s arrived late', now: '2026-11-25T13:00:00Z', rows: [backup('2026-11-24T02:50:00Z'), backup('2026-11-25T12:30:00Z')], fires: false },
    { what: 'today\'s is being made', now: '2026-11-25T07:30:00Z', rows: [backup('2026-11-24T02:50:00Z')], fires: false },
    { what: 'the secrets alone have arrived', now: NINE, rows: [secrets('2026-11-25T02:31:00Z')], fires: true },
    { what: 'it failed', now: NINE, rows: [failure('2026-11-25T03:15:00Z')], fires: true },
    { what: 'another account\'s has arrived', now: NINE, rows: [{ ...backup('2026-11-25T03:10:00Z'), AccountName: 'other' }], fires: true },
    { what: 'the server is new', now: NINE, rows: [setUp('2026-11-25T08:00:00Z')], fires: false },
    { what: 'the server was new yesterday', now: NINE, rows: [setUp('2026-11-24T15:00:00Z')], fires: true },
  ],
  BackupFailed: [
    { what: 'it failed', now: NINE, rows: [backup('2026-11-24T02:50:00Z'), failure('2026-11-25T03:15:00Z')], fires: true },
    { what: 'the first one failed', now: NINE, rows: [failure('2026-11-25T03:15:00Z')], fires: true },
    { what: 'another one has succeeded since', now: NINE, rows: [failure('2026-11-25T03:15:00Z'), backup('2026-11-25T08:15:00Z')], fires: false },
    { what: 'the secrets of the one that failed arrived after the failure before it', now: NINE, rows: [failure('2026-11-25T03:15:00Z'), secrets('2026-11-25T08:15:00Z')], fires: true },
    { what: 'none failed', now: NINE, rows: [backup('2026-11-25T02:50:00Z')], fires: false },
    { what: 'there is nothing', now: NINE, rows: [], fires: false },
    { what: 'somebody without a role tried to write there', now: NINE, rows: [failure('2026-11-25T03:15:00Z', { StatusText: 'AuthorizationPermissionMismatch' })], fires: false },
  ],
};

const PERIODS: { readonly [window: string]: number } = { PT15M: 15, PT1H: 60, P2D: 2880 };

/** As Azure asks: of the rows of the window alone, at that time. */
function asked({ query, window }: { readonly query: string; readonly window: string }, { now, rows }: Case) {
  const from = Date.parse(later(now, -PERIODS[window]));
  const time = ({ TimeGenerated }: Row) => Date.parse(TimeGenerated as string);
  const inWindow = rows.filter((row) => time(row) >= from && time(row) <= Date.parse(now))
    .map((row) => ({ ...row, TimeGenerated: (row.TimeGenerated as string).replace('Z', '') }));
  return {
    query: query.replace(/\$\{azurerm_storage_account\.[^}]*\}/g, ACCOUNT)
      .replaceAll('now()', `datetime(${now})`).replace(/ago\((\w+)\)/g, (_, span) => `(datetime(${now}) - ${span})`),
    tables: { [query.includes('AppAvailabilityResults') ? 'AppAvailabilityResults' : 'StorageBlobLogs']: inWindow },
  };
}

function run(cases: readonly object[]): number[] {
  return JSON.parse(execFileSync(process.env.SCANNERS_QUERIES!, [join(process.env.SCANNERS_ROOT!, 'test/scanners/queries/run.py')], { input: JSON.stringify(cases), encoding: 'utf8' }));
}

test('each query of an alert is tried', () => {
  assert.deepEqual(Object.keys(CASES).sort(), Object.keys(alerts).sort());
});

for (const [rule, cases] of Object.entries(CASES)) {
  test(`${rule} fires when it should, and at no other time`, () => {
    const found = run(cases.map((one) => asked(alerts[rule], one)));
    assert.deepEqual(cases.map(({ what }, index) => `${what}: ${found[index] > 0}`), cases.map(({ what, fires }) => `${what}: ${fires}`));
  });
}

test('what the dashboard asks has a row for each time and place of which there is anything to tell', () => {
  const [book] = Object.values<any>(JSON.parse(readFileSync(join(STACKS.everything, 'cdk.tf.json'), 'utf8')).resource.azurerm_application_insights_workbook);
  const asking = JSON.parse(book.data_json).items.map(({ content }: any) => content).filter(({ queryType, query }: any) => queryType === 0 && query);
  const [outside, backups, ...others] = asking.map(({ query }: any) => query);
  assert.deepEqual(others, []);
  const rows = (query: string, ...of: readonly Row[]) => asked({ query, window: 'P2D' }, { what: 'dashboard', now: NINE, rows: of, fires: true });
  assert.deepEqual(run([
    rows(outside, ...tests('reachable', quarterBefore(NINE), all(true, 9)), ...tests('certificate', quarterBefore(NINE), all(true, 3))),
    rows(backups, backup('2026-11-24T02:50:00Z'), backup('2026-11-25T03:10:00Z'), secrets('2026-11-25T03:00:00Z'), failure('2026-11-25T03:15:00Z')),
    rows(backups),
  ]), [3, 2, 0]);
});
