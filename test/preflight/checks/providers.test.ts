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
    const { code, about: lines } = await found(/told not to/, [], folder);
    expect(code).toBe(1);
    expect(lines).toContain('REFUSED Microsoft.KeyVault is not registered, and the program\'s azurerm provider is told not to'
      + ' -> az provider register --namespace Microsoft.KeyVault');
    expect(lines.join()).not.toMatch(/Microsoft\.(Compute|Authorization) /);
  });
});
