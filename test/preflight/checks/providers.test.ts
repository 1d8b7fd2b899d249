import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { SMALL, found, program } from '../questions';

describe('resource providers', () => {
  test('those that the apply registers are no obstacle', async () => {
    expect((await found(/resource providers/, [])).about).toEqual(['ok resource providers: 2 registered, 11 more that the apply registers']);
  });

  test('those that nobody registers are refused', async () => {
    const folder = program(SMALL, (stack) => new AzurermProvider(stack, 'Azure', {
      features: [{ storage: [{ dataPlaneAvailable: false }] }], resourceProviderRegistrations: 'none', resourceProvidersToRegister: ['Microsoft.Compute'],
    }));
    const { code, about: lines } = await found(/provider registers none/, [], folder);
    expect(code).toBe(1);
    expect(lines).toEqual(['REFUSED resource providers: Microsoft.ContainerService, Microsoft.Insights, Microsoft.KeyVault, Microsoft.Maintenance, Microsoft.ManagedIdentity,'
      + ' Microsoft.Network, Microsoft.OperationalInsights are not registered, and the program\'s azurerm provider registers none'
      + ' -> az provider register --wait --namespace Microsoft.ContainerService, and so for each, or have somebody do it who may']);
  });

  test.each([['~> 5.0', 'REFUSED'], ['~> 4.81', 'ok']])('a provider that says nothing of them, with azurerm %s: %s', async (version, state) => {
    const folder = program(SMALL, (stack) => {
      new AzurermProvider(stack, 'Azure', { features: [{ storage: [{ dataPlaneAvailable: false }] }] });
      stack.addOverride('terraform.required_providers.azurerm', { source: 'hashicorp/azurerm', version });
    });
    expect((await found(/resource providers/, [], folder)).about[0]).toMatch(new RegExp(`^${state} `));
  });

  test('azurerm 4 that is told to skip the registration registers none', async () => {
    const folder = program(SMALL, (stack) => {
      new AzurermProvider(stack, 'Azure', { features: [{ storage: [{ dataPlaneAvailable: false }] }], skipProviderRegistration: true });
      stack.addOverride('terraform.required_providers.azurerm', { source: 'hashicorp/azurerm', version: '~> 4.81' });
    });
    expect((await found(/resource providers/, [], folder)).about[0]).toMatch(/^REFUSED /);
  });
});
