import { spawnSync } from 'child_process';
import { join } from 'path';
import { TerraformOutput, TerraformStack, TerraformVariable } from 'cdktf';
import { Answer, failure, LOCATION, preflight, SUBSCRIPTION, TENANT, usage, usages } from './azure';
import { SMALL, about, found, program, small } from './questions';
import { command } from '../../command/command';
import { readStacks } from '../../command/stacks';
import { ARM_TYPES } from '../../preflight/arm-types';
import { azureResources } from '../../preflight/resources';
import { NOT_INSTALLED } from '../../preflight/sign-in-errors';
import { AzureProvider } from '../../src';
import { emptyFolder, synthesised } from '../command/program';

const ROOT = join(__dirname, '../..');

test('on the first day of a subscription nothing is in the way', async () => {
  const { code, told, complained } = await preflight(small());
  expect({ code, complained, wrong: about(told, /^ +(REFUSED|NO ANSWER|unknown)/) }).toEqual({ code: 0, complained: [], wrong: [] });
  expect(told.slice(0, 5)).toEqual([
    'The program asks for:',
    '                                       at first  with a CI node  at most',
    '  standardDSv5Family in koreacentral          8              10       14  vCPU',
    '  OS disks in koreacentral                  320             448      704  GB',
    '  data disks in koreacentral                128             128      128  GB',
  ]);
  expect(told).toContain(`Azure, as ada@example.com, tenant ${TENANT}, subscription ${SUBSCRIPTION}:`);
  expect(about(told, /vCPU needed/)).toEqual([
    'warning standardDSv5Family in koreacentral: 10 vCPU needed, 10 of 10 free; at their largest, all upgraded at once, the pools need 14'
      + ' -> raise the quota "standardDSv5Family" of koreacentral to 14 or more (portal: Quotas, Compute), or lower maxCount',
    'warning all families in koreacentral: 10 vCPU needed, 10 of 10 free; at their largest, all upgraded at once, the pools need 14'
      + ' -> raise the quota "Total Regional vCPUs" of koreacentral to 14 or more (portal: Quotas, Compute), or lower maxCount',
  ]);
});

test('it asks, and changes nothing', async () => {
  const { calls } = await preflight(small());
  const asked = calls.filter((call) => call.startsWith('rest')).map((call) => /--method (\w+) --url (\S+)/.exec(call)!);
  expect(asked.length).toBeGreaterThan(20);
  expect(asked.filter(([, method]) => method !== 'get' && method !== 'post')).toEqual([]);
  const posts = asked.filter(([, method]) => method === 'post').map(([, , url]) => url.split('/').at(-1));
  expect([...new Set(posts)].sort()).toEqual(['checkNameAvailability', 'checkPolicyRestrictions']);
  // the one token that is read tells how somebody has signed in.
  const token = `account get-access-token --resource https://management.azure.com/ --tenant ${TENANT} --only-show-errors`;
  expect(calls.filter((call) => !/^(rest|account show|account get-access-token .*--query expires_on) /.test(call) && !call.startsWith(token))).toEqual([]);
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
    const { code, complained, calls } = await preflight(small(), [{ call: ['account show'], error }]);
    expect({ code, complained, calls: calls.length }).toEqual({ code: 2, complained: [`cdktf-azure-gitlab: ${message}`], calls: 1 });
  });

  test('that has expired is told once, and nothing is asked: az shows its account all the same', async () => {
    const expired = { call: ['get-access-token --query'], error: 'ERROR: AADSTS700082: The refresh token has expired due to inactivity. Trace ID: 1' };
    for (const args of [[], ['--json']]) {
      const { code, told, complained, calls } = await preflight(small(), [expired], ...args);
      expect({ code, complained, calls: calls.length }).toEqual({ code: 2, complained: ['cdktf-azure-gitlab: AADSTS700082: the sign-in has expired; run az login again'], calls: 2 });
      expect(about(told, /Azure, as|NO ANSWER|\{/)).toEqual([]);
    }
  });
});

