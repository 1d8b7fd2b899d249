import { App, TerraformStack } from 'cdktf';
import { SelfHostedGitLab } from '../../../src';
import { synthesised } from '../../command/program';
import { Answer, preflight, SUBSCRIPTION, TENANT } from '../azure';
import { about, small } from '../questions';

const signedIn = (environmentName: string): Answer => ({
  call: ['account show'], answer: { id: SUBSCRIPTION, name: 'Pay-As-You-Go', tenantId: TENANT, environmentName, user: { name: 'ada@example.com' } },
});
const government = synthesised((app: App) => new SelfHostedGitLab(new TerraformStack(app, 'gitlab'), 'GitLab', { location: 'usgovvirginia' }));
const told = async (folder: string, cloud: string) => {
  const run = await preflight(folder, [signedIn(cloud)]);
  return { about: about(run.told, /az works in|a token for Key Vault/), audience: run.calls.filter((call) => call.includes('--resource https://vault')) };
};

describe('the cloud that az works in', () => {
  test('is the program\'s', async () => {
    expect((await told(small(), 'AzureCloud')).about).toEqual(['ok a token for Key Vault, which the first password is read with']);
    expect(await told(government, 'AzureUSGovernment')).toMatchObject({
      about: ['ok a token for Key Vault, which the first password is read with'], audience: [expect.stringContaining('--resource https://vault.usgovcloudapi.net')],
    });
  });

  test.each([
    ['AzureUSGovernment', 'AzureCloud', small], ['AzureCloud', 'AzureUSGovernment', () => government], ['AzureChinaCloud', 'AzureCloud', small],
  ])('is refused as %s for a program in %s', async (cloud, wanted, folder) => {
    expect((await told(folder(), cloud)).about).toEqual([`REFUSED az works in ${cloud}, and the program in ${wanted} -> az cloud set --name ${wanted}, then az login`]);
  });
});

describe('a second factor', () => {
  const token = (claims: object): Answer => ({
    call: ['account get-access-token', '--resource https://management.azure.com/'],
    answer: { accessToken: `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`, expires_on: 1 },
  });
  const ADA = { idtyp: 'user', upn: 'ada@example.com', amr: ['pwd'] };
  const asked = async (claims: object, folder = small(), cloud = 'AzureCloud') => about((await preflight(folder, [signedIn(cloud), token(claims)])).told, /second factor/);

  test('that a person has not given is told of', async () => {
    expect(await asked(ADA)).toEqual(['warning ada@example.com has given no second factor, without which Azure lets nobody make or change anything'
      + ' -> az logout, and az login with it; a pipeline has an identity of its own, for which Azure asks for none']);
  });

  test.each([
    ['was given', { ...ADA, amr: ['pwd', 'mfa'] }], ['is not asked of a pipeline', { idtyp: 'app' }], ['may be unknown', { idtyp: 'user' }],
  ])('%s', async (_, claims) => {
    expect(await asked(claims)).toEqual([]);
  });

  test('is not asked for by Azure Government', async () => {
    expect(await asked(ADA, government, 'AzureUSGovernment')).toEqual([]);
  });
});
