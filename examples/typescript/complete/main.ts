import { App, TerraformStack } from 'cdktf';
import { AksCluster, KubernetesGitLabRunner, SelfHostedGitLab } from 'cdktf-azure-gitlab';

const LOCATION = 'koreacentral';

const app = new App();
const stack = new TerraformStack(app, 'gitlab');

const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION });
// with one node for CI jobs ten vCPU, which is what a new subscription has.
const cluster = new AksCluster(stack, 'Cluster', {
  location: LOCATION,
  systemNodePool: { vmSize: 'Standard_D2s_v5' },
  jobNodePool: { vmSize: 'Standard_D2s_v5', maxCount: 1 },
});
new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, tags: ['aks'] });

app.synth();
