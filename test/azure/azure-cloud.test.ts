import { readdirSync, readFileSync, statSync } from 'fs';
import { join } from 'path';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { TerraformStack, TerraformVariable } from 'cdktf';
import {
  AksCluster, AzureCloud, AzureProvider, GitLab, KeyVaultSecret, KubernetesGitLabRunner, RunnerCache, RunnerToken, SelfHostedGitLab,
} from '../../src';
import { newStack, resources, synth } from '../synth';

const GOVERNMENT = 'usgovvirginia';
const VAULT = '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v';

const objectsOf = (runner: KubernetesGitLabRunner): any[] => runner.chart.toJson();

/** Everything that names a host of Azure's. */
function platform(location: string, stack: TerraformStack = newStack()) {
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location, backup: {}, objectStorage: {} });
  const cluster = new AksCluster(stack, 'Cluster', { location });
  const runner = new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, cache: RunnerCache.azureBlob() });
  return { stack, gitlab, runner };
}

test('in Azure Government all hosts are that cloud\'s: of the server, its scripts, the runner and the provider', () => {
  const { stack, gitlab, runner } = platform(GOVERNMENT);
  const json = synth(stack);
  const text = JSON.stringify([json, objectsOf(runner)]);
  expect(text.match(/vault\.azure\.net|blob\.core\.windows\.net|cloudapp\.azure\.com|management\.azure\.com|login\.microsoftonline\.com/g)).toBeNull();
  expect(json.provider.azurerm[0].environment).toBe('usgovernment');
  expect(gitlab.fqdn).toMatch(/\.usgovvirginia\.cloudapp\.usgovcloudapi\.net$/);
  const parameters = Object.entries(json.locals).filter(([name]) => name.includes('Parameters')).map(([, value]) => value);
  expect(parameters.length).toBeGreaterThan(4);
  parameters.forEach((one) => expect(one).toHaveProperty('KEY_VAULT_DOMAIN', 'vault.usgovcloudapi.net'));
  expect(parameters.filter(({ BLOB_DOMAIN }) => BLOB_DOMAIN === 'blob.core.usgovcloudapi.net')).toHaveLength(1);
  expect(text).toContain('\\"azure_storage_domain\\" => \\"blob.core.usgovcloudapi.net\\"');
  expect(text).toMatch(/StorageDomain = \\+"blob\.core\.usgovcloudapi\.net\\+"/);
  expect(text).toContain('"cloudName":"AzureUSGovernmentCloud"');
});

test('in the public cloud nothing is said of clouds, so that no set-up runs again for it', () => {
  const { stack, gitlab } = platform('koreacentral');
  const json = synth(stack);
  expect(json.provider.azurerm[0]).not.toHaveProperty('environment');
  expect(JSON.stringify(json)).not.toMatch(/KEY_VAULT_DOMAIN|BLOB_DOMAIN/);
  expect(gitlab.fqdn).toMatch(/\.koreacentral\.cloudapp\.azure\.com$/);
});

const imported = (stack: TerraformStack) => AksCluster.fromAksClusterAttributes(stack, 'Shared', { clusterName: 'shared', resourceGroupName: 'shared-rg' });
const beside = (stack: TerraformStack) => new KubernetesGitLabRunner(stack, 'Runner', {
  gitlab: GitLab.fromAttributes(stack, 'Com', { gitlabUrl: 'https://gitlab.com' }),
  cluster: imported(stack),
  token: RunnerToken.keyVaultSecret(KeyVaultSecret.of(VAULT, 'token')),
});
const driver = (runner: KubernetesGitLabRunner) => objectsOf(runner).find(({ kind }) => kind === 'SecretProviderClass').spec.parameters.cloudName;

test('where only the apply knows the region, the provider before it decides, else the regions before it', () => {
  const named = newStack();
  new AzureProvider(named, 'Azure', { cloud: AzureCloud.US_GOVERNMENT });
  expect(driver(beside(named))).toBe('AzureUSGovernmentCloud');
  expect(synth(named).provider.azurerm[0].environment).toBe('usgovernment');

  const raw = newStack();
  new AzurermProvider(raw, 'Azure', { features: [{}], environment: 'usgovernment' });
  expect(driver(beside(raw))).toBe('AzureUSGovernmentCloud');

  const region = newStack();
  new AksCluster(region, 'Other', { location: GOVERNMENT });
  expect(driver(beside(region))).toBe('AzureUSGovernmentCloud');

  expect(driver(beside(newStack()))).toBe('');
});

