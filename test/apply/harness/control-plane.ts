// Etcd, kube-apiserver and kube-controller-manager, all real, on the loopback interface. There are no nodes: this module says that pods are
// ready, except those whose image was named.
import { ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubernetesAnswer, KubernetesApi } from '../../programs/kubernetes/api';
import { SECRET_PROVIDER_CLASS } from '../../programs/kubernetes/secrets-store';
import { ApiServer } from '../azure/azure';
import { CertificateAuthority } from '../azure/certificates';
import { sleep } from '../azure/core';

export class ControlPlane implements ApiServer {
  readonly token = 'control-plane-admin';
  port = 0;
  /** Images whose pods never become ready. */
  readonly broken = new Set<string>();
  private readonly folder = mkdtempSync(join(tmpdir(), 'kubernetes-'));
  private readonly processes: ChildProcess[] = [];
  private stopped = false;

  constructor(private readonly authority: CertificateAuthority) {}

  get certificateAuthority(): string {
    return this.authority.certificate;
  }

  async start(): Promise<void> {
    const [etcd, peer, port] = await Promise.all([freePort(), freePort(), freePort()]);
    this.port = port;
    const file = (name: string, text: string) => {
      writeFileSync(join(this.folder, name), text);
      return join(this.folder, name);
    };
    const { cert, key } = this.authority.issue('kubernetes', 'kubernetes.default.svc', 'localhost', 'IP:127.0.0.1', 'IP:10.0.0.1');
    const accounts = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
    const accountsKey = file('accounts.key', accounts.privateKey);
    const certFile = file('server.pem', cert);
    const keyFile = file('server.key', key);
    const caFile = file('ca.pem', this.certificateAuthority);
    const etcdUrl = `http://127.0.0.1:${etcd}`;
    const peerUrl = `http://127.0.0.1:${peer}`;
    this.run('etcd', '--data-dir', join(this.folder, 'etcd'), '--unsafe-no-fsync', '--listen-client-urls', etcdUrl, '--advertise-client-urls', etcdUrl,
      '--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl, '--initial-cluster', `default=${peerUrl}`, '--log-level', 'error');
    this.run('apiserver', '--etcd-servers', etcdUrl, '--secure-port', `${port}`, '--bind-address', '127.0.0.1', '--advertise-address', '127.0.0.1',
      '--endpoint-reconciler-type', 'none', '--service-cluster-ip-range', '10.0.0.0/16', '--authorization-mode', 'RBAC',
      '--token-auth-file', file('tokens.csv', `${this.token},admin,admin,system:masters\n`), '--tls-cert-file', certFile, '--tls-private-key-file', keyFile,
      '--service-account-issuer', 'https://kubernetes.default.svc', '--service-account-signing-key-file', accountsKey, '--service-account-key-file', accountsKey);
    const kubeconfig = file('kubeconfig', JSON.stringify({
      'apiVersion': 'v1', 'kind': 'Config', 'current-context': 'x',
      'clusters': [{ name: 'x', cluster: { 'server': `https://127.0.0.1:${port}`, 'certificate-authority': caFile } }],
      'users': [{ name: 'x', user: { token: this.token } }],
      'contexts': [{ name: 'x', context: { cluster: 'x', user: 'x' } }],
    }));
    await this.ready();
    this.run('controller-manager', '--kubeconfig', kubeconfig, '--secure-port', '0', '--leader-elect=false', '--use-service-account-credentials',
      '--service-account-private-key-file', accountsKey, '--root-ca-file', caFile, '--controllers', '*,-node-lifecycle-controller,-pod-garbage-collector-controller');
    await this.call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', SECRET_PROVIDER_CLASS);
    void this.standInForNodes();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.processes.map((child) => new Promise((resolve) => {
      child.on('exit', resolve);
      if (!child.kill('SIGKILL')) {resolve(undefined);}
    })));
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Calls the API as its administrator. */
  async call(method: string, path: string, body?: any): Promise<KubernetesAnswer> {
    return new KubernetesApi('127.0.0.1', this.port, () => this.certificateAuthority, this.token).call(method, path, body);
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

  private run(component: string, ...flags: string[]): void {
    const child = spawn(process.env.APPLY_KUBEBOX!, [component, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
    const log = createWriteStream(join(this.folder, `${component}.log`));
    child.stdout!.pipe(log);
    child.stderr!.pipe(log);
    this.processes.push(child);
  }

  private async ready(): Promise<void> {
    for (const end = Date.now() + 60_000; Date.now() < end; await sleep(100)) {
      const { status } = await this.call('GET', '/readyz').catch(() => ({ status: 0 }));
      if (status === 200) {return;}
    }
    throw new Error('the API server did not become ready within a minute');
  }

  private async standInForNodes(): Promise<void> {
    await this.call('POST', '/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node' } });
    for (; !this.stopped; await sleep(150)) {
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

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
