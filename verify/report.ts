import { CLAIMS, OTHER_CLAIMS } from './claims';
import { Outcome, Verdict } from './outcome';
import { Redaction } from './redaction';

/** What it was tried with. */
export interface Versions { readonly [name: string]: string | undefined }

/** A report as programs read it. Nothing in it tells whose platform it was. */
export interface Report {
  readonly region: string;
  readonly date: string;
  readonly versions: Versions;
  readonly claims: readonly (Outcome & { readonly what: string; readonly page: string })[];
  /** Claims of the pages that no check is for. */
  readonly others: typeof OTHER_CLAIMS;
}

const SIGNS: { readonly [verdict in Verdict]: string } = { 'confirmed': 'confirmed', 'refuted': 'REFUTED', 'not tried': 'not tried' };

/** Each claim with what came of it; the error texts without names and secrets. */
export function reportOf(region: string, versions: Versions, outcomes: readonly Outcome[], redaction: Redaction): Report {
  return {
    region,
    date: new Date().toISOString().slice(0, 10),
    versions: Object.fromEntries(Object.entries(versions).map(([name, version]) => [name, version && redaction.text(version)])),
    claims: CLAIMS.map(({ id, what, page }) => {
      const outcome: Outcome = outcomes.find(({ claim }) => claim === id) ?? { claim: id, verdict: 'not tried', told: 'it did not come to that' };
      return { ...outcome, what, page, ...outcome.told === undefined ? {} : { told: redaction.text(outcome.told) } };
    }),
    others: OTHER_CLAIMS,
  };
}

/** The report for people, as Markdown. */
export function markdown({ region, date, versions, claims, others }: Report): string {
  const refuted = claims.filter(({ verdict, unanswered }) => verdict === 'refuted' || unanswered);
  return [
    '# What the library claims of Azure, tried', '',
    `In ${region}, on ${date}: ${total(claims)}.`, '',
    ...table(['', 'version'], Object.entries(versions).map(([name, version]) => [name, version ?? 'unknown'])), '',
    ...table(['claim', 'page', '', 'seconds', 'seen'], claims.map(({ what, page, verdict, seconds, told: text }) =>
      [what, page, SIGNS[verdict], String(seconds ?? ''), refuted.some((one) => one.what === what) ? 'see below' : text ?? ''])), '',
    ...refuted.flatMap(({ what, verdict, told: text }) => [`## ${SIGNS[verdict]}: ${what}`, '', '```', ...(text ?? '').split('\n').map((line) => line.replace(/`{3,}/g, '\'\'\'')), '```', '']),
    '## Claims without a check', '',
    ...table(['claim', 'page', 'why'], others.map(({ what, page, why }) => [what, page, why])), '',
  ].join('\n');
}

export function total(claims: readonly Outcome[]): string {
  const count = (verdict: Verdict) => claims.filter((claim) => claim.verdict === verdict).length;
  return (['refuted', 'confirmed', 'not tried'] as const).filter((verdict) => count(verdict) > 0).map((verdict) => `${count(verdict)} ${verdict}`).join(', ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map((cell) => cell.replace(/\s+/g, ' ').replace(/\|/g, '\\|')).join(' | ')} |`);
}
