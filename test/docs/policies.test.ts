// The table of policies of docs/landing-zone.md: those that the apply tier's stand-in of Azure applies, and no others.
import { text } from './pages';
import { companyPolicies, CORP, CUSTOMER_KEYS, GUARDRAILS, HOST_ENCRYPTION, LANDING_ZONES, ROUTED } from '../apply/azure/landing-zone-policies';
import { policyRows } from '../apply/harness/policy-table';

const ASSIGNED = {
  'all landing zones': LANDING_ZONES,
  'Corp': CORP,
  'nobody by default': [...GUARDRAILS, ...ROUTED, ...HOST_ENCRYPTION, ...CUSTOMER_KEYS],
  'as each company says': companyPolicies({ locations: ['koreacentral'], tags: ['*'], unwantedTypes: [] }),
};

test('the page has each policy once, by its assignment', () => {
  const rows = policyRows(text('docs/landing-zone.md'));
  expect(rows.map(({ assignedTo, assignment, definition }) => [assignedTo, assignment, definition])).toEqual(
    Object.entries(ASSIGNED).flatMap(([assignedTo, policies]) => policies.map(({ assignment, definition }) => [assignedTo, assignment, definition])));
});

test('each row says what answers the policy, and whether the quick start passes', () => {
  for (const { quickStart, answer } of policyRows(text('docs/landing-zone.md'))) {
    expect(quickStart).toMatch(/^(passes|refused)$/);
    expect(answer).not.toBe('');
  }
});