describe('a question without an answer', () => {
  test.each([
    ['Microsoft.Compute/skus', /vCPU in|VM sizes/], ['usages', /vCPU in|network quotas in/], ['kubernetesVersions', /Kubernetes versions/], ['Authorization/permissions', /your roles/],
    ['checkPolicyRestrictions', /policies/], ['KeyVault/checkNameAvailability', /Key Vault/], [`${SUBSCRIPTION}/providers `, /resource providers|your roles/],
    [`--url /subscriptions/${SUBSCRIPTION} `, /the subscription/],
  ])('%s: is said to have none, and the code is 2', async (call, lines) => {
    const { code, about: told } = await found(/NO ANSWER/, [{ call: [call], error: failure('Forbidden', 'AuthorizationFailed', 'The client "ada" has no authorization\nto do this') }]);
    expect(code).toBe(2);
    expect(told.length).toBeGreaterThan(0);
    told.forEach((line) => {
      expect(line).toMatch(lines);
      expect(line).toMatch(/not checked, this account may not ask \(AuthorizationFailed: The client "ada" has no authorization to do this\) -> ask for the Reader role on the subscription/);
    });
  });

  test('one reason is told once, with all that it keeps from being checked, and Azure has refused nothing', async () => {
    const error = 'ERROR: HTTPSConnectionPool(host=\'management.azure.com\', port=443): Max retries exceeded with url: /x';
    const { code, told } = await preflight(small(), [{ call: ['rest'], error }, { call: ['get-access-token'], error }]);
    expect(code).toBe(2);
    expect(about(told, /NO ANSWER/)).toEqual([expect.stringMatching(new RegExp('^NO ANSWER the subscription, vCPU in koreacentral, .*, DNS name gitlab-\\w+, a token for AKS, .*, a token for Key Vault, .*'
      + ': not checked, Azure did not answer \\(az does not reach Azure\\) -> check the network, and HTTPS_PROXY if the way out is a proxy$'))]);
    expect(told.at(-1)).toBe('14 without an answer.');
  });

  test('an answer of another form is one', async () => {
    const { code, about: told } = await found(/VM sizes|your roles/, [{ call: ['Microsoft.Compute/skus'], answer: {} }]);
    expect({ code, told }).toEqual({
      code: 2, told: [expect.stringMatching(/^ok your roles on /), expect.stringMatching(/^NO ANSWER .*VM sizes in koreacentral: not checked, Azure's answer is not understood \(.*\) -> run az upgrade; if that does not help, report this with what az version prints$/)],
    });
  });

  test('an obstacle weighs more', async () => {
    expect((await preflight(small(), [usages(usage('cores', 1), usage('standardDSv5Family', 1)), { call: ['kubernetesVersions'], error: 'ERROR: no connection' }])).code).toBe(1);
  });
});

describe('the command', () => {
  test.each([[], ['--offline'], ['--json']])('a program with nothing of Azure has nothing to ask: %s', async (...args) => {
    const folder = synthesised((app) => { new TerraformOutput(new TerraformStack(app, 'other'), 'Value', { value: 1 }); });
    const { code, told, complained, calls } = await preflight(folder, [], ...args);
    expect({ code, told, complained, calls }).toEqual({
      code: 2, told: [], complained: [`cdktf-azure-gitlab: ${folder}: nothing in it is made in Azure; give the folder of a program that has resources of azurerm`], calls: [],
    });
  });

  test('--offline adds up, and asks nobody', async () => {
    const { code, told, calls } = await preflight(small(), [], '--offline');
    expect({ code, calls, first: told[0], lines: told.length }).toEqual({ code: 0, calls: [], first: 'The program asks for:', lines: 14 });
  });

  test('--json is for programs', async () => {
    const { told } = await preflight(small(), [], '--json');
    const { needs, month, findings } = JSON.parse(told.join('\n'));
    expect(month).toContainEqual({ what: 'Standard_D2s_v5 in koreacentral', least: { amount: 2920, unit: 'vCPU hours' }, most: { amount: 4380, unit: 'vCPU hours' } });
    expect(needs).toContainEqual({
      what: 'standardDSv5Family', location: LOCATION, first: { amount: 8, unit: 'vCPU' }, working: { amount: 10, unit: 'vCPU' }, most: { amount: 14, unit: 'vCPU' },
    });
    expect(findings).toContainEqual(expect.objectContaining({ check: 'quota', state: 'warning', need: { amount: 10, unit: 'vCPU' }, have: { amount: 10, unit: 'vCPU' } }));
    expect([...new Set(findings.map(({ check }: any) => check))].sort())
      .toEqual(['kubernetes', 'name', 'network', 'offer', 'policy', 'providers', 'quota', 'roles', 'sign-in', 'size']);
  });

  test('says so where az is not installed', async () => {
    const { PATH } = process.env;
    const complained: string[] = [];
    process.env.PATH = emptyFolder();
    const code = await command(['preflight', small()], () => {}, (line) => complained.push(line));
    process.env.PATH = PATH;
    expect({ code, complained }).toEqual({ code: 2, complained: [`cdktf-azure-gitlab: ${NOT_INSTALLED}`] });
  });

  test('a wrong call has the code 2', async () => {
    expect(await preflight('/no/such')).toMatchObject({ code: 2, complained: ['cdktf-azure-gitlab: /no/such: no such folder; synthesise your program, and run this in its folder, where cdktf.out is then'] });
    expect(await preflight(small(), [], 'another')).toMatchObject({ code: 2, complained: ['cdktf-azure-gitlab: another: one folder at a time'] });
    expect(await preflight(small(), [], '--depth=2')).toMatchObject({ code: 2, complained: [expect.stringContaining('Unknown option \'--depth\'')] });
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