test('a token for Entra is asked for under the name that AKS and the Key Vault driver give it in each cloud', () => {
  const json = synth(platform(GOVERNMENT).stack);
  expect(Object.values(resources(json, 'azurerm_federated_identity_credential')).map(({ audience }) => audience)).toEqual([['api://AzureADTokenExchange']]);
});

describe('fails when', () => {
  test.each(['chinaeast', 'chinanorth3', 'usnateast', 'usseceast', 'bleufrancecentral'])('%s is of a cloud that nothing has been made for', (location) => {
    for (const [make, name] of [[() => new SelfHostedGitLab(newStack(), 'X', { location }), 'X'], [() => new AksCluster(newStack(), 'X', { location }), 'X']] as const) {
      expect(make).toThrow(new Error(`location: a region of a cloud that this library does not support, got "${location}"; give one of the public cloud or of `
        + `Azure Government, docs/governance.md tells why (at Test/${name})`));
    }
  });

  test('one stack is in two clouds', () => {
    const stack = newStack();
    new AksCluster(stack, 'One', { location: 'koreacentral' });
    expect(() => new AksCluster(stack, 'Two', { location: GOVERNMENT })).toThrow(new Error(
      `location: another cloud than that of Test/One, got "${GOVERNMENT}"; give each cloud a stack of its own (at Test/Two)`));
  });

  test('the provider works in another cloud than the constructs', () => {
    for (const environment of [undefined, 'public', 'china']) {
      const stack = newStack();
      new AksCluster(stack, 'Cluster', { location: GOVERNMENT });
      new AzurermProvider(stack, 'Azure', { features: [{}], environment });
      expect(() => synth(stack)).toThrow(new Error(`environment: not the cloud of Test/Cluster in ${GOVERNMENT}, got ${environment === undefined ? 'nothing' : JSON.stringify(environment)}; `
        + 'set it to "usgovernment", or leave the azurerm provider to this library (at Test/Azure)'));
    }
    const stack = newStack();
    new AksCluster(stack, 'Cluster', { location: 'koreacentral' });
    new AzureProvider(stack, 'Azure', { cloud: AzureCloud.US_GOVERNMENT });
    expect(() => synth(stack)).toThrow(/^environment: not the cloud of Test\/Cluster in koreacentral, got "usgovernment"; set it to "public"/);
  });

  test('the provider comes too late for a region that only the apply knows', () => {
    const stack = newStack();
    beside(stack);
    new AzureProvider(stack, 'Azure', { cloud: AzureCloud.US_GOVERNMENT });
    expect(() => synth(stack)).toThrow(/^location: the azurerm provider works in another cloud than AzureCloud, .*; define the provider before this construct \(at Test\/Runner\)$/);
  });

  test('an environment that only the apply knows is taken as it is', () => {
    const stack = newStack();
    new AksCluster(stack, 'Cluster', { location: GOVERNMENT });
    new AzurermProvider(stack, 'Azure', { features: [{}], environment: new TerraformVariable(stack, 'cloud', {}).stringValue });
    expect(synth(stack).provider.azurerm[0].environment).toBe('${var.cloud}');
  });

  test('the provider is to work in China', () => {
    expect(() => new AzureProvider(newStack(), 'Azure', { cloud: AzureCloud.CHINA })).toThrow(new Error(
      'cloud: not supported, got "AzureChinaCloud"; give one of "AzureCloud", "AzureUSGovernment" (at Test/Azure)'));
  });
});

// hosts stand where the table of clouds is, and where a script falls back to the public one.
test('no other source names a host of one cloud', () => {
  const root = join(__dirname, '..', '..', 'src');
  const files = (folder: string): string[] => readdirSync(folder).map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? files(path) : [path]));
  const named = files(root).flatMap((path) => readFileSync(path, 'utf8').split('\n')
    .filter((line) => /(vault\.azure\.net|blob\.core\.windows\.net|cloudapp\.azure\.com|usgovcloudapi|management\.azure\.com)/.test(line) && !/^\s*(\/?\*|\/\/|#)/.test(line))
    .map((line) => `${path.slice(root.length + 1)}: ${line.trim()}`));
  expect(named.filter((line) => !/_DOMAIN:-|cloud-hosts\.ts:/.test(line)).map((line) => line.split(':')[0]).sort()).toEqual([
    // an example in an error, and the default of a chart without a cluster's construct.
    'runner/cache/cache-rules.ts', 'runner/private/config-toml.ts',
  ]);
});
