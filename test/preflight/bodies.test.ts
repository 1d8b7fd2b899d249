// What preflight has policies look at is what the provider sends: the apply tier's policies, which refuse requests there, say the same of both.
import { spawnSync } from 'child_process';
import { join } from 'path';
import { readStacks } from '../../command/stacks';
import { BODIES, contentOf } from '../../preflight/arm-bodies';
import { ARM_TYPES } from '../../preflight/arm-types';
import { azureResources } from '../../preflight/resources';
import { parseArmPath } from '../apply/azure/arm-id';
import { AUDITED, companyPolicies, CORP, CUSTOMER_KEYS, GUARDRAILS, HOST_ENCRYPTION, LANDING_ZONES, ROUTED } from '../apply/azure/landing-zone-policies';
import { govern } from '../apply/azure/policy';
import { policyRows } from '../apply/harness/policy-table';
import { emptyFolder } from '../command/program';
import { text } from '../docs/pages';

const ROOT = join(__dirname, '..', '..');
const SUBSCRIPTION = '11111111-1111-1111-1111-111111111111';

/** The folder that an example is synthesised into. */
function example(name: string): string {
  const folder = emptyFolder();
  const { status, stderr } = spawnSync('node', ['--require', join(ROOT, 'node_modules/ts-node/register/transpile-only'), join(ROOT, `examples/typescript/${name}/main.ts`)], {
    cwd: folder, encoding: 'utf8', env: { ...process.env, TS_NODE_PROJECT: join(ROOT, 'tsconfig.dev.json') },
  });
  expect(status === 0 ? '' : stderr).toBe('');
  return join(folder, 'cdktf.out');
}

/** The policies that deny one of a program's resources as preflight describes it. */
function denying(folder: string, tags: string[]): string[] {
  const policies = [
    ...LANDING_ZONES, ...CORP, ...GUARDRAILS, ...ROUTED, ...HOST_ENCRYPTION, ...CUSTOMER_KEYS, ...AUDITED,
    ...companyPolicies({ locations: ['koreacentral'], tags, unwantedTypes: ['Microsoft.Network/publicIPAddresses'] }),
  ];
  const all = azureResources(readStacks(folder), SUBSCRIPTION);
  const refused = all.filter(({ type }) => BODIES[type]).flatMap((resource) => {
    const armType = ARM_TYPES[resource.type];
    const id = armType.endsWith('/resourceGroups') ? `/subscriptions/${SUBSCRIPTION}/resourceGroups/g`
      : `/subscriptions/${SUBSCRIPTION}/resourceGroups/g/providers/${armType.split('/').map((part, index) => (index < 2 ? part : `x/${part}`)).join('/')}/x`;
    return policies.filter((policy) => {
      try {
        govern([{ scope: `/subscriptions/${SUBSCRIPTION}`, policies: [policy] }], parseArmPath(id)!, contentOf(resource, armType, all), undefined);
        return false;
      } catch {
        return true;
      }
    }).map(({ definition }) => definition);
  });
  return [...new Set(refused)].sort();
}

test('of the landing zone\'s program none is denied', () => {
  expect(denying(example('landing-zone'), ['cost-center', 'owner'])).toEqual([]);
});

test('of the quick start those are that docs/landing-zone.md says', () => {
  const rows = policyRows(text('docs/landing-zone.md')).filter(({ quickStart }) => quickStart === 'refused');
  expect(denying(example('complete'), ['costCenter'])).toEqual(rows.map(({ definition }) => definition).sort());
});
