import { spawnSync } from 'child_process';
import { join } from 'path';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { App, TerraformStack, TerraformVariable } from 'cdktf';
import { Answer, failure, LOCATION, preflight, sku, skus, SUBSCRIPTION, TENANT, usage, usages, version, versions } from './azure';
import { command } from '../../command/command';
import { readStacks } from '../../command/stacks';
import { ARM_TYPES } from '../../preflight/arm-types';
import { azureResources } from '../../preflight/resources';
import { NOT_INSTALLED } from '../../preflight/sign-in-errors';
import { AksCluster, AksClusterProps, AksPreset, AzureProvider, KubernetesGitLabRunner, KubernetesVersion, SelfHostedGitLab } from '../../src';
import { emptyFolder, synthesised } from '../command/program';

const ROOT = join(__dirname, '../..');

const program = (cluster: Partial<AksClusterProps> = {}, before: (stack: TerraformStack) => void = () => {}) => synthesised((app: App) => {
  const stack = new TerraformStack(app, 'gitlab');
  before(stack);
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION });
  const aks = new AksCluster(stack, 'Cluster', { location: LOCATION, ...cluster });
  new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster: aks, tags: ['aks'] });
});
const SMALL: Partial<AksClusterProps> = { preset: AksPreset.SMALL, jobNodePool: { vmSize: 'Standard_D2s_v5', maxCount: 1 } };

let small: string;
beforeAll(() => { small = program(SMALL); });

/** The report's findings about what matches, each with its remedy. */
function about(told: readonly string[], pattern: RegExp): string[] {
  const lines = told.join('\n').replace(/\n +-> /g, ' -> ').split('\n');
  return lines.filter((line) => pattern.test(line)).map((line) => line.trim().replace(/ {2,}/, ' '));
}
async function found(pattern: RegExp, different: readonly Answer[], folder = small) {
  const { code, told } = await preflight(folder, different);
  return { code, about: about(told, pattern) };
}

test('on the first day of a subscription nothing is in the way', async () => {
  const { code, told, complained } = await preflight(small);
  expect({ code, complained, wrong: about(told, /^ +(REFUSED|NO ANSWER|unknown)/) }).toEqual({ code: 0, complained: [], wrong: [] });
  expect(told.slice(0, 5)).toEqual([
    'The program asks for:',
    '                                       at first  with a CI node  at most',
    '  standardDSv5Family in koreacentral          8              10       14  vCPU',
    '  OS disks in koreacentral                  320             448      704  GB',
    '  data disks in koreacentral                128             128      128  GB',
  ]);
  expect(told).toContain(`Azure, as ada@example.com, tenant ${TENANT}:`);
  expect(about(told, /vCPU needed/)).toEqual([
    'warning standardDSv5Family in koreacentral: 10 vCPU needed, 10 of 10 free; at their largest, all upgraded at once, the pools need 14'
      + ' -> raise the quota "standardDSv5Family" of koreacentral to 14 or more (portal: Quotas, Compute), or lower maxCount',
    'warning all families in koreacentral: 10 vCPU needed, 10 of 10 free; at their largest, all upgraded at once, the pools need 14'
      + ' -> raise the quota "Total Regional vCPUs" of koreacentral to 14 or more (portal: Quotas, Compute), or lower maxCount',
  ]);
});

test('it asks, and changes nothing', async () => {
  const { calls } = await preflight(small);
  const asked = calls.filter((call) => call.startsWith('rest')).map((call) => /--method (\w+) --url (\S+)/.exec(call)!);
  expect(asked.length).toBeGreaterThan(20);
  expect(asked.filter(([, method]) => method !== 'get' && method !== 'post')).toEqual([]);
  const posts = asked.filter(([, method]) => method === 'post').map(([, , url]) => url.split('/').at(-1));
  expect([...new Set(posts)].sort()).toEqual(['checkNameAvailability', 'checkPolicyRestrictions']);
  expect(calls.filter((call) => !/^(rest|account show|account get-access-token .*--query expires_on) /.test(call))).toEqual([]);
});

