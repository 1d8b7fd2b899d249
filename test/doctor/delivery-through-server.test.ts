import { App, TerraformStack } from 'cdktf';
import { ApiServer, Objects } from './api-server';
import { look, output, power, server } from './platform';
import { AksCluster, ApiServerAccess, KubernetesGitLabRunner, ManifestDelivery, SelfHostedGitLab } from '../../src';
import { synthesised } from '../command/program';
import { about } from '../preflight/questions';

const folder = synthesised((app: App) => {
  const stack = new TerraformStack(app, 'gitlab');
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral' });
  const cluster = new AksCluster(stack, 'Cluster', {
    location: 'koreacentral', apiServerAccess: ApiServerAccess.privateEndpoint(), manifestDelivery: ManifestDelivery.throughServer(gitlab),
  });
  new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, tags: ['aks'] });
  new AksCluster(stack, 'Other', { location: 'koreacentral' });
});
const DEPLOYMENTS = '/apis/apps/v1/deployments';
const manager = (release: string, readyReplicas = 1) => ({
  metadata: { name: 'gitlab-runner', namespace: 'gitlab-runner', annotations: { 'cdktf-azure-gitlab/release': release } },
  spec: { replicas: 1, selector: { matchLabels: { app: 'runner' } }, template: { metadata: { labels: { 'app.kubernetes.io/name': 'gitlab-runner' } } } }, status: { readyReplicas },
});

let objects: Objects;
let api: ApiServer;
beforeAll(async () => {
  api = await ApiServer.start(() => objects);
});
afterAll(() => api.stop());

async function clusters(different: Objects): Promise<string[][]> {
  objects = different;
  api.asked.length = 0;
  const healthy = { powerState: { code: 'Running' }, provisioningState: 'Succeeded', currentKubernetesVersion: '1.36.2' };
  const { told } = await look(folder, [{ call: ['managedClusters/'], answer: { properties: healthy } }, server(output()), power('running'), ...api.answers]);
  const parts = told.join('\n').split('\n\n').map((part) => part.split('\n')).filter(([title]) => title.startsWith('Cluster '));
  return parts.map((lines) => about(lines.filter((line) => !/^ {13}(?!->)/.test(line)), / gitlab-runner/));
}

test('a runner that a server has delivered is looked at as one of Helm\'s, on its own cluster', async () => {
  expect(await clusters({ [DEPLOYMENTS]: [manager('default/gitlab-runner-release')] })).toEqual([['ok gitlab-runner: ready'], []]);
  expect(api.asked.filter(({ path }) => path.includes('/secrets'))).toEqual([]);
});

test.each<[string, Objects, string]>([
  ['is not there', { [DEPLOYMENTS]: [manager('default/another')] },
    'BROKEN gitlab-runner-release is not in the cluster -> apply; if nothing is planned: terraform apply -replace=terraform_data.Runner_Release_Deliver'],
  ['is not ready', { [DEPLOYMENTS]: [manager('default/gitlab-runner-release', 0)] }, 'BROKEN gitlab-runner: 0 of 1 are ready: no pod of it is there -> kubectl logs '],
])('one that %s is told of', async (_, different, expected) => {
  const [[told], other] = await clusters(different);
  expect(told.slice(0, expected.length)).toBe(expected);
  expect(other).toEqual([]);
});
