import { App } from 'cdk8s';
import { TerraformOutput, TerraformStack } from 'cdktf';
import { lawOf, Use } from './law';
import {
  AksCluster, GitLab, GitLabRunnerChart, IAksCluster, KeyVaultSecret, KubernetesGitLabRunner, RegistryCache, RunnerCache, RunnerSecret, RunnerToken,
  RunnerVolume, SelfHostedGitLab,
} from '../../src';

const imported = (stack: TerraformStack): IAksCluster =>
  AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'aks', resourceGroupName: 'g' });
const joined = (stack: TerraformStack) => ({ gitlab: new SelfHostedGitLab(stack, 'Server', { location: 'koreacentral' }), cluster: imported(stack) });
/** A runner of a GitLab elsewhere, where the server does not matter. */
const runner = (more: (struct: any) => object) => (stack: TerraformStack, struct: any) => {
  new KubernetesGitLabRunner(stack, 'X', {
    gitlab: GitLab.fromAttributes(stack, 'Server', { gitlabUrl: CHART.gitlabUrl }), cluster: imported(stack), token: CHART.token, ...more(struct),
  });
};
const chart = (stack: TerraformStack, props: any) => {
  imported(stack).addCdk8sChart('Chart', new GitLabRunnerChart(new App(), 'ci', props));
};
const BESIDE: Use['beside'] = {
  prometheusNamespace: { podMonitor: 'monitoring.coreos.com/v1' },
  runUntagged: { tags: ['a'] },
};
const VAULT = '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v';
const CHART = { gitlabUrl: 'https://gitlab.example.com', token: RunnerToken.kubernetesSecret('token') };

lawOf('KubernetesGitLabRunnerProps', { base: joined, beside: BESIDE, make: (stack, props) => new KubernetesGitLabRunner(stack, 'X', props) });
lawOf('JoinedRunnerOptions', {
  base: {}, beside: BESIDE, make: (stack, options) => new KubernetesGitLabRunner(stack, 'X', joined(stack)).addRunner('second', options),
});
lawOf('GitLabRunnerChartProps', { base: CHART, beside: BESIDE, make: chart });
lawOf('RunnerOptions', {
  base: {},
  make: (stack, options) => {
    const made = new GitLabRunnerChart(new App(), 'ci', CHART);
    made.addRunner('second', RunnerToken.kubernetesSecret('other'), options);
    imported(stack).addCdk8sChart('Chart', made);
  },
});
lawOf('RunnerContainerResources', { base: {}, prefix: 'buildResources.', make: runner((buildResources) => ({ buildResources })) });
lawOf('RunnerWarmCapacity', { base: { policies: [{ jobs: 1 }] }, prefix: 'warmCapacity.', make: runner((warmCapacity) => ({ warmCapacity })) });
lawOf('RunnerWarmCapacityPolicy', {
  base: { jobs: 1 }, prefix: 'warmCapacity.policies[0].', make: runner((policy) => ({ warmCapacity: { policies: [policy] } })),
});
lawOf('RunnerServiceAccountOptions', { base: {}, prefix: 'jobServiceAccount.', make: runner((jobServiceAccount) => ({ jobServiceAccount })) });
lawOf('JobPodSecurityContext', { base: {}, prefix: 'podSecurityContext.', make: runner((podSecurityContext) => ({ podSecurityContext })) });
lawOf('AzureBlobCacheOptions', { base: {}, make: runner((options) => ({ cache: RunnerCache.azureBlob(options) })) });
lawOf('ExistingAzureBlobCacheOptions', {
  base: { storageAccountName: 'cache', containerName: 'cache' }, make: runner((options) => ({ cache: RunnerCache.existingAzureBlob(options) })),
});
const SECRET = RunnerSecret.kubernetesSecret('bucket', 'key');
lawOf('S3CacheOptions', {
  base: { bucketName: 'cache', accessKeyId: SECRET, secretAccessKey: SECRET },
  beside: { kmsKeyId: { serverSideEncryption: 'KMS' } },
  make: runner((options) => ({ cache: RunnerCache.s3(options) })),
});
lawOf('GcsCacheOptions', { base: { bucketName: 'cache', credentials: SECRET }, make: runner((options) => ({ cache: RunnerCache.gcs(options) })) });
lawOf('RunnerKeyVaultSecretOptions', {
  base: {}, make: runner((options) => ({ token: RunnerToken.keyVaultSecret(KeyVaultSecret.of(VAULT, 'token'), options) })),
});
lawOf('RunnerVolumeOptions', { base: {}, make: runner((options) => ({ volumes: [RunnerVolume.configMap('a', '/a', options)] })) });
lawOf('AzureRegistryCacheOptions', {
  base: {
    registryId: '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/acme',
    dockerHubUsername: KeyVaultSecret.of(VAULT, 'name'),
    dockerHubToken: KeyVaultSecret.of(VAULT, 'token'),
  },
  make: (stack, options) => {
    const { loginServer: value } = RegistryCache.azure(stack, 'X', options);
    new TerraformOutput(stack, 'Login', { value });
  },
});
