import { createHash } from 'crypto';
import { DataAzurermPrivateDnsZone } from '@cdktf/provider-azurerm/lib/data-azurerm-private-dns-zone';
import { AzurermProvider, AzurermProviderConfig } from '@cdktf/provider-azurerm/lib/provider';
import { StorageAccount } from '@cdktf/provider-azurerm/lib/storage-account';
import { Fn, TerraformOutput, TerraformStack, TerraformVariable, Token } from 'cdktf';
import { AksCluster, AzureProvider, SelfHostedGitLab } from '../../src';
import { AzureContext } from '../../src/azure/provider/azure-context';
import { newStack, synth, warnings } from '../synth';

const REGISTERED = [
  'Microsoft.Authorization', 'Microsoft.Compute', 'Microsoft.ContainerService', 'Microsoft.DataProtection', 'Microsoft.KeyVault', 'Microsoft.Maintenance',
  'Microsoft.ManagedIdentity', 'Microsoft.Network', 'Microsoft.OperationalInsights', 'Microsoft.OperationsManagement', 'Microsoft.Storage', 'microsoft.insights',
];
const SUBSCRIPTION = '11111111-2222-3333-4444-555555555555';

function withKeylessStorage(stack: TerraformStack, provider?: AzurermProviderConfig): TerraformStack {
  AzureContext.of(stack);
  new StorageAccount(stack, 'Cache', {
    name: 'cache', resourceGroupName: 'rg', location: 'koreacentral', accountTier: 'Standard', accountReplicationType: 'LRS', sharedAccessKeyEnabled: false,
  });
  if (provider) {
    new AzurermProvider(stack, 'Own', provider);
  }
  return stack;
}

test('a stack without a provider gets one that an empty subscription can be applied with', () => {
  const json = synth(withKeylessStorage(newStack()));
  expect(json.provider).toEqual({
    azurerm: [{
      features: [{
        key_vault: [{ purge_soft_delete_on_destroy: false, recover_soft_deleted_key_vaults: true }],
        storage: [{ data_plane_available: false }],
      }],
      resource_provider_registrations: 'none',
      resource_providers_to_register: REGISTERED,
    }],
  });
  expect(json.terraform.required_providers).toEqual({ azurerm: { source: 'hashicorp/azurerm', version: '>= 4.81, < 6' } });
});

test('the user\'s provider is used, whether it comes before or after', () => {
  const json = synth(withKeylessStorage(newStack(), { features: [{}], storageUseAzuread: true, subscriptionId: SUBSCRIPTION }));
  expect(json.provider.azurerm).toEqual([{ features: [{}], storage_use_azuread: true, subscription_id: SUBSCRIPTION }]);
  expect(json.terraform.required_providers.azurerm.version).toBe('>= 4.81, < 6');
});

test('a provider with an alias is not the stack\'s own', () => {
  const stack = withKeylessStorage(newStack(), { features: [{}], alias: 'hub' });
  expect(synth(stack).provider.azurerm).toHaveLength(2);
});

test('AzureProvider names the subscription and the sign-in, and registers more', () => {
  const stack = newStack();
  new AzureProvider(stack, 'Azure', {
    subscriptionId: SUBSCRIPTION, tenantId: SUBSCRIPTION, clientId: Token.asString(Fn.uuid()), useOidc: true,
    resourceProvidersToRegister: ['Microsoft.ContainerRegistry', 'Microsoft.Storage'],
  });
  const json = synth(stack);
  expect(json.terraform.required_providers.azurerm.version).toBe('>= 4.81, < 6');
  expect(json.provider.azurerm[0]).toMatchObject({
    subscription_id: SUBSCRIPTION, tenant_id: SUBSCRIPTION, client_id: '${uuid()}', use_oidc: true,
    resource_providers_to_register: [...REGISTERED, 'Microsoft.ContainerRegistry'].sort(),
  });
});

test('beside AzureContext an AzureProvider of any id works', () => {
  const stack = newStack();
  AzureContext.of(stack);
  new AzureProvider(stack, 'Login', { useOidc: true });
  expect(synth(stack).provider.azurerm).toHaveLength(1);
});

test('fails when a provider could not create storage without shared keys', () => {
  expect(() => synth(withKeylessStorage(newStack(), { features: [{}] }))).toThrow(new Error('features.storage.data_plane_available: '
    + 'a storage account without shared keys cannot be created, got nothing; '
    + 'set it to false, or storage_use_azuread to true, or leave the azurerm provider to this library (at Test/Own)'));
});

test('AzureProvider hands on what only the apply knows', () => {
  const stack = newStack();
  const useOidc: any = new TerraformVariable(stack, 'oidc', {}).stringValue;
  const namespace = new TerraformVariable(stack, 'namespace', {}).stringValue;
  new AzureProvider(stack, 'Azure', { useOidc, resourceProvidersToRegister: [namespace] });
  const [provider] = synth(stack).provider.azurerm;
  expect(provider.use_oidc).toBe('${var.oidc}');
  expect(provider.resource_providers_to_register).toEqual(expect.arrayContaining([...REGISTERED, '${var.namespace}']));
});

