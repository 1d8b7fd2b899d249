import { TerraformStack } from 'cdktf';
import { Answer, LOCATION, preflight, SUBSCRIPTION, usage } from './azure';
import { readStacks } from '../../command/stacks';
import { azureResources } from '../../preflight/resources';
import { AksCluster, AzureProvider, KubernetesGitLabRunner, SelfHostedGitLab } from '../../src';
import { synthesised } from '../command/program';

const SPOKE = '44444444-4444-4444-4444-444444444444';

/** The server in the subscription of the environment, the cluster in another one. */
const apart = synthesised((app) => {
  const stack = new TerraformStack(app, 'gitlab');
  const provider = new AzureProvider(stack, 'Spoke', { alias: 'spoke', subscriptionId: SPOKE });
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION });
  const cluster = new AksCluster(stack, 'Cluster', { location: LOCATION, provider });
  new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster });
});

/** The second subscription has another quota, and lacks a resource provider that nothing in it needs. */
const spoke = (cores: number): readonly Answer[] => [
  { call: [`/subscriptions/${SPOKE}/providers/Microsoft.Compute`, 'usages'], answer: { value: [usage('cores', 100), usage('standardDSv5Family', cores)] } },
  { call: [`/subscriptions/${SPOKE}/resources `], answer: { value: [] } },
  {
    call: [`/subscriptions/${SPOKE}/providers `],
    answer: { value: ['Compute', 'ContainerService', 'ManagedIdentity', 'Network', 'OperationalInsights', 'Insights', 'Resources', 'Authorization'].map((name) => ({ namespace: `Microsoft.${name}`, registrationState: 'Registered' })) },
  },
  { call: [`--url /subscriptions/${SPOKE} `], answer: { displayName: 'Spoke', state: 'Enabled', subscriptionPolicies: { quotaId: 'EnterpriseAgreement_2014-09-01', spendingLimit: 'Off' } } },
];

/** The lines about one subscription. */
function linesOf(told: readonly string[], subscription: string): string[] {
  const lines = told.slice(told.indexOf(`Subscription ${subscription}:`) + 1);
  return lines.slice(0, lines.findIndex((line) => /^(Subscription .*:|)$/.test(line))).map((line) => line.trim().replace(/ {2,}/, ' '));
}

test('quota is asked for, and judged, in each subscription by itself', async () => {
  const { code, told } = await preflight(apart, spoke(12));
  const quotas = (subscription: string) => linesOf(told, subscription).filter((line) => line.includes('standardDSv5Family in'));
  expect(quotas(SUBSCRIPTION)).toEqual(['ok standardDSv5Family in koreacentral: 4 vCPU needed, 10 of 10 free']);
  expect(quotas(SPOKE)).toEqual([expect.stringMatching(/^warning standardDSv5Family in koreacentral: 12 vCPU needed, 12 of 12 free; /)]);
  expect(code).toBe(0);
});

test('one subscription that is too small is refused, the other is not', async () => {
  const { code, told } = await preflight(apart, spoke(8), '--json');
  const { findings, needs } = JSON.parse(told.join('\n'));
  expect(code).toBe(1);
  const refused = findings.filter(({ state }: any) => state === 'refused');
  expect(refused).toEqual([expect.objectContaining({ check: 'quota', subscriptionId: SPOKE, need: { amount: 12, unit: 'vCPU' }, have: { amount: 8, unit: 'vCPU' } })]);
  const families = needs.filter(({ what }: any) => what === 'standardDSv5Family');
  expect(families.map(({ subscriptionId = '', first }: any) => [subscriptionId, first.amount]).sort()).toEqual([['', 4], [SPOKE, 8]]);
});

test('the table tells the subscriptions apart', async () => {
  const { told } = await preflight(apart, [], '--offline');
  expect(told.filter((line) => line.includes('standardDSv5Family')).map((line) => line.trim().split('  ')[0]).sort()).toEqual([
    `standardDSv5Family in koreacentral, subscription ${SPOKE}`, 'standardDSv5Family in koreacentral, the default subscription',
  ]);
});

test('each subscription is asked, about its own resources alone', async () => {
  const { calls } = await preflight(apart, spoke(100));
  const vaults = calls.filter((call) => call.includes('Microsoft.KeyVault/checkNameAvailability'));
  expect(vaults).toHaveLength(2);
  vaults.forEach((call) => expect(call).toContain(SUBSCRIPTION));
  const versions = calls.filter((call) => call.includes('kubernetesVersions'));
  expect(versions).toEqual([expect.stringContaining(`/subscriptions/${SPOKE}/`)]);
});

test('a default name is made from the subscription of what has the name', () => {
  const vaultIn = (subscriptionId: string) => {
    const folder = synthesised((app) => {
      const stack = new TerraformStack(app, 'gitlab');
      new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION, provider: new AzureProvider(stack, 'Hub', { alias: 'hub', subscriptionId }) });
    });
    return azureResources(readStacks(folder), SUBSCRIPTION).find(({ type }) => type === 'azurerm_key_vault')!.name;
  };
  expect(vaultIn(SPOKE)).toMatch(/^gitlab-(server|runner)-[0-9a-f]{8}$/);
  expect(vaultIn(SPOKE)).not.toBe(vaultIn(SUBSCRIPTION));
});
