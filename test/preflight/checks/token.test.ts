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
