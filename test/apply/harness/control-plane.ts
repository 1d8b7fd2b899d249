// Etcd, kube-apiserver and kube-controller-manager, all real, on the loopback interface. There are no nodes: this module says that pods are
// ready, except those whose image was named. To start them takes as long as many a test: they last until the run is over, and one test file
// after the other has them for itself.
import { spawn } from 'node:child_process';
import { generateKeyPairSync, randomInt } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubernetesAnswer, KubernetesApi } from '../../programs/kubernetes/api';
import { POD_MONITOR } from '../../programs/kubernetes/pod-monitor';
import { SECRET_PROVIDER_CLASS } from '../../programs/kubernetes/secrets-store';
import { ApiServer } from '../azure/api-server';
import { CertificateAuthority } from '../azure/certificates';
import { sleep } from '../azure/core';

const POOL = join(tmpdir(), 'control-planes');
const TOKEN = 'control-plane-admin';
/** On an address of its own, where nobody else takes a port. */
const [PORT, ETCD_PORT, PEER_PORT] = [6443, 2379, 2380];

export class ControlPlane implements ApiServer {
  readonly token = TOKEN;
  readonly port = PORT;
  host = '';
  certificateAuthority = '';
  /** Images whose pods never become ready. */
  readonly broken = new Set<string>();
  private folder?: string;

  /** Takes one that no other file has, or starts one. */
  async take(): Promise<void> {
    mkdirSync(POOL, { recursive: true });
    this.folder = readdirSync(POOL).map((name) => join(POOL, name)).find((folder) => existsSync(join(folder, 'address.json')) && claim(folder));
    if (!this.folder) {
      this.folder = mkdtempSync(join(POOL, 'kubernetes-'));
      claim(this.folder);
      await start(this.folder);
    }
    Object.assign(this, JSON.parse(readFileSync(join(this.folder, 'address.json'), 'utf8')));
    void this.standInForNodes();
  }

  giveBack(): void {
    if (this.folder) {
      rmdirSync(join(this.folder, 'taken'));
      this.folder = undefined;
    }
  }

  /** Calls the API as its administrator. */
  async call(method: string, path: string, body?: any): Promise<KubernetesAnswer> {
    return new KubernetesApi(this.host, this.port, () => this.certificateAuthority, TOKEN).call(method, path, body);
  }

  /** Removes what releases left behind: Helm never removes a namespace, and a failed test not even its release. */
  async clean(): Promise<void> {
    await this.call('DELETE', '/api/v1/namespaces/default/secrets');
    const own = /^(default|kube-.*)$/;
    for (;;) {
      const { body } = await this.call('GET', '/api/v1/namespaces');
      const left = body.items.filter(({ metadata }: any) => !own.test(metadata.name));
      if (left.length === 0) {return;}
      await Promise.all(left.filter(({ metadata }: any) => !metadata.deletionTimestamp)
        .map(({ metadata }: any) => this.call('DELETE', `/api/v1/namespaces/${metadata.name}`)));
      await sleep(200);
    }
  }

  private async standInForNodes(): Promise<void> {
    for (; this.folder; await sleep(150)) {
      const pods = await this.call('GET', '/api/v1/pods').then(({ body }) => body.items ?? [], () => []);
      await Promise.all(pods.map((pod: any) => this.tend(pod).catch(() => {})));
    }
  }

  private async tend({ metadata, spec, status }: any): Promise<void> {
    const path = `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`;
    if (metadata.deletionTimestamp) {
      await this.call('DELETE', `${path}?gracePeriodSeconds=0`);
    } else if (!spec.nodeName) {
      await this.call('POST', `${path}/binding`, { apiVersion: 'v1', kind: 'Binding', metadata: { name: metadata.name }, target: { apiVersion: 'v1', kind: 'Node', name: 'node' } });
    } else if (status.phase === 'Pending' && !spec.containers.some(({ image }: any) => this.broken.has(image))) {
      const state = { running: { startedAt: new Date().toISOString() } };
      const conditions = ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({ type, status: 'True', lastTransitionTime: new Date().toISOString() }));
      const containerStatuses = spec.containers.map(({ name, image }: any) => ({
        name, image, imageID: image, ready: true, restartCount: 0, started: true, state,
      }));
      const { body } = await this.call('GET', path);
      await this.call('PUT', `${path}/status`, { ...body, status: { ...body.status, phase: 'Running', podIP: '10.244.0.9', conditions, containerStatuses } });
    }
  }
}

