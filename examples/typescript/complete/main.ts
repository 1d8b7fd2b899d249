import { App, TerraformStack } from 'cdktf';
import { AksCluster, KubernetesGitLabRunner, SelfHostedGitLab } from 'cdktf-azure-gitlab';

const LOCATION = 'koreacentral';

const app = new App();
const stack = new TerraformStack(app, 'gitlab');

const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION });
const cluster = new AksCluster(stack, 'Cluster', { location: LOCATION });
new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, tags: ['aks'] });

app.synth();
