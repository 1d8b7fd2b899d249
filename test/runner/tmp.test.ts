import { AksCluster } from '../../src/aks/aks-cluster';
import { SelfHostedGitLab } from '../../src/gitlab/self-hosted-gitlab';
import { KubernetesGitLabRunner, RunnerCache } from '../../src/runner';
import { newStack, synth, warnings } from '../synth';
test('x', () => {
  const stack = newStack();
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral' });
  const cluster = new AksCluster(stack, 'Cluster', { location: 'koreacentral' });
  const r = new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, tags: ['aks'], cache: RunnerCache.azureBlob() });
  r.grantJobs('Push', 'AcrPush', '/subscriptions/x/resourceGroups/y/providers/Microsoft.ContainerRegistry/registries/z');
  const json = synth(stack);
  console.log(JSON.stringify(json.resource.helm_release, null, 1), JSON.stringify(json.locals, null, 1), warnings(stack), JSON.stringify(json.resource.azurerm_storage_account),JSON.stringify(json.resource.azurerm_storage_management_policy), Object.keys(json.resource.azurerm_role_assignment), JSON.stringify(json.resource.azurerm_network_security_rule,null,1));
});
