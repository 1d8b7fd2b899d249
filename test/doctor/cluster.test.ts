import { ApiServer, Objects, TOKEN } from './api-server';
import { cluster, doctor, STOPPED } from './platform';
import { Answer } from '../preflight/azure';
import { about } from '../preflight/questions';

const DEPLOYMENTS = '/apis/apps/v1/deployments';
const SECRETS = '/api/v1/namespaces/default/secrets';
const PODS = '/api/v1/namespaces/gitlab-runner/pods';
const ALL_PODS = '/api/v1/pods';
const NODES = '/api/v1/nodes';

const NOW = Date.now();
const ago = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString();
const ready = (status: string) => ({ conditions: [{ type: 'MemoryPressure', status: 'False' }, { type: 'Ready', status }] });
const node = (name: string, status = 'True') => ({ metadata: { name }, status: ready(status) });
const deployment = (readyReplicas: number) => ({
  metadata: {
    name: 'gitlab-runner', namespace: 'gitlab-runner',
    annotations: { 'meta.helm.sh/release-name': 'gitlab-runner-release', 'meta.helm.sh/release-namespace': 'default' },
  },
  spec: { replicas: 1, selector: { matchLabels: { app: 'runner' } }, template: { metadata: { labels: { 'app.kubernetes.io/name': 'gitlab-runner' } } } }, status: { readyReplicas },
});
const book = (version: number, status: string, minutes: number) => ({
  metadata: { name: `sh.helm.release.v1.gitlab-runner-release.v${version}`, labels: { owner: 'helm', name: 'gitlab-runner-release', version: String(version), status }, creationTimestamp: ago(minutes) },
});
const pod = (name: string, minutes: number, status: object) => ({ metadata: { name, namespace: 'default', creationTimestamp: ago(minutes) }, status });
/** The lines of requests that go wrong, so many seconds ago. */
const log = (kind: string, status: string, ...seconds: number[]) => seconds.map((age) =>
  `${ago(age / 60)} time="2026-11-30T17:00:00Z" level=warning msg="Checking for jobs... ${kind}" correlation_id=1 runner=Wd1 status="${status}"\n`).join('');
const MANAGER = { metadata: { name: 'm', namespace: 'gitlab-runner', creationTimestamp: ago(90) }, status: { phase: 'Running', containerStatuses: [{ name: 'gitlab-runner', state: { running: {} } }] } };
const BEGINNING = { ...MANAGER, status: { phase: 'Running', containerStatuses: [{ name: 'gitlab-runner', state: { waiting: {} } }] } };
const LOG = `${PODS}/m/log`;
const waiting = (reason: string, message?: string) => ({ phase: 'Pending', containerStatuses: [{ state: { waiting: { reason, message } } }] });

const HEALTHY: Objects = {
  [NODES]: [node('aks-system-0'), node('aks-jobs-0')], [DEPLOYMENTS]: [deployment(1), { metadata: { name: 'somebody-elses' }, spec: {}, status: {} }],
  [SECRETS]: [book(9, 'superseded', 9000), book(10, 'deployed', 800)], [ALL_PODS]: [pod('new', 2, { phase: 'Pending' })],
};

let objects: Objects;
let api: ApiServer;
beforeAll(async () => {
  api = await ApiServer.start(() => objects);
});
afterAll(() => api.stop());
// how long ago something was does not depend on how long these tests take.
beforeEach(() => {
  jest.spyOn(Date, 'now').mockReturnValue(NOW);
});

async function look(different: Objects = {}, answers: readonly Answer[] = []) {
  objects = { ...HEALTHY, ...different };
  const { code, told, calls } = await doctor([...answers, ...api.answers]);
  const lines = told.slice(told.indexOf('Cluster gitlab/Cluster:') + 1, -2);
  return { code, lines, calls, findings: about(lines.filter((line) => !/^ {13}(?!->)/.test(line)), /^ +(BROKEN|warning|NO ANSWER|unknown)/) };
}

test('a cluster that has nothing is fine in each respect, and a pod may take its minutes', async () => {
  expect(await look()).toMatchObject({
    code: 0, lines: ['  ok         the cluster runs Kubernetes 1.36.2', '  ok         nodes: 2 of 2 are ready', '  ok         gitlab-runner: ready'],
  });
});

