import { TerraformStack } from 'cdktf';
import { lawOf } from './law';
import {
  AksCluster, AzureNaming, AzureProvider, AzureSubnet, GitLab, GitLabDatabase, GitLabEdition, GitLabEndpoint, GitLabNetwork, GitLabRestore,
  GitLabSignIn, KeyVaultSecret, KubernetesGitLabRunner, RunnerToken, SelfHostedGitLab, UbuntuImage,
} from '../../src';

const VAULT = '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v';
const LOCATION = 'koreacentral';
const SOMEBODY = '00000000-0000-0000-0000-000000000001';

const server = (more: object) => (stack: TerraformStack, struct: any) => {
  new SelfHostedGitLab(stack, 'X', { location: LOCATION, ...Object.fromEntries(Object.keys(more).map((prop) => [prop, struct])) });
};

lawOf('AzureProviderProps', { base: {}, make: (stack, props) => new AzureProvider(stack, 'X', props) });
lawOf('CafNamingOptions', {
  base: { environment: 'p' },
  make: (stack, options) => {
    AzureNaming.cloudAdoptionFramework(options).applyTo(stack);
    new SelfHostedGitLab(stack, 'X', { location: 'eastus' });
  },
});
lawOf('SelfHostedGitLabProps', {
  base: { location: LOCATION },
  beside: { secretReloadTime: { omnibusSettings: { gitlab_rails: { smtp_password: KeyVaultSecret.of(VAULT, 'smtp') } } } },
  make: (stack, props) => new SelfHostedGitLab(stack, 'X', props),
});
lawOf('GitLabApplicationNodes', {
  base: { count: 1 },
  prefix: 'applicationNodes.',
  make: (stack, applicationNodes) => new SelfHostedGitLab(stack, 'X', {
    location: LOCATION, objectStorage: {}, database: GitLabDatabase.azurePostgresql(), endpoint: GitLabEndpoint.customDomain('gitlab.example.com'), applicationNodes,
  }),
});
lawOf('AzureSubnetOptions', {
  base: {},
  beside: { subnetCidr: { virtualNetworkCidr: '10.0.0.0/8' } },
  make: (stack, options) => new SelfHostedGitLab(stack, 'X', { location: LOCATION, subnet: AzureSubnet.create(options) }),
});
lawOf('GitLabPrivateAddressOptions', {
  base: { address: '10.40.0.9' },
  beside: { dnsVirtualNetworkIds: { dnsZoneEnabled: true } },
  make: (stack, options) => {
    new AzureProvider(stack, 'Azure', { azurermMajor: 5 });
    new SelfHostedGitLab(stack, 'X', {
      location: LOCATION, network: GitLabNetwork.privateAddress(options), endpoint: GitLabEndpoint.customDomain('gitlab.example.com'),
    });
  },
});
lawOf('AzurePostgresqlOptions', {
  base: {}, beside: { postgresqlVersion: { postgresqlVersion: 18 } },
  make: (stack, options) => new SelfHostedGitLab(stack, 'X', { location: LOCATION, database: GitLabDatabase.azurePostgresql(options) }),
});
lawOf('ExternalDatabaseOptions', {
  base: { host: 'db.example.com', password: KeyVaultSecret.of(VAULT, 'database') },
  make: (stack, options) => new SelfHostedGitLab(stack, 'X', { location: LOCATION, database: GitLabDatabase.external(options) }),
});
lawOf('GitLabRestoreOptions', {
  base: { storageAccountId: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/lost' },
  make: (stack, options) => {
    new SelfHostedGitLab(stack, 'X', { location: LOCATION, restoreFrom: GitLabRestore.blob(options) });
  },
});
lawOf('GitLabBackupOptions', { base: {}, prefix: 'backup.', make: server({ backup: 1 }) });
lawOf('GitLabDataDiskBackupOptions', { base: {}, prefix: 'dataDiskBackup.', make: server({ dataDiskBackup: 1 }) });
lawOf('GitLabHardeningOptions', {
  base: {}, beside: { defaultVisibility: { publicVisibilityAllowed: true } }, prefix: 'hardening.', make: server({ hardening: 1 }),
});
lawOf('GitLabObjectStorageOptions', { base: {}, prefix: 'objectStorage.', make: server({ objectStorage: 1 }) });
lawOf('GitLabMaintenanceWindow', {
  base: { dayOfWeek: 'Sunday', startTime: '22:00' }, prefix: 'maintenanceWindow.', make: server({ maintenanceWindow: 1 }),
});
lawOf('GitLabPagesOptions', {
  base: { domain: 'pages.example.com' },
  beside: { certificate: { singleDomain: true } },
  prefix: 'pages.',
  make: server({ pages: 1 }),
});
lawOf('GitLabRegistryOptions', { base: {}, prefix: 'registry.', make: server({ registry: 1 }) });
const PROVIDERS = { tenantId: SOMEBODY, applicationId: SOMEBODY };
const signIn = (make: (options: any) => GitLabSignIn) => (stack: TerraformStack, options: any) => {
  new SelfHostedGitLab(stack, 'X', { location: LOCATION, edition: GitLabEdition.EE, signIn: [make(options)] });
};
lawOf('EntraIdSamlOptions', { base: PROVIDERS, beside: { passwordSignInEnabled: { administrators: [SOMEBODY] } }, make: signIn(GitLabSignIn.entraIdSaml) });
lawOf('EntraIdOpenIdConnectOptions', {
  base: { tenantId: SOMEBODY, clientId: SOMEBODY, clientSecret: KeyVaultSecret.of(VAULT, 'secret') }, make: signIn(GitLabSignIn.entraIdOpenIdConnect),
});
lawOf('GitLabSignInOptions', { base: {}, make: signIn((options) => GitLabSignIn.custom({ name: 'github' }, options)) });
lawOf('GitLabSmtpOptions', {
  base: { host: 'smtp.example.com', fromAddress: 'gitlab@example.com' },
  beside: { username: { password: KeyVaultSecret.of(VAULT, 'smtp') }, password: { username: 'gitlab' } },
  prefix: 'smtp.',
  make: server({ smtp: 1 }),
});
lawOf('LetsEncryptOptions', {
  base: {},
  make: (stack, options) => new SelfHostedGitLab(stack, 'X', { location: LOCATION, endpoint: GitLabEndpoint.customDomain('gitlab.example.com', options) }),
});
lawOf('GitLabProxyOptions', {
  base: { host: 'gitlab.example.com', trustedCidrs: ['10.0.0.0/24'] },
  make: (stack, options) => new SelfHostedGitLab(stack, 'X', { location: LOCATION, endpoint: GitLabEndpoint.behindProxy(options) }),
});
lawOf('UbuntuImageOptions', {
  base: { publisher: 'Canonical', offer: 'ubuntu-24_04-lts', sku: 'server', codename: 'noble' },
  make: (stack, options) => new SelfHostedGitLab(stack, 'X', { location: LOCATION, image: UbuntuImage.of(options) }),
});
lawOf('GitLabRunnerOptions', {
  base: {},
  beside: { runUntagged: { tags: ['a'] } },
  make: (stack, options) => new SelfHostedGitLab(stack, 'X', { location: LOCATION }).requestRunnerToken('runner', options),
});
lawOf('GitLabAttributes', {
  base: { gitlabUrl: 'https://gitlab.example.com' },
  make: (stack, attributes) => new KubernetesGitLabRunner(stack, 'Runner', {
    gitlab: GitLab.fromAttributes(stack, 'X', attributes),
    cluster: AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'aks', resourceGroupName: 'g' }),
    token: RunnerToken.kubernetesSecret('token'),
  }),
});
