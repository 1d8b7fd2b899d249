import { readFileSync } from 'fs';
import { AzureProvider } from '../../src';
import { newStack } from '../synth';

const given = (props: object) => () => new AzureProvider(newStack(), 'Azure', props);
const OWN = 'leave it out, or give the stack an AzurermProvider of your own: docs/escape-hatches.md';

describe('arguments of azurerm\'s provider lead to what there is', () => {
  test.each([
    [{ environment: 'usgovernment' }, 'environment: no such prop, got "usgovernment"; write cloud'],
    [{ version: '~> 4.81' }, 'version: no such prop, got "~> 4.81"; write azurermMajor'],
    [{ features: {} }, `features: no such prop, got {}; ${OWN}`],
    [{ resource_provider_registrations: 'none' }, `resource_provider_registrations: no such prop, got "none"; ${OWN}`],
    [{ useMsi: true }, 'useMsi: no such prop, got true; leave it out: the provider reads ARM_USE_MSI where Terraform runs'],
    [{ client_secret: 'x' }, 'client_secret: no such prop, got "(hidden)"; leave it out: the provider reads ARM_CLIENT_SECRET where Terraform runs'],
    [{ metadataHost: 'x' }, 'metadataHost: no such prop, got "x"; leave it out: the provider reads ARM_METADATA_HOSTNAME where Terraform runs'],
  ])('%j', (props, message) => {
    expect(given(props)).toThrow(new Error(`${message} (at Test/Azure)`));
  });

  const [, declared] = /export interface AzurermProviderConfig \{\n([\s\S]*?)\n\}/.exec(readFileSync(require.resolve('@cdktf/provider-azurerm/lib/provider/index.d.ts'), 'utf8'))!;
  const all = [...declared.matchAll(/readonly (\w+)\?:/g)].map(([, name]) => name);
  const props = ['alias', 'clientId', 'resourceProvidersToRegister', 'subscriptionId', 'tenantId', 'useOidc'];

  test.each(all.filter((name) => !props.includes(name)))('%s: its refusal says more than to leave it out', (name) => {
    expect(given({ [name]: 'x' })).toThrow(/^\w+: no such prop, got .+; (write (cloud|azurermMajor)|leave it out: the provider reads ARM_[A-Z_]+ where|leave it out, or give the stack) /);
  });

  test('the bindings have what is looked for', () => expect(all).toEqual(expect.arrayContaining(props)));
});
