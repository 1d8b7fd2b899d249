import { NAME } from './workplace';

/** A line of a program, and what the program is told. */
type Mistake = readonly [line: string, message: string];

/** Mistakes that the library finds where they are made. */
export const MISTAKES: { readonly [name: string]: Mistake } = {
  'location': ['new SelfHostedGitLab(stack, "GitLab", { location: "Korea Central" });', 'location: not a valid value, got "Korea Central"; did you mean "koreacentral"'],
  'a size': ['new SelfHostedGitLab(stack, "GitLab", { location, vmSize: "big" });', 'vmSize: not a VM size, got "big"; give a size such as "Standard_D4s_v5"'],
  'a pool\'s size': ['cluster().addNodePool("Big", { vmSize: "big" });', 'vmSize: not a VM size, got "big"; give a size such as "Standard_D4s_v5"'],
  'no props': ['new SelfHostedGitLab(stack, "GitLab");', 'location: missing, got nothing; give a region\'s short name'],
  'no gitlab': ['new KubernetesGitLabRunner(stack, "Runner", { cluster: cluster() });', 'gitlab: missing, got nothing; give a SelfHostedGitLab'],
  'a stack as cluster': ['new KubernetesGitLabRunner(stack, "Runner", { gitlab: gitlab(), cluster: stack });', 'cluster: not a cluster, got a TerraformStack; give an AksCluster'],
  'text as version': ['new SelfHostedGitLab(stack, "GitLab", { location, version: "19.4.1" });', 'version: not a GitLabVersion, got "19.4.1"; give one such as GitLabVersion.V19_4'],
  'text as image': ['new SelfHostedGitLab(stack, "GitLab", { location, image: "ubuntu" });', 'image: not an UbuntuImage, got "ubuntu"; give one such as UbuntuImage.V24_04'],
  'text as token': ['new KubernetesGitLabRunner(stack, "Runner", { gitlab: gitlab(), cluster: cluster(), token: "glrt-x" });', 'token: not a RunnerToken, got "(hidden)"; give one such as RunnerToken.kubernetesSecret()'],
  'a setting that is none': ['new KubernetesGitLabRunner(stack, "Runner", { gitlab: gitlab(), cluster: cluster(), kubernetesSettings: { cpu_limitt: "2" } });',
    'kubernetesSettings.cpu_limitt: not a setting of GitLab Runner\'s Kubernetes executor, got "2"; use buildResources.cpuLimit (at gitlab/Runner)'],
  'text as tags': ['new KubernetesGitLabRunner(stack, "Runner", { gitlab: gitlab(), cluster: cluster(), tags: "aks" });', 'tags: not a list, got "aks"; give a list, each item 1 to 255 letters, digits'],
  'a variable in the clear': ['new KubernetesGitLabRunner(stack, "Runner", { gitlab: gitlab(), cluster: cluster(), '
    + 'token: RunnerToken.terraformVariable(new TerraformVariable(stack, "token", {})) });', 'variable: Terraform would print the value of this variable, got "token"; make the variable'],
  'a factory\'s argument': ['GitLabVersion.of("19");', 'version: not a valid value, got "19"; give major, minor and patch, such as "19.4.1"; GitLabVersion.minor() takes the newest patch (at GitLabVersion.of)'],
  'no stack': ['new AksCluster(app, "Cluster", { location });', 'scope: not in a TerraformStack, got an App; give a TerraformStack or a construct in one'],
  'a whole file': ['new SelfHostedGitLab(stack, "GitLab", { location: "x".repeat(1e6) });', 'x… (1000002 characters); give a region\'s short name'],
};

/** Mistakes that show only once all constructs are there: the framework tells them. */
export const LATE: { readonly [name: string]: Mistake } = {
  'a block that is too small': ['new AksCluster(stack, "Cluster", { location, subnet: AzureSubnet.create({ subnetCidr: "10.224.0.0/28" }), jobNodePool: { maxCount: 100 } }); app.synth();',
    '[gitlab/Cluster] subnet.subnetCidr: room for 11 nodes, but the pools at their largest, while they are upgraded, have 113, got "10.224.0.0/28"'],
  'a chart that cannot be written': ['cluster().addManifest("Map", { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "map" }, data: { size: NaN } }); app.synth();',
    'data.size: not a number that JSON can hold, got "NaN"; give a finite number'],
};

/** A program in JavaScript with one line of that kind. */
export function program(line: string): string {
  return `const { App, TerraformStack, TerraformVariable } = require('cdktf');
const { AksCluster, AzureSubnet, GitLabVersion, KubernetesGitLabRunner, RunnerToken, SelfHostedGitLab } = require('${NAME}');
const app = new App();
const stack = new TerraformStack(app, 'gitlab');
const location = 'koreacentral';
const gitlab = () => new SelfHostedGitLab(stack, 'GitLab', { location });
const cluster = () => new AksCluster(stack, 'Cluster', { location });
${line}
`;
}
