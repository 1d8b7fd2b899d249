import { Finding, State } from './finding';
import { Month } from './month';
import { Amounts } from './quantities';

const WORDS: { readonly [state in State]: string } = { ok: 'ok', warning: 'warning', refused: 'REFUSED', broken: 'BROKEN', unknown: 'unknown', unanswered: 'NO ANSWER' };
/** What matters most last: there a terminal's reader looks. */
const ORDER: readonly State[] = ['ok', 'unknown', 'warning', 'unanswered', 'refused', 'broken'];

const MONTH_UNITS = ['vCPU hours', 'GB', 'addresses', 'executions', 'of your currency'];

/** What findings come to, the worst first. */
const TOLD: readonly [State, string][] = [
  ['broken', 'broken'], ['refused', 'refused'], ['unanswered', 'without an answer'], ['warning', 'to consider'], ['unknown', 'not known before the apply'], ['ok', 'fine'],
];

/** What the program asks for, as lines. */
export function needs(amounts: readonly Amounts[]): string[] {
  const place = placesOf(amounts);
  const rows = [...amounts].sort((a, b) => rank(a) - rank(b)).map(({ what, location, subscriptionId, first, working, most }) =>
    [`${what} in ${location}${place(subscriptionId)}`, ...[first, working, most].map(({ amount }) => String(amount)), first.unit]);
  return table([['', 'at first', 'with a CI node', 'at most', ''], ...rows]).map((line) => `  ${line}`);
}

/** What a month comes to, as lines. */
export function monthLines(months: readonly Month[]): string[] {
  const place = placesOf(months);
  const rows = [...months].sort((a, b) => MONTH_UNITS.indexOf(a.least.unit) - MONTH_UNITS.indexOf(b.least.unit)
    || (a.least.unit === 'vCPU hours' ? a.what.localeCompare(b.what, 'en') : 0)).map(({ what, subscriptionId, least, most }) =>
    [`${what}${place(subscriptionId)}`, ...[least, most].map(({ amount }) => Math.round(amount).toLocaleString('en')), least.unit]);
  return table([['', 'at least', 'at most', ''], ...rows]).map((line) => `  ${line}`);
}

/** Tells the subscription where there are several. */
function placesOf(all: readonly { readonly subscriptionId?: string }[]): (id?: string) => string {
  const several = new Set(all.map(({ subscriptionId }) => subscriptionId)).size > 1;
  return (id) => (!several ? '' : id === undefined ? ', the default subscription' : `, subscription ${id}`);
}

/** Each finding, and in one line what all come to. */
export function report(findings: readonly Finding[]): string[] {
  const subscriptions = [...new Set(findings.map(({ subscriptionId }) => subscriptionId))];
  return [
    ...subscriptions.flatMap((subscriptionId) => [
      ...subscriptionId === undefined ? [] : [`Subscription ${subscriptionId}:`],
      ...findingLines(findings.filter((finding) => finding.subscriptionId === subscriptionId)),
    ]),
    '',
    total(findings),
  ];
}

export function findingLines(findings: readonly Finding[]): string[] {
  const width = Math.max(...Object.values(WORDS).map(({ length }) => length));
  return ORDER.flatMap((state) => together(findings.filter((finding) => finding.state === state))).flatMap(({ state, what, meaning, remedy }) => [
    `  ${WORDS[state].padEnd(width)}  ${what}`,
    ...meaning ? [`  ${' '.repeat(width)}  ${meaning}`] : [],
    ...remedy ? [`  ${' '.repeat(width)}  -> ${remedy}`] : [],
  ]);
}

/** Questions that went without an answer for one reason are one line, each with a subject before its first colon. */
function together(findings: readonly Finding[]): readonly Finding[] {
  const parts = findings.map((finding) => ({ finding, colon: finding.state === 'unanswered' ? finding.what.indexOf(': ') : -1 }))
    .map(({ finding, colon }) => ({
      finding, subject: finding.what.slice(0, Math.max(colon, 0)), reason: colon < 0 ? undefined : finding.what.slice(colon),
    }));
  return parts.flatMap(({ finding, reason }, index) => {
    const alike = parts.filter((other) => reason !== undefined && other.reason === reason);
    return alike.length < 2 ? finding : alike[0] === parts[index] ? { ...finding, what: `${alike.map(({ subject }) => subject).join(', ')}${reason}` } : [];
  });
}

export function total(findings: readonly Finding[]): string {
  const count = (state: State) => findings.filter((finding) => finding.state === state).length;
  return `${TOLD.filter(([state]) => count(state) > 0).map(([state, words]) => `${count(state)} ${words}`).join(', ')}.`;
}

/** Machines before disks and addresses. */
function rank({ first }: Amounts): number {
  return ['vCPU', 'machines', 'GB', 'addresses'].indexOf(first.unit);
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => row.map((cell, column) => (column === 0 || column === row.length - 1 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join('  ').trimEnd());
}
