// Runners for gitlab.com on a cluster that exists. Make the runner in GitLab's pages and put its token into a Key Vault.
import { App, TerraformStack } from 'cdktf';
import { AksCluster, KeyVaultSecret, KubernetesGitLabRunner, RunnerToken, GitLab } from 'cdktf-azure-gitlab';

const SUBSCRIPTION = '00000000-0000-0000-0000-000000000000';

const app = new App();
const stack = new TerraformStack(app, 'runners');

const gitlab = GitLab.fromAttributes(stack, 'GitLab', { gitlabUrl: 'https://gitlab.com' });
const cluster = AksCluster.fromAksClusterAttributes(stack, 'Cluster', {
  clusterName: 'shared',
  resourceGroupName: 'shared-rg',
});

new KubernetesGitLabRunner(stack, 'Runner', {
  gitlab,
  cluster,
  token: RunnerToken.keyVaultSecret(KeyVaultSecret.of(
    `/subscriptions/${SUBSCRIPTION}/resourceGroups/shared-rg/providers/Microsoft.KeyVault/vaults/shared-runners`,
    'gitlab-com-token',
  )),
  concurrent: 20,
  image: 'node:22',
});

app.synth();
