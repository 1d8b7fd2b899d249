// examples/typescript/landing-zone, from an empty pair of spokes: nothing has a public address, and whoever applies reaches nothing but Azure Resource Manager.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { doctor } from './harness/doctor';
import { Whole } from './harness/whole';
import { CertificateAuthority } from '../apply/azure/certificates';
import { hostOf } from '../apply/azure/container-service';
import { CERTIFICATES, GITLAB_NAME, landingZones } from '../apply/harness/landing-zone';
import { example } from '../apply/harness/program';
import { Workspace } from '../apply/harness/workspace';
import { log } from '../cluster/gitlab/gitlab';

const NAMESPACE = 'gitlab-runner';
const CLUSTER = 'Microsoft.ContainerService/managedClusters';

const whole = new Whole();
let stackFolder: string;
const company = new CertificateAuthority();
let workspace: Workspace;
let output: string;

/** The company makes the record that the program's output asks for. */
function recorded(): string[] {
  const outputs: { value: unknown }[] = Object.values(workspace.configuration.output);
  return outputs.flatMap(({ value }) => new RegExp(`^${GITLAB_NAME} A (.+)$`).exec(String(value))?.[1] ?? []);
}

before(async () => {
  await whole.start();
  [stackFolder] = example('landing-zone');
  workspace = whole.workspace(stackFolder);
  landingZones(whole.azure, recorded());
  whole.machines.meetStores();
  const { cert, key } = company.issue(GITLAB_NAME);
  whole.machines.vaults.get(CERTIFICATES)!.set('gitlab', `${key}${cert}${company.certificate}`);
  output = await workspace.applied().catch(async (error) => assert.fail(`${await whole.brokenJoint(NAMESPACE)}\n${error.message}`));
});

after(async () => {
  await whole.stop();
  company.close();
});

test('one apply from outside, and a job comes, gets a pod, and succeeds', async () => {
  assert.ok(whole.releasedAfterSetUp(), 'broken joint: ordering; the manager was delivered before the server had made a token');
  const job = await whole.queue({ script: ['echo "hello from $(hostname)"'] });
  await whole.succeeded(job, NAMESPACE).catch(async (error) => assert.fail(`${error.message}\n${await doctor(whole, stackFolder)}`));
  assert.match(log(job), /hello from runner-/);
});

test('the server alone has called the API server, by a name that leads nowhere from where Terraform runs', async () => {
  const [cluster] = whole.azure.arm.list(CLUSTER);
  assert.match(hostOf(cluster), /\.privatelink\.koreacentral\.azmk8s\.io$/);
  const calls = whole.azure.arm.log.filter(({ host }) => host.startsWith(hostOf(cluster)));
  const [server] = whole.azure.arm.list('Microsoft.ManagedIdentity/userAssignedIdentities').filter(({ name }) => name === 'gitlab-vm-identity');
  assert.deepEqual([...new Set(calls.map(({ principal }) => principal))], [server.properties.principalId]);
  const { HTTPS_PROXY } = whole.azure.environment();
  const ask = async (name: string) => (await promisify(execFile)('curl', ['-sk', '--proxy', HTTPS_PROXY, '-o', '/dev/null', '-w', '%{http_connect}', `https://${name}/`])
    .catch((error) => error)).stdout;
  assert.deepEqual([await ask('management.azure.com'), await ask(hostOf(cluster))], ['200', '403']);
});

test('within the network of the nodes the doctor finds nothing wrong with the cluster, and the runner on its way to GitLab', async () => {
  assert.match(await doctor(whole, stackFolder), /Cluster landing-zone\/Cluster:\n {2}ok .*\n {2}ok .*nodes: 1 of 1 are ready\n {2}ok +gitlab-runner: ready\n/);
});

test('nothing has a public address, and whoever applies is let into no vault and no account', () => {
  assert.deepEqual(whole.azure.arm.list('Microsoft.Network/publicIPAddresses'), []);
  // the provider asks each vault for its certificate contacts, and takes a refusal for none.
  const calls = whole.azure.arm.log.filter(({ host }) => /\.(vault\.azure|blob\.core\.windows)\.net/.test(host));
  assert.deepEqual([...new Set(calls.map(({ path, status }) => `${path} ${status}`))], ['/certificates/contacts 403']);
});

test('the second plan is empty', async () => {
  assert.deepEqual((await workspace.plan()).actions, {});
});

test('no usable secret in state, configuration or output, the company\'s key among them', async () => {
  const { secrets } = whole.machines.side;
  assert.ok(secrets.some((secret) => secret.includes('PRIVATE KEY')) && secrets.some((secret) => secret.startsWith('glrt-')));
  const texts = { output, state: JSON.stringify(workspace.state), configuration: JSON.stringify(workspace.configuration) };
  for (const [name, text] of Object.entries(texts)) {
    assert.deepEqual(secrets.filter((secret) => text.includes(secret)), [], name);
  }
});