/** @returns whether a control plane is now this file's alone */
function claim(folder: string): boolean {
  try {
    mkdirSync(join(folder, 'taken'));
    return true;
  } catch {
    return false;
  }
}

/** Starts a control plane in a folder, which is then said to have it. */
async function start(folder: string): Promise<void> {
  const host = `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`;
  const authority = new CertificateAuthority();
  const { certificate: certificateAuthority } = authority;
  const { cert, key } = authority.issue('kubernetes', 'kubernetes.default.svc', 'localhost', `IP:${host}`, 'IP:10.0.0.1');
  const accounts = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const run = (component: string, ...flags: string[]) => {
    const log = openSync(join(folder, `${component}.log`), 'w');
    spawn(process.env.APPLY_KUBEBOX!, [component, ...flags], { detached: true, stdio: ['ignore', log, log] }).unref();
    closeSync(log);
  };
  const accountsKey = file('accounts.key', accounts.privateKey);
  const caFile = file('ca.pem', certificateAuthority);
  const etcdUrl = `http://${host}:${ETCD_PORT}`;
  const peerUrl = `http://${host}:${PEER_PORT}`;
  run('etcd', '--data-dir', join(folder, 'etcd'), '--unsafe-no-fsync', '--listen-client-urls', etcdUrl, '--advertise-client-urls', etcdUrl,
    '--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl, '--initial-cluster', `default=${peerUrl}`, '--log-level', 'error');
  run('apiserver', '--etcd-servers', etcdUrl, '--secure-port', `${PORT}`, '--bind-address', host, '--advertise-address', host,
    '--endpoint-reconciler-type', 'none', '--service-cluster-ip-range', '10.0.0.0/16', '--authorization-mode', 'RBAC',
    '--token-auth-file', file('tokens.csv', `${TOKEN},admin,admin,system:masters\n`), '--tls-cert-file', file('server.pem', cert),
    '--tls-private-key-file', file('server.key', key), '--service-account-issuer', 'https://kubernetes.default.svc',
    '--service-account-signing-key-file', accountsKey, '--service-account-key-file', accountsKey);
  const kubeconfig = file('kubeconfig', JSON.stringify({
    'apiVersion': 'v1', 'kind': 'Config', 'current-context': 'x',
    'clusters': [{ name: 'x', cluster: { 'server': `https://${host}:${PORT}`, 'certificate-authority': caFile } }],
    'users': [{ name: 'x', user: { token: TOKEN } }],
    'contexts': [{ name: 'x', context: { cluster: 'x', user: 'x' } }],
  }));
  const api = new KubernetesApi(host, PORT, () => certificateAuthority, TOKEN);
  await ready(api);
  run('controller-manager', '--kubeconfig', kubeconfig, '--secure-port', '0', '--leader-elect=false', '--use-service-account-credentials',
    '--service-account-private-key-file', accountsKey, '--root-ca-file', caFile, '--controllers', '*,-node-lifecycle-controller,-pod-garbage-collector-controller');
  await api.call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', SECRET_PROVIDER_CLASS);
  await api.call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', POD_MONITOR);
  await api.call('POST', '/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node' } });
  file('address.json', JSON.stringify({ host, certificateAuthority }));
}

async function ready(api: KubernetesApi): Promise<void> {
  for (const end = Date.now() + 300_000; Date.now() < end; await sleep(100)) {
    const { status } = await api.call('GET', '/readyz').catch(() => ({ status: 0 }));
    if (status === 200) {return;}
  }
  throw new Error('the API server did not become ready within five minutes');
}
