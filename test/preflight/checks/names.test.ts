import { App, TerraformStack } from 'cdktf';
import { SelfHostedGitLab } from '../../../src';
import { synthesised } from '../../command/program';
import { Answer, LOCATION, preflight, SUBSCRIPTION } from '../azure';
import { found, small } from '../questions';

describe('names', () => {
  const SERVER = /Key Vault gitlab-server-/;
  const vaultTaken: Answer = { call: ['Microsoft.KeyVault/checkNameAvailability', 'gitlab-server'], answer: { nameAvailable: false, reason: 'AlreadyExists' } };
  /** The name that Terraform comes to: first eight digits of the hash of subscription and path. */
  const name = async () => /Key Vault (gitlab-server-[0-9a-f]{8})/.exec((await preflight(small())).told.join('\n'))![1];
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