test.each<[string, Objects, string]>([
  ['a node that is not ready', { [NODES]: [node('aks-system-0'), node('aks-jobs-0', 'Unknown')] },
    'warning nodes that are not ready: aks-jobs-0 -> if it lasts: kubectl describe node aks-jobs-0; AKS repairs nodes by itself after ten minutes'],
  ['no runner', { [DEPLOYMENTS]: [] }, 'BROKEN gitlab-runner-release is not in the cluster -> apply; if nothing is planned: terraform apply -replace=helm_release.Runner_Release_FB2E47CA'],
  ['a manager that has no image', { [DEPLOYMENTS]: [deployment(0)], [PODS]: [pod('m', 9, waiting('ImagePullBackOff', 'Back-off pulling image "x"'))] },
    'BROKEN gitlab-runner: 0 of 1 are ready: ImagePullBackOff: Back-off pulling image "x" -> kubectl logs --namespace gitlab-runner deployment/gitlab-runner --tail 20;'
      + ' kubectl describe pod --namespace gitlab-runner --selector app=runner'],
  ['a manager without a pod', { [DEPLOYMENTS]: [deployment(0)] },
    'BROKEN gitlab-runner: 0 of 1 are ready: no pod of it is there -> kubectl logs --namespace gitlab-runner deployment/gitlab-runner --tail 20; kubectl describe pod --namespace gitlab-runner --selector app=runner'],
  ['a manager that does not reach GitLab', { [PODS]: [MANAGER], [LOG]: log('failed', '502 Bad Gateway', 220, 120, 2) },
    'BROKEN gitlab-runner: gets no good answer from GitLab (502 Bad Gateway) -> see what is said of the server; if people reach it, the way from the cluster is closed'],
  ['a manager whose token GitLab refuses', { [PODS]: [MANAGER], [LOG]: log('forbidden', '403 Forbidden', 190, 187, 184) },
    'BROKEN gitlab-runner: GitLab refused its token 3 minutes ago (403 Forbidden) -> give rerun another value and apply: the runner is made again, with a new token'],
  ['a log that may not be read', { [PODS]: [MANAGER], [LOG]: 403 },
    'NO ANSWER the log of m: not checked, this account may not ask (the API server answers /api/v1/namespaces/gitlab-runner/pods/m/log with 403)'
      + ' -> ask for the role Azure Kubernetes Service RBAC Admin on the cluster, or somebody who has it to run this'],
  ['an apply that was cut off', { [SECRETS]: [book(10, 'pending-upgrade', 60), book(9, 'deployed', 900)] },
    'BROKEN the release gitlab-runner-release has been pending-upgrade for 1 hour: an apply was cut off -> helm rollback --namespace default gitlab-runner-release, or, if it never worked,'
      + ' kubectl delete secret --namespace default sh.helm.release.v1.gitlab-runner-release.v10; then apply'],
  ['an apply at work', { [SECRETS]: [book(9, 'deployed', 900), book(10, 'pending-upgrade', 5)] },
    'warning the release gitlab-runner-release is pending-upgrade: an apply is at work, or was cut off just now -> look again in half an hour'],
  ['pods that find no node', {
    [ALL_PODS]: ['one', 'two'].map((name) => pod(name, 20, { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', message: '0/2 nodes are available: 2 Insufficient cpu.' }] })),
  }, 'warning pod default/one and 1 more have not started for 20 minutes: 0/2 nodes are available: 2 Insufficient cpu. -> kubectl describe pod --namespace default one'],
  ['a pod that does not get its image', { [ALL_PODS]: [pod('one', 20, waiting('ErrImagePull'))] },
    'warning pod default/one has not started for 20 minutes: ErrImagePull -> kubectl describe pod --namespace default one'],
])('%s', async (_, different, expected) => {
  expect((await look(different)).findings).toEqual([expected]);
});

const REQUEST = 'couldn\'t execute POST against https://gitlab.example.com/api/v4/jobs/request: Post \\"https://gitlab.example.com/api/v4/jobs/request\\": ';
test.each([
  ['the name is unknown', 'dial tcp: lookup gitlab.example.com on 10.0.0.10:53: no such host', 'finds no address for GitLab\'s name', /^link the DNS zone/],
  ['the record is wrong', 'dial tcp 10.1.0.9:443: connect: connection refused', 'is led to 10.1.0.9, where nobody answers', /^if that is not the server's address, mend the DNS record; /],
  ['the way is closed', 'dial tcp 10.1.0.4:443: i/o timeout', 'is led to 10.1.0.4, where nobody answers', /a firewall or a security group keeps the nodes out$/],
  ['the authority is another', 'tls: failed to verify certificate: x509: certificate signed by unknown authority', 'does not trust who signed the certificate that it is shown', /^give rerun another value and apply: /],
  ['the server is another', 'tls: failed to verify certificate: x509: certificate is valid for *.example.org, not gitlab.example.com',
    'is shown a certificate for *.example.org, not gitlab.example.com', /^look where GitLab's name leads to/],
])('a manager that does not reach GitLab says why: %s', async (_, words, what, remedy) => {
  const { findings } = await look({ [PODS]: [MANAGER], [LOG]: log('failed', `${REQUEST}${words}`, 220, 120, 2) });
  const [told, todo] = findings[0].split(' -> ');
  expect(told).toBe(`BROKEN gitlab-runner: ${what} (${words})`);
  expect(todo).toMatch(remedy);
});

test.each<[string, Answer, string]>([
  ['is stopped', STOPPED, 'BROKEN the cluster is stopped -> az aks start --resource-group gitlab-cluster-rg --name gitlab-cluster'],
  ['failed', cluster({ provisioningState: 'Failed' }),
    'BROKEN Azure\'s last operation on the cluster ended as Failed -> have Azure try again: az aks update --resource-group gitlab-cluster-rg --name gitlab-cluster'],
  ['is being changed', cluster({ provisioningState: 'Updating' }), 'warning Azure is at work on the cluster (Updating) -> look again when it is done'],
  ['is not there', { call: ['managedClusters/gitlab-cluster'], error: 'ERROR: Not Found({"error":{"code":"ResourceNotFound","message":"The Resource was not found."}})' },
    'NO ANSWER cluster gitlab-cluster: not checked, Azure did not answer (ResourceNotFound: The Resource was not found.)'],
])('a cluster that %s', async (_, answer, expected) => {
  expect((await look({}, [answer])).findings).toEqual([expected]);
});

test('inside of a stopped cluster nobody asks', async () => {
  api.asked.length = 0;
  await look({}, [STOPPED]);
  expect(api.asked).toEqual([]);
});

test('who may not look inside is told which role it takes', async () => {
  const { code, findings } = await look({ [SECRETS]: 403 });
  expect({ code, findings }).toEqual({
    code: 2,
    findings: ['NO ANSWER what runs in the cluster: not checked, this account may not ask (the API server answers /api/v1/namespaces/default/secrets with 403)'
      + ' -> ask for the roles Azure Kubernetes Service Cluster User and Azure Kubernetes Service RBAC Admin on the cluster, or somebody who has it to run this'],
  });
});

test('an API server that is not reached from here', async () => {
  const [, token] = api.answers;
  const nowhere = { call: ['aks get-credentials'], text: 'clusters:\n- cluster:\n    certificate-authority-data: YQ==\n    server: https://127.0.0.1:1\n' };
  const { code, findings } = await look({}, [nowhere, token]);
  expect(code).toBe(2);
  expect(findings).toEqual([expect.stringMatching(/^NO ANSWER what runs in the cluster: not checked, .*https:\/\/127\.0\.0\.1:1 is not reached from here: .* -> run this where kubectl would reach it/)]);
});

test.each([
  ['answers again', log('failed', '502 Bad Gateway', 300, 297, 294)],
  ['gave no answer once', log('failed', '502 Bad Gateway', 4, 1)],
  ['answers', '2026-11-30T17:00:00Z time="2026-11-30T17:00:00Z" level=info msg="Checking for jobs... received" job=7 runner=Wd1\n'],
])('GitLab that %s is no finding', async (_, text) => {
  expect(await look({ [PODS]: [MANAGER], [LOG]: text })).toMatchObject({ code: 0, findings: [] });
});

test('a log that has not begun is not asked for', async () => {
  expect(await look({ [PODS]: [BEGINNING], [LOG]: 400 })).toMatchObject({ code: 0, findings: [] });
});

test('of Helm\'s books nothing secret is asked for, and no call changes anything', async () => {
  api.asked.length = 0;
  const { calls } = await look();
  expect(api.asked.filter(({ path }) => path.startsWith(SECRETS)).map(({ accept }) => accept)).toEqual(['application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1']);
  const commands = calls.flatMap((call) => /^(?:account show|account get-access-token|aks get-credentials|rest --method [a-z]+|vm [a-z-]+ [a-z]+)/.exec(call)?.[0] ?? []);
  expect([...new Set(commands)].sort()).toEqual(['account get-access-token', 'account show', 'aks get-credentials', 'rest --method get', 'vm run-command invoke']);
  expect(calls.join('\n')).not.toContain(TOKEN);
});
