import assert from 'node:assert/strict';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STACKS } from './synthesised';

/** What a scanner says against one thing. */
export interface Finding {
  readonly check: string;
  /** What it is about, such as `azurerm_key_vault GitLab/ServerVault`. */
  readonly on: string;
  /** The scanner's own words. */
  readonly says: string;
}

interface Accepted { readonly check: string; readonly on: string; readonly stack: string }

/** The rows that docs/scanners.md has for a scanner, one for each check and stack. */
function acceptedRows(scanner: string): Accepted[] {
  const page = readFileSync(join(process.env.SCANNERS_ROOT!, 'docs/scanners.md'), 'utf8');
  const section = page.split(/^## /m).find((part) => part.startsWith(`${scanner}\n`))!;
  const rows = [...section.matchAll(/^\| (`.*`) \| (`.*`) \| (.*) \| \S.* \|$/gm)];
  assert.ok(rows.length > 0, `docs/scanners.md has rows for ${scanner}`);
  return rows.flatMap(([, checks, things, stacks]) => quoted(checks).flatMap((check) => quoted(things).flatMap((on) => (
    stacks === 'all' ? Object.keys(STACKS) : stacks.split(', ')).map((stack) => ({ check, on, stack })))));
}

function quoted(cell: string): string[] {
  return [...cell.matchAll(/`(.*?)`/g)].map(([, text]) => text);
}

function accepts(row: Accepted, { check, on }: Finding): boolean {
  return row.check === check && new RegExp(`^${row.on.split('*').map((part) => part.replace(/[.[\]()]/g, '\\$&')).join('.*')}$`).test(on);
}

/** What is not accepted, to be fixed or accepted with a reason. */
export function notAccepted(scanner: string, stack: string, findings: Finding[]): string[] {
  const rows = acceptedRows(scanner).filter((row) => row.stack === stack);
  return findings.filter((finding) => !rows.some((row) => accepts(row, finding))).map(({ check, on, says }) => `${check} ${on}: ${says}`);
}

/** What is accepted and no longer found, to be taken out. */
export function notFound(scanner: string, found: Map<string, Finding[]>): string[] {
  return acceptedRows(scanner).filter((row) => !found.get(row.stack)?.some((finding) => accepts(row, finding)))
    .map(({ check, on, stack }) => `${check} ${on} in ${stack}`);
}

/** Keeps what was found for whoever wants to look at it. */
export function tell(scanner: string, found: Map<string, Finding[]>): void {
  for (const [stack, findings] of found) {
    console.log(`       ${scanner}, ${stack}: ${findings.length} findings of ${new Set(findings.map(({ check }) => check)).size} checks`);
    if (process.env.SCANNERS_FINDINGS) {
      appendFileSync(process.env.SCANNERS_FINDINGS, findings.map((finding) => `${JSON.stringify({ scanner, stack, ...finding })}\n`).join(''));
    }
  }
}