describe('quota', () => {
  test('the platform with its defaults does not fit into ten', async () => {
    expect(await found(/standardDSv5Family.*vCPU needed/, [], program())).toEqual({
      code: 1,
      about: ['REFUSED standardDSv5Family in koreacentral: 16 vCPU needed, 10 of 10 free'
        + ' -> raise the quota "standardDSv5Family" of koreacentral to 16 or more (portal: Quotas, Compute), or take fewer or smaller machines'],
    });
  });

  test('a node for jobs that cannot start is told of', async () => {
    const { code, about: lines } = await found(/all families/, [usages(usage('cores', 20, 11), usage('standardDSv5Family', 100))]);
    expect({ code, lines }).toEqual({
      code: 1,
      lines: ['REFUSED all families in koreacentral: 10 vCPU needed, 9 of 20 free: the apply passes, but no node for CI jobs can start'
        + ' -> raise the quota "Total Regional vCPUs" of koreacentral to 21 or more (portal: Quotas, Compute), or take fewer or smaller machines'],
    });
  });

  test('an upgrade that finds no room is a warning', async () => {
    const { code, about: lines } = await found(/all families/, [usages(usage('cores', 14), usage('standardDSv5Family', 100))],
      program({ systemNodePool: { vmSize: 'Standard_D4s_v5' }, jobNodePoolEnabled: false }));
    expect({ code, lines }).toEqual({
      code: 0,
      lines: ['warning all families in koreacentral: 12 vCPU needed, 14 of 14 free; an upgrade of the nodes needs 16'
        + ' -> raise the quota "Total Regional vCPUs" of koreacentral to 16 or more (portal: Quotas, Compute)'],
    });
  });

  test('Spot machines have a quota of their own, and none of a family', async () => {
    const folder = program({ preset: AksPreset.SMALL, jobNodePool: { vmSize: 'Standard_D4s_v5', spot: true } });
    expect((await found(/(families|Family) in .*needed/, [], folder)).about).toEqual([
      'ok standardDSv5Family in koreacentral: 8 vCPU needed, 10 of 10 free', 'ok all families in koreacentral: 8 vCPU needed, 10 of 10 free',
    ]);
    expect((await found(/Spot machines/, [], folder)).about).toEqual([
      'REFUSED Spot machines in koreacentral: 4 vCPU needed, 3 of 3 free: the apply passes, but no node for CI jobs can start'
        + ' -> raise the quota "lowPriorityCores" of koreacentral to 4 or more (portal: Quotas, Compute), or take fewer or smaller machines',
    ]);
  });

  test('families are compared without regard to case, and cores are Azure\'s', async () => {
    const { about: lines } = await found(/vCPU needed/, [
      usages(usage('cores', 100), usage('StandardDSv5Family', 100)), skus(sku('Standard_D4s_v5', 3, 'standardDSV5family')),
    ]);
    expect(lines).toEqual(['ok standardDSv5Family in koreacentral: 9 vCPU needed, 100 of 100 free', 'ok all families in koreacentral: 9 vCPU needed, 100 of 100 free']);
  });

  test('what an earlier apply has made is not counted again', async () => {
    const id = (group: string, type: string, name: string) => ({ id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/${type}/${name}` });
    const made = { value: [id('GITLAB-RG', 'Microsoft.Compute/virtualMachines', 'gitlab-vm'), id('gitlab-cluster-rg', 'Microsoft.ContainerService/managedClusters', 'gitlab-cluster')] };
    const { about: lines } = await found(/all families/, [
      { call: [`/subscriptions/${SUBSCRIPTION}/resources `], answer: made }, usages(usage('cores', 20, 10), usage('standardDSv5Family', 20, 10)),
    ]);
    expect(lines).toEqual(['ok all families in koreacentral: 0 vCPU needed, 10 of 20 free']);
  });

  test('a family that Azure has no quota of is no silence', async () => {
    expect(await found(/no quota/, [usages(usage('cores', 100))])).toEqual({
      code: 2, about: ['NO ANSWER standardDSv5Family in koreacentral: 10 vCPU needed, but Azure lists no quota of that name'],
    });
  });

  test('what only the apply knows is said to be unknown', async () => {
    const folder = synthesised((app: App) => {
      const stack = new TerraformStack(app, 'ci');
      const size = new TerraformVariable(stack, 'Size', { type: 'string' });
      new AksCluster(stack, 'Cluster', { location: LOCATION, jobNodePool: { vmSize: size.stringValue } });
    });
    expect((await found(/only the apply/, [usages(usage('cores', 100), usage('standardDSv5Family', 100))], folder)).about)
      .toEqual(['unknown ci/Cluster/Jobs/Resource: only the apply knows its size, its place or how many there are']);
  });
});

describe('VM sizes', () => {
  const restricted = (type: string, zones: string[] = []) =>
    skus(sku('Standard_D4s_v5', 4, 'standardDSv5Family', [{ type, values: [LOCATION], restrictionInfo: { zones }, reasonCode: 'NotAvailableForSubscription' }]));

  test('one that is closed to the subscription is refused, and an open one named', async () => {
    expect(await found(/closed/, [restricted('Location')])).toEqual({
      code: 1,
      about: ['REFUSED Standard_D4s_v5 in koreacentral: closed to this subscription (NotAvailableForSubscription)'
        + ' -> take one that is open, such as Standard_D4as_v5, or another location'],
    });
  });

  test('one that a location has not is refused', async () => {
    expect(await found(/no such size/, [], program({ ...SMALL, systemNodePool: { vmSize: 'Standard_E4s_v5' } }))).toEqual({
      code: 1,
      about: ['REFUSED Standard_E4s_v5 in koreacentral: Azure has no such size there'
        + ' -> take one that is open, such as Standard_D4as_v5, Standard_D4s_v5, or another location'],
    });
  });

  test('closed zones count only for machines that name them', async () => {
    expect((await found(/Standard_D4s_v5/, [restricted('Zone', ['2', '3'])])).about).toEqual(['ok Standard_D4s_v5 in koreacentral']);
    expect(await found(/in zone/, [restricted('Zone', ['2', '3'])], program({ ...SMALL, jobNodePool: { zones: ['1', '2'] } }))).toMatchObject({
      about: ['REFUSED Standard_D4s_v5 in koreacentral in zone 1, 2: zone 2 has none for this subscription -> take zone 1, or no zones'],
    });
  });
});

describe('the offer', () => {
  const offer = (state: string, quotaId: string, spendingLimit = 'Off'): Answer => ({
    call: [`--url /subscriptions/${SUBSCRIPTION} `], answer: { displayName: 'Mine', state, subscriptionPolicies: { quotaId, spendingLimit } },
  });

  test('a subscription that is off is refused', async () => {
    expect(await found(/its state/, [offer('Warned', 'PayAsYouGo_2014-09-01')])).toEqual({
      code: 1, about: ['REFUSED subscription Mine: its state is Warned, and nothing can be made in it -> reactivate it, or choose another with az account set'],
    });
  });

  test('a trial is told what it cannot', async () => {
    expect((await found(/Mine/, [offer('Enabled', 'FreeTrial_2014-09-01', 'On')])).about).toEqual([
      'warning subscription Mine: a free trial, whose quotas are not raised, and which stops when its credit is spent'
        + ' -> upgrade it to pay-as-you-go for anything but a look',
    ]);
    const folder = synthesised((app: App) => {
      const stack = new TerraformStack(app, 'many');
      ['One', 'Two', 'Three', 'Four'].forEach((id) => new SelfHostedGitLab(stack, id, { location: LOCATION }));
      new AksCluster(stack, 'Cluster', { location: LOCATION, jobNodePool: { spot: true } });
    });
    expect(await found(/addresses: |Spot machines: /, [offer('Enabled', 'AzureForStudents_2018-01-01')], folder)).toEqual({
      code: 1,
      about: [
        'REFUSED public IP addresses: 5 needed, Azure for Students has 3 in each region -> upgrade the subscription to pay-as-you-go',
        'REFUSED Spot machines: Azure for Students has none -> leave out spot, or upgrade the subscription to pay-as-you-go',
      ],
    });
  });
});

describe('Kubernetes versions', () => {
  test.each<[string, Answer, string]>([
    ['is not there', versions(version('1.34', ['1.34.1']), version('1.35', ['1.35.3'])), 'AKS does not offer it -> take one of 1.34, 1.35'],
    ['is a preview', versions(version('1.35', []), version('1.36', [], { isPreview: true })),
      'a preview, only for subscriptions that have registered for it -> take one of 1.35'],
    ['has long-term support alone', versions(version('1.36', [], { capabilities: { supportPlan: ['AKSLongTermSupport'] } }), version('1.37', [])),
      'only with long-term support, in the tier Premium -> take one of 1.36, 1.37, or AksSkuTier.PREMIUM'],
  ])('one that %s is refused', async (_, answer, message) => {
    expect(await found(/Kubernetes 1/, [answer])).toEqual({ code: 1, about: [`REFUSED Kubernetes 1.36 in koreacentral: ${message}`] });
  });

  test('a pinned patch has to be there', async () => {
    const pinned = (patch: string) => program({ ...SMALL, kubernetesVersion: KubernetesVersion.of(patch) });
    expect((await found(/Kubernetes 1/, [], pinned('1.36.2'))).about).toEqual(['ok Kubernetes 1.36.2 in koreacentral']);
    expect((await found(/Kubernetes 1/, [], pinned('1.36.9'))).about)
      .toEqual(['REFUSED Kubernetes 1.36.9 in koreacentral: AKS does not offer it -> pin the minor version alone, or take one of 1.36.1, 1.36.2']);
  });
});

describe('resource providers', () => {
  test('those that the apply registers are no obstacle', async () => {
    expect((await found(/resource providers/, [])).about).toEqual(['ok resource providers: 2 registered, 11 more that the apply registers']);
  });

  test('those that nobody registers are refused', async () => {
    const folder = program(SMALL, (stack) => new AzurermProvider(stack, 'Azure', {
      features: [{ storage: [{ dataPlaneAvailable: false }] }], resourceProviderRegistrations: 'none', resourceProvidersToRegister: ['Microsoft.Compute'],
    }));
    const { code, about: lines } = await found(/told not to/, [], folder);
    expect(code).toBe(1);
    expect(lines).toContain('REFUSED Microsoft.KeyVault is not registered, and the program\'s azurerm provider is told not to'
      + ' -> az provider register --namespace Microsoft.KeyVault');
    expect(lines.join()).not.toMatch(/Microsoft\.(Compute|Authorization) /);
  });
});

describe('roles', () => {
  const permissions = (...value: object[]): Answer => ({ call: ['Microsoft.Authorization/permissions'], answer: { value } });
  const CONTRIBUTOR = { actions: ['*'], notActions: ['Microsoft.Authorization/*/Delete', 'Microsoft.Authorization/*/Write', 'Microsoft.Authorization/elevateAccess/Action'] };

  test('a contributor may not assign roles', async () => {
    expect(await found(/your roles/, [permissions(CONTRIBUTOR)])).toEqual({
      code: 1,
      about: ['REFUSED your roles on the subscription do not allow Microsoft.Authorization/roleAssignments/write'
        + ' -> ask for User Access Administrator, or Role Based Access Control Administrator, on the subscription'],
    });
  });

  test('a second role may allow what the first does not', async () => {
    expect((await found(/your roles/, [permissions(CONTRIBUTOR, { actions: ['Microsoft.Authorization/roleAssignments/*'], notActions: [] })])).about)
      .toEqual([expect.stringMatching(/^ok your roles on the subscription allow all \d\d kinds of action/)]);
  });

  test('a reader may nothing', async () => {
    expect((await found(/your roles/, [permissions({ actions: ['*/read'], notActions: [] })])).about).toEqual([
      expect.stringMatching(/^REFUSED your roles on the subscription do not allow Microsoft\.\S+, Microsoft\.\S+, Microsoft\.\S+ and \d\d more -> ask for Owner on the subscription/),
    ]);
  });
});

describe('policies', () => {
  const assignment = '/providers/Microsoft.Management/managementGroups/corp/providers/Microsoft.Authorization/policyAssignments/Deny-Public-IP-On-NIC';
  const denial = (policyEffect: string) => ({
    contentEvaluationResult: {
      policyEvaluations: [{
        policyInfo: { policyDefinitionId: '/providers/Microsoft.Authorization/policyDefinitions/83a86a26', policyAssignmentId: assignment },
        evaluationResult: 'NonCompliant', effectDetails: { policyEffect }, evaluationDetails: { reason: 'Network interfaces should not have public IPs' },
      }],
    },
  });
  // the interface with a public address, sent as the provider will.
  const onNic = (effect: string): Answer => ({ call: ['checkPolicyRestrictions', 'networkInterfaces', `"publicIPAddress":{"id":"/subscriptions/${SUBSCRIPTION}/`], answer: denial(effect) });

  test('what one denies is refused, with its name', async () => {
    expect(await found(/polic(y|ies)/, [onNic('Deny')])).toEqual({
      code: 1,
      about: ['REFUSED policy Deny-Public-IP-On-NIC denies networkInterfaces gitlab-vm-nic: Network interfaces should not have public IPs'
        + ` -> change what it is about, or ask who governs the subscription for an exemption from this assignment: ${assignment}`],
    });
  });

  test('an audit denies nothing', async () => {
    expect((await found(/polic(y|ies)/, [onNic('Audit')])).about).toEqual([expect.stringMatching(/^ok policies: none denies one of the \d+ resources/)]);
  });

  test('subnets are sent with their security group, vaults and clusters with who may reach them', async () => {
    const { calls } = await preflight(small);
    const bodies = calls.filter((call) => call.includes('checkPolicyRestrictions')).map((call) => JSON.parse(/--body (\{.*\})/.exec(call)![1]).resourceDetails.resourceContent);
    const of = (type: string) => bodies.filter((body) => body.type === type);
    const group = `/subscriptions/${SUBSCRIPTION}/resourceGroups/gitlab-cluster-rg/providers/Microsoft.Network/networkSecurityGroups/`;
    expect(of('Microsoft.Network/virtualNetworks')).toContainEqual(expect.objectContaining({
      name: 'gitlab-cluster-vnet', location: LOCATION, properties: expect.objectContaining({
        subnets: [{ name: 'nodes', properties: { addressPrefixes: ['10.224.0.0/20'], defaultOutboundAccess: false, networkSecurityGroup: { id: expect.stringContaining(group) } } }],
      }),
    }));
    expect(of('Microsoft.KeyVault/vaults').map(({ properties }) => properties.publicNetworkAccess)).toEqual(['Enabled', 'Enabled']);
    expect(of('Microsoft.ContainerService/managedClusters')[0].properties.apiServerAccessProfile).toEqual({ enablePrivateCluster: false, disableRunCommand: true });
  });
});

describe('names', () => {
  const SERVER = /Key Vault gitlab-server-/;
  const vaultTaken: Answer = { call: ['Microsoft.KeyVault/checkNameAvailability', 'gitlab-server'], answer: { nameAvailable: false, reason: 'AlreadyExists' } };
  /** The name that Terraform comes to: first eight digits of the hash of subscription and path. */
  const name = async () => /Key Vault (gitlab-server-[0-9a-f]{8})/.exec((await preflight(small)).told.join('\n'))![1];
  const deleted = (vault: string, location: string): Answer => ({
    call: ['deletedVaults'],
    answer: {
      value: [{
        name: vault, properties: {
          location, scheduledPurgeDate: '2027-02-01T00:00:00Z', vaultId: `/subscriptions/${SUBSCRIPTION}/resourceGroups/gitlab-rg/providers/Microsoft.KeyVault/vaults/${vault}`,
        },
      }],
    },
  });

  test('one that somebody has is refused', async () => {
    expect(await found(SERVER, [vaultTaken])).toEqual({ code: 1, about: [`REFUSED Key Vault ${await name()}: taken (AlreadyExists) -> give another name, or the construct another id`] });
  });

  test('a deleted vault of ours is recovered, one elsewhere is in the way', async () => {
    expect((await found(SERVER, [vaultTaken, deleted(await name(), 'Korea Central')])).about).toEqual([`ok Key Vault ${await name()}: deleted, and the apply recovers it`]);
    expect(await found(SERVER, [vaultTaken, deleted(await name(), 'westeurope')])).toEqual({
      code: 1, about: [`REFUSED Key Vault ${await name()}: taken by a deleted vault in westeurope, until 2027-02-01T00:00:00Z -> give another name, or the construct another id`],
    });
  });

  test('the program\'s own is no obstacle', async () => {
    const vault = { id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/gitlab-rg/providers/Microsoft.KeyVault/vaults/${await name()}` };
    expect((await found(SERVER, [vaultTaken, { call: [`${SUBSCRIPTION}/resources `], answer: { value: [vault] } }])).about)
      .toEqual([`ok Key Vault ${await name()}: is there already, in the program's own resource group`]);
  });

  test('so it is with storage accounts and DNS names', async () => {
    const folder = synthesised((app: App) => {
      new SelfHostedGitLab(new TerraformStack(app, 'gitlab'), 'GitLab', { location: LOCATION, backup: {} });
    });
    expect(await found(/storage account|DNS name/, [
      { call: ['Microsoft.Storage/checkNameAvailability'], answer: { nameAvailable: false, reason: 'AlreadyExists' } },
      { call: ['CheckDnsNameAvailability', 'domainNameLabel=gitlab-'], answer: { available: false } },
    ], folder)).toEqual({
      code: 1, about: [
        expect.stringMatching(/^REFUSED DNS name gitlab-[0-9a-f]{8}: taken -> /), expect.stringMatching(/^REFUSED storage account \w{3,24}: taken \(AlreadyExists\) -> /),
      ],
    });
  });
});

describe('the sign-in', () => {
  test.each([
    ['AADSTS50076: Due to a configuration change you must use multi-factor authentication', 'AADSTS50076: a second factor is demanded -> run az login --tenant TENANT again and give it'],
    ['AADSTS53003: Access has been blocked', 'AADSTS53003: Conditional Access forbids this sign-in -> ask your administrators which network, device or client it allows'],
    ['AADSTS700082: The refresh token has expired', 'AADSTS700082: the sign-in has expired -> run az login again'],
    ['AADSTS99999: What', 'AADSTS99999: Entra refuses the sign-in -> https://login.microsoftonline.com/error?code=99999 tells why'],
  ])('%s', async (error, message) => {
    const refuse = (resource: string): Answer => ({ call: ['get-access-token', resource], error: `ERROR: ${error} Trace ID: 1` });
    expect(await found(/no token/, [refuse('6dae42f8')])).toEqual({ code: 1, about: [`REFUSED no token for AKS, which the apply delivers manifests with: ${message}`] });
    expect(await found(/no token/, [refuse('vault')])).toEqual({ code: 0, about: [`warning no token for Key Vault, which the first password is read with: ${message}`] });
  });

  test.each([
    ['ERROR: Please run \'az login\' to setup account.', 'az: nobody is signed in; run az login'],
    ['ERROR: AADSTS50079: The user is required to use multi-factor authentication.', 'AADSTS50079: a second factor is demanded; run az login --tenant TENANT again and give it'],
  ])('without one nothing is asked: %s', async (error, message) => {
    const { code, complained, calls } = await preflight(small, [{ call: ['account show'], error }]);
    expect({ code, complained, calls: calls.length }).toEqual({ code: 2, complained: [`cdktf-azure-gitlab: ${message}`], calls: 1 });
  });
});

describe('a question without an answer', () => {
  test.each([
    ['Microsoft.Compute/skus', /vCPU in|VM sizes/], ['usages', /vCPU in/], ['kubernetesVersions', /Kubernetes versions/], ['Authorization/permissions', /your roles/],
    ['checkPolicyRestrictions', /policies/], ['KeyVault/checkNameAvailability', /Key Vault/], [`${SUBSCRIPTION}/providers `, /resource providers|your roles/],
    [`--url /subscriptions/${SUBSCRIPTION} `, /the subscription/],
  ])('%s: is said to have none, and the code is 2', async (call, lines) => {
    const { code, about: told } = await found(/NO ANSWER/, [{ call: [call], error: failure('Forbidden', 'AuthorizationFailed', 'The client "ada" has no authorization\nto do this') }]);
    expect(code).toBe(2);
    expect(told.length).toBeGreaterThan(0);
    told.forEach((line) => {
      expect(line).toMatch(lines);
      expect(line).toMatch(/not checked, Azure did not answer \(AuthorizationFailed: The client "ada" has no authorization to do this\) -> ask for the Reader role on the subscription/);
    });
  });

  test('an obstacle weighs more', async () => {
    expect((await preflight(small, [usages(usage('cores', 1), usage('standardDSv5Family', 1)), { call: ['kubernetesVersions'], error: 'ERROR: no connection' }])).code).toBe(1);
  });
});

describe('the command', () => {
  test('--offline adds up, and asks nobody', async () => {
    const { code, told, calls } = await preflight(small, [], '--offline');
    expect({ code, calls, first: told[0], lines: told.length }).toEqual({ code: 0, calls: [], first: 'The program asks for:', lines: 6 });
  });

  test('--json is for programs', async () => {
    const { told } = await preflight(small, [], '--json');
    const { needs, findings } = JSON.parse(told.join('\n'));
    expect(needs).toContainEqual({
      what: 'standardDSv5Family', location: LOCATION, first: { amount: 8, unit: 'vCPU' }, working: { amount: 10, unit: 'vCPU' }, most: { amount: 14, unit: 'vCPU' },
    });
    expect(findings).toContainEqual(expect.objectContaining({ check: 'quota', state: 'warning', need: { amount: 10, unit: 'vCPU' }, have: { amount: 10, unit: 'vCPU' } }));
    expect([...new Set(findings.map(({ check }: any) => check))].sort())
      .toEqual(['kubernetes', 'name', 'offer', 'policy', 'providers', 'quota', 'roles', 'sign-in', 'size']);
  });

  test('says so where az is not installed', async () => {
    const { PATH } = process.env;
    const complained: string[] = [];
    process.env.PATH = emptyFolder();
    const code = await command(['preflight', small], () => {}, (line) => complained.push(line));
    process.env.PATH = PATH;
    expect({ code, complained }).toEqual({ code: 2, complained: [`cdktf-azure-gitlab: ${NOT_INSTALLED}`] });
  });

  test('a wrong call has the code 2', async () => {
    expect(await preflight('/no/such')).toMatchObject({ code: 2, complained: ['cdktf-azure-gitlab: /no/such: no such folder; synthesise your program first, which makes cdktf.out'] });
    expect(await preflight(small, [], 'another')).toMatchObject({ code: 2, complained: ['cdktf-azure-gitlab: another: one folder at a time'] });
    expect(await preflight(small, [], '--depth=2')).toMatchObject({ code: 2, complained: [expect.stringContaining('Unknown option \'--depth\'')] });
  });

  test('the provider\'s subscription counts, and one that only the apply knows is told of', async () => {
    const other = '33333333-3333-3333-3333-333333333333';
    const { calls } = await preflight(program(SMALL, (stack) => new AzureProvider(stack, 'Azure', { subscriptionId: other })));
    expect(calls.filter((call) => call.includes(`/subscriptions/${SUBSCRIPTION}`))).toEqual([]);
    expect(calls.filter((call) => call.includes(`/subscriptions/${other}/providers/Microsoft.Compute/skus`))).toHaveLength(1);
    const folder = program(SMALL, (stack) => new AzureProvider(stack, 'Azure', { subscriptionId: new TerraformVariable(stack, 'Id', { type: 'string' }).stringValue }));
    expect((await found(/their subscription/, [], folder)).about).toEqual([expect.stringMatching(/^unknown \d\d resources: only the apply knows their subscription, \$\{var\.Id\}$/)]);
  });

  test('knows each resource that this library makes', () => {
    const folder = emptyFolder();
    const { status, stderr } = spawnSync('node', ['--require', join(ROOT, 'node_modules/ts-node/register/transpile-only'), join(ROOT, 'test/scanners/everything.ts')], {
      cwd: folder, encoding: 'utf8', env: { ...process.env, TS_NODE_PROJECT: join(ROOT, 'tsconfig.dev.json') },
    });
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    const types = new Set(azureResources(readStacks(join(folder, 'cdktf.out')), SUBSCRIPTION).map(({ type }) => type));
    expect(types.size).toBeGreaterThan(25);
    expect([...types].filter((type) => ARM_TYPES[type] === undefined)).toEqual([]);
  });
});
