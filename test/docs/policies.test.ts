// The tables of policies of docs/landing-zone.md: those that the apply tier's stand-in of Azure applies, and what the Azure Landing Zones library has, which landing-zone-policies.tsv lists.
import { readFileSync } from 'fs';
import { join } from 'path';
import { text } from './pages';
import { AUDITED, companyPolicies, CORP, CUSTOMER_KEYS, GUARDRAILS, HOST_ENCRYPTION, LANDING_ZONES, MODIFIED, ROUTED } from '../apply/azure/landing-zone-policies';
import { CLOSED_BY_POLICY, STORAGE_GUARDRAILS } from '../apply/azure/storage-guardrails';
import { policyRows } from '../apply/harness/policy-table';

const ASSIGNED = {
  'all landing zones': [...LANDING_ZONES, ...MODIFIED],
  'Corp': CORP,
  'nobody by default': [...GUARDRAILS, ...ROUTED, ...HOST_ENCRYPTION, ...CUSTOMER_KEYS, ...STORAGE_GUARDRAILS, ...CLOSED_BY_POLICY],
  'audited': AUDITED,
  'as each company says': companyPolicies({ locations: ['koreacentral'], tags: ['*'], unwantedTypes: [] }),
};

/** The policies of commit faae8cc of Azure/Azure-Landing-Zones-Library, and of the built-in definitions that it assigns, which deny or modify what is of a type that this library makes. */
const LIBRARY = readFileSync(join(__dirname, 'landing-zone-policies.tsv'), 'utf8').trim().split('\n').slice(1)
  .map((line) => line.split('\t')).map(([assignedTo, assignment, policy, effect, plane]) => ({ assignedTo, assignment, policy, effect, plane }));
const page = text('docs/landing-zone.md');

test('the page has each policy once, by its assignment', () => {
  expect(policyRows(page).map(({ assignedTo, assignment, definition }) => [assignedTo, assignment, definition])).toEqual(
    Object.entries(ASSIGNED).flatMap(([assignedTo, policies]) => policies.map(({ assignment, definition }) => [assignedTo, assignment, definition])));
});

test('each row says what answers the policy, and what comes of it for the quick start', () => {
  for (const { quickStart, answer } of policyRows(page)) {
    expect(quickStart).toMatch(/^(passes|refused|changed)$/);
    expect(answer).not.toBe('');
  }
});

test('no policy of the Azure Landing Zones library is left out', () => {
  const of = (plane: string) => LIBRARY.filter((one) => one.plane === plane).map(({ assignedTo, assignment, policy }) => `${assignedTo} | ${assignment} | ${policy}`).sort();
  expect(policyRows(page).filter(({ assignedTo }) => !['audited', 'as each company says'].includes(assignedTo))
    .map(({ assignedTo, assignment, definition }) => `${assignedTo} | ${assignment} | ${definition}`).sort()).toEqual(of('resources'));
  const [, planes] = page.split('\nOther policies look into a cluster');
  expect([...planes.matchAll(/^\| (.+?) \| `(.+?)` \| (.+?) \| .*\|$/gm)].map(([, ...row]) => row.join(' | ')).sort()).toEqual(of('data'));
});

test('what the library only changes is changed by the stand-in too, and the rest denied', () => {
  const stood = Object.values(ASSIGNED).flat();
  for (const { policy, effect } of LIBRARY.filter(({ plane }) => plane === 'resources')) {
    const { denies, changes } = stood.find(({ definition }) => definition === policy)!;
    expect([policy, Boolean(denies), Boolean(changes)]).toEqual([policy, effect === 'deny', effect === 'modify']);
  }
});