describe('AzureProvider fails when', () => {
  test.each<[string, any, string]>([
    ['an id is not a UUID', { subscriptionId: 'prod' },
      'subscriptionId: not a valid value, got "prod"; give a UUID such as "00000000-0000-0000-0000-000000000000"'],
    ['a prop is misspelled', { subscriptionID: SUBSCRIPTION }, `subscriptionID: no such prop, got "${SUBSCRIPTION}"; write subscriptionId, or leave it out`],
    ['a decision is a text', { useOidc: 'yes' }, 'useOidc: not true or false, got "yes"; give true or false'],
    ['a resource provider has no namespace', { resourceProvidersToRegister: ['ContainerRegistry'] },
      'resourceProvidersToRegister[0]: not a valid value, got "ContainerRegistry"; '
      + 'give a resource provider such as "Microsoft.ContainerRegistry" (az provider list -o table)'],
    ['a resource provider is there twice', { resourceProvidersToRegister: ['Microsoft.Sql', 'microsoft.sql'] },
      'resourceProvidersToRegister[1]: given twice, got "microsoft.sql"; name it once'],
    ['only the apply knows the resource providers', { resourceProvidersToRegister: Fn.split(',', 'a') },
      'resourceProvidersToRegister: known only at apply time, got a reference; write the list here; its items may be references'],
  ])('%s', (_, props, message) => {
    expect(() => new AzureProvider(newStack(), 'P', props)).toThrow(new Error(`${message} (at Test/P)`));
  });
});

test('warns when the user\'s provider registers too little', () => {
  const stack = withKeylessStorage(newStack(), {
    features: [{}], storageUseAzuread: true, resourceProviderRegistrations: 'none', resourceProvidersToRegister: REGISTERED.slice(1),
  });
  synth(stack);
  expect(warnings(stack)).toEqual(['Test/Own: resource_providers_to_register: the subscription must have Microsoft.Authorization registered already; '
    + 'add them, or set resource_provider_registrations to "legacy"']);
});

describe('what the user\'s provider registers without saying so', () => {
  const REGISTERS = { features: [{}], storageUseAzuread: true };
  const missing = (config: AzurermProviderConfig, version?: string) => {
    const stack = newStack();
    stack.addOverride('terraform.required_providers.azurerm', version && { source: 'hashicorp/azurerm', version });
    withKeylessStorage(stack, config);
    synth(stack);
    return warnings(stack).map((text) => /must have (.*) registered/.exec(text)![1].split(', '));
  };

  test.each([['azurerm 5', '~> 5.0'], ['any', undefined]])('nothing: %s', (_, version) => expect(missing(REGISTERS, version)).toEqual([REGISTERED]));
  test('most things: azurerm 4', () => expect(missing(REGISTERS, '~> 4.81')).toEqual([]));
  test('the core is not enough, and the old set is', () => {
    expect(missing({ ...REGISTERS, resourceProviderRegistrations: 'core' })[0]).toContain('Microsoft.KeyVault');
    expect(missing({ ...REGISTERS, resourceProviderRegistrations: 'core' })[0]).not.toContain('Microsoft.Compute');
    expect(missing({ ...REGISTERS, resourceProviderRegistrations: 'legacy' })).toEqual([]);
  });

  test('nothing: azurerm 4 that is told to skip it', () => {
    expect(missing({ ...REGISTERS, skipProviderRegistration: true }, '~> 4.81')).toEqual([REGISTERED]);
    expect(missing({ ...REGISTERS, skipProviderRegistration: false }, '~> 4.81')).toEqual([]);
  });

  test.each([[true, 'as an argument'], [false, 'as an argument'], [true, 'by an override']])(
    'azurerm 5 has no argument to skip it: %s %s', (skipProviderRegistration, how) => {
      const stack = newStack();
      stack.addOverride('terraform.required_providers.azurerm', { source: 'hashicorp/azurerm', version: '~> 5.0' });
      withKeylessStorage(stack);
      const own = new AzurermProvider(stack, 'Own', { ...REGISTERS, ...how === 'as an argument' && { skipProviderRegistration } });
      if (how === 'by an override') {
        own.addOverride('skip_provider_registration', true);
      }
      expect(() => synth(stack)).toThrow(new Error(`skip_provider_registration: azurerm 5 has no such argument, got ${skipProviderRegistration}; `
        + 'use resource_provider_registrations instead, whose "none" registers nothing (at Test/Own)'));
    });

  test('a provider that only looks things up needs none of it', () => {
    const stack = newStack();
    const provider = new AzurermProvider(stack, 'Hub', { alias: 'hub', ...REGISTERS });
    new DataAzurermPrivateDnsZone(stack, 'Zone', { name: 'example.com', provider });
    new AksCluster(stack, 'Cluster', { location: 'koreacentral' });
    synth(stack);
    expect(warnings(stack)).toEqual([]);
  });

  test('one that makes a server needs it', () => {
    const stack = newStack();
    const provider = new AzurermProvider(stack, 'Hub', { alias: 'hub', ...REGISTERS });
    new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral', provider });
    synth(stack);
    expect(warnings(stack).join()).toContain('must have Microsoft.Authorization');
  });
});

test('names are unique to subscription and path, and known at plan time', () => {
  const stack = newStack();
  new TerraformOutput(stack, 'Name', { value: AzureContext.of(stack).uniqueName(stack, 'kv-') });
  const path = createHash('sha256').update('Test').digest('hex');
  const json = synth(stack);
  expect(Object.values(json.output)).toEqual([{ value: 'kv-${local.UniqueSuffix}' }]);
  expect(json.locals).toEqual({
    UniqueSuffix: `\${substr(sha256(join("/", [data.azurerm_client_config.CdktfAzureGitLab_Azure_ClientConfig_2E17B686.subscription_id, "${path}"])), 0, 8)}`,
  });
});
