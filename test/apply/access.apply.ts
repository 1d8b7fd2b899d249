import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ApiObject, App, Chart } from 'cdk8s';
import { TerraformOutput, TerraformStack, TerraformVariable } from 'cdktf';
import { roleName } from './azure/authorization';
import { TENANT_ID } from './azure/azure';
import { sleep } from './azure/core';
import { tokenFor, uuidOf } from './azure/login';
import { synthesise } from './harness/program';
import { Workspace } from './harness/workspace';
import { World } from './harness/world';
import {
  AksCluster, AksClusterProps, ApiServerAccess, KubernetesSignIn, KubernetesGitLabRunner,
  ManifestDelivery, ManifestRelease, RunnerToken,
  GitLab,
} from 'cdktf-azure-gitlab';

const KUBERNETES = '6dae42f8-4368-4678-94ff-3960e28e3630';
const DEPLOYER = uuidOf('deployer');
const CREDENTIALS = { AZURE_TENANT_ID: TENANT_ID, AZURE_CLIENT_ID: DEPLOYER, AZURE_CLIENT_SECRET: 'none' };

const world = new World();

/** A cluster, and a namespace in it. */
function deliver(stack: TerraformStack, manifestDelivery: ManifestDelivery, props: Partial<AksClusterProps> = {}): void {
  const cluster = new AksCluster(stack, 'Cluster', { location: 'koreacentral', manifestDelivery, ...props });
  const chart = new Chart(new App(), 'teams');
  new ApiObject(chart, 'Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'delivered' } });
  new ManifestRelease(stack, 'Teams', cluster, chart);
}

const delivered = (access: KubernetesSignIn) => synthesise((stack) => deliver(stack, ManifestDelivery.helmRelease(access)));

/** Applies with more environment variables; the release has arrived, and the second plan is empty. */
async function arrives(program: string, variables: { [name: string]: string }): Promise<Workspace> {
  const workspace = world.workspace(await world.azure(), { variables }).load(program);
  await workspace.applied();
  assert.equal((await world.kubernetes.call('GET', '/api/v1/namespaces/delivered')).status, 200);
  assert.deepEqual((await workspace.plan()).actions, {});
  return workspace;
}

test('kubelogin signs in as a service principal, from the variables that it names', async () => {
  await arrives(delivered(KubernetesSignIn.servicePrincipal()), CREDENTIALS);
});

test('kubelogin signs in with a job\'s federated token, from the variables that it names', async () => {
  const { AZURE_TENANT_ID, AZURE_CLIENT_ID } = CREDENTIALS;
  const AZURE_FEDERATED_TOKEN_FILE = join(process.env.TMPDIR!, 'federated-token');
  writeFileSync(AZURE_FEDERATED_TOKEN_FILE, 'token of a CI job');
  const variables = { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_FEDERATED_TOKEN_FILE };
  await arrives(delivered(KubernetesSignIn.workloadIdentity()), variables);
});

test('kubelogin with an account that has no role on the cluster: refused, and the apply fails', async () => {
  const azure = await world.azure();
  const workspace = world.workspace(azure, { variables: { ...CREDENTIALS, AZURE_CLIENT_ID: uuidOf('somebody') } })
    .load(delivered(KubernetesSignIn.servicePrincipal()));
  const { status, output } = await workspace.apply();
  assert.notEqual(status, 0);
  assert.match(output, /Kubernetes cluster unreachable/);
  const asked = azure.arm.log.filter(({ host, status: answer }) => host.endsWith('.azmk8s.io') && answer === 403);
  assert.deepEqual([...new Set(asked.map(({ principal }) => principal))], [uuidOf(uuidOf('somebody'))]);
});

test('CI takes over from whoever applied first, in the two applies of docs/operate.md, and nobody else has a role then', async () => {
  const azure = await world.azure();
  const [person, ci] = [DEPLOYER, uuidOf('ci')];
  const holders = () => azure.arm.list('Microsoft.Authorization/roleAssignments')
    .filter(({ properties }) => roleName(properties.roleDefinitionId) === 'Azure Kubernetes Service RBAC Cluster Admin').map(({ id, properties }) => [properties.principalId, id]);
  const stage = (text: string, deployerObjectIds?: string[]) => synthesise((stack) => {
    deliver(stack, ManifestDelivery.helmRelease(), { deployerObjectIds });
    new TerraformOutput(stack, 'stage', { value: text });
  });
  const workspace = world.workspace(azure).load(stage('first'));
  await workspace.applied();
  const [[, held]] = holders();
  azure.addPrincipal(uuidOf(ci));

  // the first one names both, whoever applied first at the head
  workspace.load(stage('both', [uuidOf(person), uuidOf(ci)]));
  assert.deepEqual(Object.values((await workspace.plan()).actions).sort(), ['create', 'move']);
  await workspace.applied();
  assert.deepEqual(holders().map(([holder]) => holder).sort(), [uuidOf(person), uuidOf(ci)].sort());
  assert.ok(holders().some(([holder, id]) => holder === uuidOf(person) && id === held), 'the first one\'s role is the same as ever');

  // the second is CI's own
  const pipeline = workspace.fork({ stackFolder: stage('ci', [uuidOf(ci)]), environment: azure.environment(ci) });
  assert.deepEqual(Object.values((await pipeline.plan()).actions), ['delete']);
  await pipeline.applied();
  assert.deepEqual(holders().map(([holder]) => holder), [uuidOf(ci)]);
  assert.deepEqual((await pipeline.plan()).actions, {});
});

test('a token from a sensitive variable signs in, and is in neither state nor plan', async () => {
  const token = tokenFor(DEPLOYER, TENANT_ID, KUBERNETES);
  const workspace = await arrives(synthesise((stack) => {
    const variable = new TerraformVariable(stack, 'cluster_token', { type: 'string', sensitive: true });
    deliver(stack, ManifestDelivery.helmRelease(KubernetesSignIn.token(variable.stringValue)));
  }), { TF_VAR_cluster_token: token });
  assert.ok(!JSON.stringify(workspace.state).includes(token));
  assert.ok(!(await workspace.plan()).output.includes(token));
});

test('a private cluster with its manifests as files: applied, the second plan is empty, and no plan makes it public', async () => {
  const azure = await world.azure();
  const asFiles = (props: Partial<AksClusterProps>) => synthesise((stack) => deliver(stack, ManifestDelivery.files(), props));
  const workspace = world.workspace(azure).load(asFiles({ apiServerAccess: ApiServerAccess.privateEndpoint() }));
  await workspace.applied();
  const [{ properties }] = azure.arm.list('Microsoft.ContainerService/managedClusters');
  assert.equal(properties.apiServerAccessProfile.enablePrivateCluster, true);
  assert.deepEqual((await workspace.plan()).actions, {});
  const opened = workspace.fork({ stackFolder: asFiles({}) });
  assert.match((await opened.plan()).errors.join(), /azurerm_kubernetes_cluster\.\S+ has lifecycle.prevent_destroy set/);
});

test('a manager that never becomes ready fails the apply and is rolled back; the next apply is through', async () => {
  const program = synthesise((stack) => {
    const cluster = new AksCluster(stack, 'Cluster', { location: 'koreacentral' });
    const gitlab = GitLab.fromAttributes(stack, 'GitLab', { gitlabUrl: 'https://gitlab.example.com' });
    new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, token: RunnerToken.kubernetesSecret('runner-token') });
  });
  const workspace = world.workspace(await world.azure()).load(program, soon);
  const image = /"(?:\\")?[^"\s]*gitlab-runner:[^"\\\s]+/.exec(JSON.stringify(workspace.configuration))![0].replace(/^"/, '');
  world.kubernetes.broken.add(image);
  const { status, output } = await workspace.apply();
  world.kubernetes.broken.clear();
  assert.notEqual(status, 0);
  assert.match(output, /context deadline exceeded|timed out waiting/);
  assert.equal((await world.kubernetes.call('GET', '/apis/apps/v1/namespaces/gitlab-runner/deployments/gitlab-runner')).status, 404);
  // Helm does not wait for the namespace that it takes back
  while ((await world.kubernetes.call('GET', '/api/v1/namespaces/gitlab-runner')).status !== 404) {await sleep(200);}
  await workspace.load(program).applied();
  assert.deepEqual((await workspace.plan()).actions, {});
});

/** The same configuration, whose releases are given up after seconds. */
function soon(json: any): any {
  Object.values<any>(json.resource.helm_release).forEach((release) => {
    release.timeout = 40;
  });
  return json;
}
