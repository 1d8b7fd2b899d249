// Whom a job reaches and who reaches it, under a real engine of network policies: each way is tried from a job's script. The same script without a policy is the
// control: there everything answers. The engine is kube-router's, not Cilium: what AKS does otherwise is in docs/security.md.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Job, log } from './gitlab/gitlab';
import { iptables, NODE_ADDRESS } from './harness/cluster';
import { HOLD, letGo } from './harness/held-jobs';
import { NameServer } from './harness/name-server';
import { Manager, ManagerOptions, Platform } from './harness/platform';
import { Surroundings } from './harness/surroundings';
import { JobNetwork } from 'cdktf-azure-gitlab';

const METADATA = '169.254.169.254:80';
const WIRE_SERVER = ['168.63.129.16:80', '168.63.129.16:32526'];
const PRIVATE_SERVER = '192.168.77.10:5432';
const PUBLIC_SERVER = '203.0.113.10:443';
const NAMES_ON_NODE = '169.254.20.10:53';
const API_SERVER = '10.96.0.1:443';
const KUBELET = `${NODE_ADDRESS}:10250`;
const GITLAB = `${NODE_ADDRESS}:8443`;
/** All at once: the kernel believes a refusal only after a second, and where nobody answers it takes all the time. */
const TRY = 'try() { for to; do (timeout 30 bash -c "exec 3<>/dev/tcp/${to/://}" 2>/dev/null && echo "TRY $to open" || echo "TRY $to closed") & done; wait; }';
const LISTEN = 'mkdir -p /tmp/www && httpd -p 8080 -h /tmp/www && echo "$(hostname -i | tr " " "\\n" | grep "^10\\.244") listens"';

const platform = new Platform({ policies: true });
const { cluster } = platform;
const surroundings = new Surroundings(cluster);
const names = new NameServer(cluster, PUBLIC_SERVER.split(':')[0], ['example.org']);
let closed: Manager;
let listed: Manager;
let open: Manager;
/** A pod of somebody else's, the metrics of a manager, and a job of another project, all of which listen. */
let pod: string;
let metrics: string;
let neighbour: string;
let neighbourJob: Job;

before(async () => {
  await platform.start();
  await surroundings.start();
  await names.start();
  const install = (name: string, options: ManagerOptions) => platform.install(name, { concurrent: 4, limit: 4, ...options });
  [closed, listed, open, pod] = await Promise.all([
    install('ci', { kubernetesSettings: { pod_labels_overwrite_allowed: '.*' } }),
    install('listed', { jobNetwork: JobNetwork.listed(['168.0.0.0/8', '169.254.0.0/16', '192.168.77.0/24']) }),
    install('open', { jobNetwork: JobNetwork.open() }),
    podThatListens('apps'),
  ]);
  metrics = `${(await platform.managerPods('ci'))[0].status.podIP}:9252`;
  neighbourJob = platform.gitlab.queue(closed.token, { script: [LISTEN, 'until test -e /tmp/done; do sleep 1; done'], timeoutSeconds: 3600 });
  neighbour = `${await cluster.until('the neighbour listens', async () => /^(\S+) listens$/m.exec(log(neighbourJob))?.[1])}:8080`;
  await inForce(neighbour);
});
after(async () => {
  surroundings.stop();
  names.stop();
  await platform.stop();
});

