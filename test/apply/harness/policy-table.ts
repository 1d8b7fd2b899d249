/** A row of the table of policies of docs/landing-zone.md. */
export interface PolicyRow {
  readonly assignedTo: string;
  readonly assignment: string;
  readonly definition: string;
  readonly quickStart: string;
  readonly answer: string;
}

export function policyRows(page: string): PolicyRow[] {
  const [, section] = page.split('\n## Which policy is answered by what\n');
  return [...section.matchAll(/^\| (.+?) \| `(.+?)` \| (.+?) \| (.+?) \| (.*?) \|$/gm)]
    .map(([, assignedTo, assignment, definition, quickStart, answer]) => ({ assignedTo, assignment, definition, quickStart, answer }));
}
