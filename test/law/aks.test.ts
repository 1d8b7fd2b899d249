import { App, Chart } from 'cdk8s';
import { TerraformStack } from 'cdktf';
import { lawOf } from './law';
import { AksCluster, AksNodePool, ApiServerAccess, AzureSubnet, GitLab, IAksCluster, KubernetesGitLabRunner, RunnerToken, SelfHostedGitLab } from '../../src';

const LOCATION = 'koreacentral';

const imported = (stack: TerraformStack): IAksCluster =>
  AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'aks', resourceGroupName: 'g' });
const cluster = (prop: string) => (stack: TerraformStack, struct: any) => {
  new AksCluster(stack, 'X', { location: LOCATION, [prop]: struct });
};

lawOf('AksClusterProps', { base: { location: LOCATION }, make: (stack, props) => new AksCluster(stack, 'X', props) });
lawOf('PrivateApiServerOptions', {
  base: {},
  make: (stack, options) => new AksCluster(stack, 'X', {
    location: LOCATION,
    subnet: AzureSubnet.existing('/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/spoke/subnets/nodes'),
    apiServerAccess: ApiServerAccess.privateEndpoint(options),
  }),
});
lawOf('AksSystemNodePoolOptions', { base: {}, prefix: 'systemNodePool.', make: cluster('systemNodePool') });
lawOf('AksNodePoolOptions', { base: {}, prefix: 'jobNodePool.', make: cluster('jobNodePool') });
lawOf('AksAutoscalerProfile', { base: {}, prefix: 'autoscalerProfile.', make: cluster('autoscalerProfile') });
lawOf('AksMaintenanceWindow', { base: { dayOfWeek: 'Sunday', startTime: '22:00' }, prefix: 'maintenanceWindow.', make: cluster('maintenanceWindow') });
lawOf('AksNodePoolAttributes', {
  base: { nodePoolName: 'pool' },
  make: (stack, attributes) => new KubernetesGitLabRunner(stack, 'Runner', {
    gitlab: GitLab.fromAttributes(stack, 'Server', { gitlabUrl: 'https://gitlab.example.com' }),
    cluster: imported(stack),
    token: RunnerToken.kubernetesSecret('token'),
    nodePool: AksNodePool.fromAksNodePoolAttributes(stack, 'Pool', attributes),
  }),
});
lawOf('AksClusterAttributes', {
  base: { clusterName: 'aks', resourceGroupName: 'g' },
  beside: { clusterId: { clusterName: undefined, resourceGroupName: undefined } },
  make: (stack, attributes) => {
    const existing = AksCluster.fromAksClusterAttributes(stack, 'X', attributes);
    existing.addNodePool('Pool');
    new KubernetesGitLabRunner(stack, 'Runner', {
      gitlab: new SelfHostedGitLab(stack, 'Server', { location: LOCATION, webAllowedCidrs: ['203.0.113.0/24'] }), cluster: existing,
    });
  },
});
lawOf('WorkloadIdentityOptions', {
  base: { namespace: 'ci', serviceAccountName: 'ci' }, make: (stack, options) => imported(stack).addWorkloadIdentity('Identity', options),
});
lawOf('HelmReleaseOptions', {
  base: { chart: 'redis', repository: 'https://charts.example.com' }, make: (stack, options) => imported(stack).addHelmChart('Release', options),
});
lawOf('ManifestReleaseOptions', {
  base: {}, make: (stack, options) => imported(stack).addCdk8sChart('Release', new Chart(new App(), 'chart'), options),
});