describe('a job', { concurrency: 3 }, () => {
  test('reaches names, GitLab and the Internet, its own services, and nothing else, whatever labels it asks for', async () => {
    const forbidden = [METADATA, ...WIRE_SERVER, neighbour, pod, metrics, KUBELET, API_SERVER, PRIVATE_SERVER];
    const needed = [GITLAB, PUBLIC_SERVER, NAMES_ON_NODE, 'www.example.org:443', 'web:8000'];
    const job = await run(closed, [...forbidden, ...needed], {
      git: true,
      variables: ['app.kubernetes.io/name=gitlab-runner', 'job.runner.gitlab.com/pod=', 'JOB.runner.gitlab.com/pod=mine'].map((value, index) =>
        ({ key: `KUBERNETES_POD_LABELS_${index}`, value, masked: false })),
      services: [{
        name: 'ubuntu:24.04', alias: 'web',
        command: ['bash', '-c', `mkdir -p /tmp/www; ${TRY}; ${HOLD}; for i in 1 2 3; do try ${METADATA}; done > /tmp/www/log; exec httpd -f -p 8000 -h /tmp/www`],
      }],
    }, ['cat README.md', 'wget -q -O - http://web:8000/log | sed "s/^TRY/SERVICE/"']);
    assert.deepEqual(tried(job), { ...all(forbidden, 'closed'), ...all(needed, 'open') });
    assert.match(log(job), /^a file of the repository$/m);
    assert.equal(log(job).match(/^SERVICE \S+ closed$/gm)?.length, 3, log(job));
  });

  test('is reached by nobody, not even by a job that may reach everything', async () => {
    const targets = [METADATA, ...WIRE_SERVER, pod, KUBELET, API_SERVER, PRIVATE_SERVER, GITLAB, PUBLIC_SERVER, NAMES_ON_NODE, 'www.example.org:443'];
    const job = await run(open, [...targets, neighbour]);
    assert.deepEqual(tried(job), { ...all(targets, 'open'), [neighbour]: 'closed' });
  });

  test('with a list reaches what is listed and GitLab, and never Azure\'s machine services', async () => {
    const forbidden = [METADATA, ...WIRE_SERVER, neighbour, pod, KUBELET, PUBLIC_SERVER];
    const needed = [GITLAB, PRIVATE_SERVER, NAMES_ON_NODE];
    const job = await run(listed, [...forbidden, ...needed], { git: true });
    assert.deepEqual(tried(job), { ...all(forbidden, 'closed'), ...all(needed, 'open') });
  });
});

test('the neighbour was there all the time', () => {
  assert.deepEqual([...new Set(neighbourJob.states)], ['running']);
  assert.match(iptables('-S'), /run through nw policy gitlab-runner-jobs/);
});

type JobOptions = Partial<Parameters<typeof platform.gitlab.queue>[1]>;

async function run(manager: Manager, targets: string[], options: JobOptions = {}, more: string[] = []): Promise<Job> {
  const wait = options.services ? ['until wget -q -O /dev/null http://web:8000/log; do sleep 1; done'] : [];
  const job = platform.gitlab.queue(manager.token, { ...options, script: [TRY, HOLD, ...wait, `try ${targets.join(' ')}`, ...more] });
  const jobPod = await platform.running(manager.namespace, job);
  // Cilium has a pod's rules before it starts
  await inForce(jobPod.status.podIP);
  letGo(cluster, jobPod);
  assert.equal(await platform.finished(job), 'success', log(job));
  return job;
}

function tried(job: Job): { [target: string]: string } {
  return Object.fromEntries([...log(job).matchAll(/^TRY (\S+) (open|closed)$/gm)].map(([, target, state]) => [target, state]));
}

function all(targets: string[], state: string): { [target: string]: string } {
  return Object.fromEntries(targets.map((target) => [target, state]));
}

/** The engine learns a pod's address from the API server. */
async function inForce(place: string): Promise<void> {
  const address = place.split(':')[0];
  await cluster.until(`the engine knows ${address}`, async () => iptables('-S', 'KUBE-ROUTER-FORWARD').includes(`${address}/32`));
}

async function podThatListens(namespace: string): Promise<string> {
  const { api } = cluster;
  await api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await cluster.until('pods can be made', async () => (await api.call('GET', `/api/v1/namespaces/${namespace}/serviceaccounts/default`)).status === 200);
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  await api.call('POST', pods, {
    metadata: { name: 'app' },
    spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'app', image: 'ubuntu:24.04', command: ['httpd', '-f', '-p', '8080', '-h', '/tmp'] }] },
  });
  const address = await cluster.until('the pod runs', async () => (await api.call('GET', `${pods}/app`)).body.status?.podIP);
  await cluster.until('the pod listens', async () => (await fetch(`http://${address}:8080/`)).status > 0);
  return `${address}:8080`;
}
