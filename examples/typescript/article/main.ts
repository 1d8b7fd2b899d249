// A trial on small machines: the steps one would type by hand, and what takes their place.
import { App, TerraformStack } from 'cdktf';
import {
  AksCluster, AksPreset, AzureResourceGroup, GitLabEndpoint, KubernetesGitLabRunner, SelfHostedGitLab, SshPublicKey, UbuntuImage,
} from 'cdktf-azure-gitlab';

const LOCATION = 'koreacentral';
const EVERYBODY = ['0.0.0.0/0'];

const app = new App();
const stack = new TerraformStack(app, 'trial');

const gitlab = new SelfHostedGitLab(stack, 'GitLab', {
  location: LOCATION,
  resourceGroup: AzureResourceGroup.create('gitlab-rg'), //          az group create --name gitlab-rg --location koreacentral
  virtualMachineName: 'gitlab-vm', //                                az vm create --name gitlab-vm
  image: UbuntuImage.V22_04, //                                        --image Ubuntu2204
  vmSize: 'Standard_B2ms', //                                          --size Standard_B2ms
  adminUsername: 'azureuser', //                                       --admin-username azureuser
  sshPublicKey: SshPublicKey.fromFile('~/.ssh/id_rsa.pub'), //         --generate-ssh-keys
  osDiskSizeGb: 64, //                                                 --os-disk-size-gb 64
  webAllowedCidrs: EVERYBODY, //                                     az vm open-port --port 80, 443
  sshAllowedCidrs: EVERYBODY, //                                     az vm open-port --port 22
  endpoint: GitLabEndpoint.http(), //                                EXTERNAL_URL="http://<Public_IP>" apt install gitlab-ce
});

const cluster = new AksCluster(stack, 'Cluster', {
  location: LOCATION,
  preset: AksPreset.SMALL,
  resourceGroup: AzureResourceGroup.create('gitlab-aks-rg'), //      az group create --name gitlab-aks-rg
  clusterName: 'gitlab-aks-cluster', //                              az aks create --name gitlab-aks-cluster
  systemNodePool: { nodeCount: 2 }, //                                 --node-count 2
  containerInsightsEnabled: true, //                                   --enable-addons monitoring
});

new KubernetesGitLabRunner(stack, 'Runner', { //                     helm install gitlab-runner gitlab/gitlab-runner
  gitlab, //                                                           --set gitlabUrl, runnerRegistrationToken
  cluster,
  namespace: 'gitlab-runner', //                                       --namespace, --set runners.namespace
  tags: ['aks'], //                                                    --set runners.tags
});

app.synth();
