// One real Kubernetes node and its control plane, in the network, mount and process namespaces that this process was started in. It knows nothing of GitLab:
// `start` gives an API server (`api`, `kubeconfig`), a registry of the images and a driver that mounts what is in the folder `vaults`.
import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Registry } from './registry';
import { CertificateAuthority } from '../../apply/azure/certificates';
import { KubernetesApi } from '../../programs/kubernetes/api';
import { POD_MONITOR } from '../../programs/kubernetes/pod-monitor';
import { SECRET_PROVIDER_CLASS } from '../../programs/kubernetes/secrets-store';

/** The node, GitLab and the registry. */
export const NODE_ADDRESS = '10.99.0.1';
/** Pods reach the API server under the address of the Service `kubernetes`, which is the node's own: no kube-proxy is needed. */
const API_ADDRESS = '10.96.0.1';
/** Where pods ask for names: the address of a Service in a cluster, here one of the node's own. */
export const DNS_ADDRESS = '10.96.0.10';
export const NODE = 'node1';
/** The engine of policies lets everything into the range of services, where the API server is here; so it is told another. */
const NO_SERVICES = '192.0.2.0/24';
const REGISTRY_PORT = 5000;
const CONTROLLERS = ['cpu', 'cpuacct', 'cpuset', 'memory', 'devices', 'freezer', 'blkio', 'pids', 'systemd', 'hugetlb', 'net_cls', 'perf_event'];

export interface ClusterPrograms {
  /** The binary of `test/programs/kubernetes/kubebox`. */
  readonly kubebox: string;
  /** The folder of images that `build/images.mjs` makes. */
  readonly images: string;
  /**
   * The binary of `build/policies`.
   * @default - none: network policies are taken, and do nothing
   */
  readonly policies?: string;
  /**
   * What the names of its cgroups begin with.
   * @default 'cluster-tier'
   */
  readonly cgroup?: string;
}

export class Cluster {
  // a short name: a unix socket's path has 107 characters at most
  readonly folder = mkdtempSync(join(tmpdir(), 'node-'));
  readonly authority = new CertificateAuthority();
  /** The administrator's. */
  readonly token = 'cluster-admin';
  readonly api = new KubernetesApi(API_ADDRESS, 443, () => this.authority.certificate, this.token);
  readonly registry: Registry;
  /** A folder for each vault, in it a file for each secret. */
  readonly vaults = join(this.folder, 'vaults');
  readonly audit = join(this.folder, 'audit.log');
  private readonly processes = new Map<string, ChildProcess>();
  private readonly commands = new Map<string, readonly string[]>();

  constructor(private readonly programs: ClusterPrograms) {
    this.registry = new Registry(programs.images);
  }

  /** The administrator's kubeconfig. */
  get kubeconfig(): string {
    return this.kubeconfigOf(this.token);
  }

  /** The API server and what belongs to it alone, where no pod has to run. */
  async startWithoutNode(): Promise<void> {
    takeAddresses();
    await this.startControlPlane();
  }

  async start(): Promise<void> {
    takeAddresses();
    execFileSync('sysctl', ['-qw', 'net.ipv4.ip_forward=1']);
    mkdirSync(this.vaults);
    hideHostFolders(this.folder);
    makeCgroups(this.cgroup);
    await this.registry.start(REGISTRY_PORT);
    this.startContainerd();
    await this.startControlPlane();
    await this.startNode();
    if (this.programs.policies) {await this.startPolicyEngine(this.programs.policies);}
  }

  async stop(): Promise<void> {
    await Promise.all([...this.processes.keys()].map((name) => this.kill(name)));
    await this.registry.stop();
    this.authority.close();
  }

  /** Ends a component: `etcd`, `apiserver`, `controller-manager`, `scheduler`, `kubelet`, `secrets-store`, `policies` or `containerd`. */
  async kill(component: string): Promise<void> {
    const child = this.processes.get(component)!;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) {await ended;}
  }

  /** Starts a component that was ended as it was started before. */
  async startAgain(component: string): Promise<void> {
    this.run(component, ...this.commands.get(component)!);
    await this.until('the API server is ready', async () => (await this.api.call('GET', '/readyz')).status === 200);
  }

  /** Runs a command in a container. */
  runInContainer(id: string, ...command: string[]): void {
    execFileSync('ctr', ['--address', `${this.folder}/containerd.sock`, '--namespace', 'k8s.io', 'tasks', 'exec', '--exec-id', `test-${command.join('')}`.replace(/\W/g, '-'), id, ...command]);
  }

  /** Ends a container's first process as if the machine had. */
  killContainer(id: string): void {
    execFileSync('ctr', ['--address', `${this.folder}/containerd.sock`, '--namespace', 'k8s.io', 'tasks', 'kill', '--signal', 'SIGKILL', id]);
  }

  /** Waits until something holds, and tells what is instead if it never does. */
  async until<T>(what: string | (() => string), look: () => Promise<T | undefined | false>, seconds = 300): Promise<T> {
    let error: unknown;
    for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(150)) {
      const seen = await look().catch((problem) => { error = problem; return undefined; });
      if (seen) {return seen;}
    }
    throw new Error(`not within ${seconds} s: ${typeof what === 'string' ? what : what()}${error ? `; ${error}` : ''}`);
  }

  /** What a user asked the API server for so far, as `group/resource/subresource verb`, and whether it may. */
  auditedCalls(user: string): { right: string; allowed: boolean }[] {
    return readFileSync(this.audit, 'utf8').split('\n').filter((line) => line.endsWith('}')).map((line) => JSON.parse(line))
      .filter((event) => event.user.username === user && event.objectRef)
      .map(({ verb, objectRef, responseStatus }) => ({
        right: `${[objectRef.apiGroup, objectRef.resource, objectRef.subresource].filter(Boolean).join('/')} ${verb}`, allowed: responseStatus?.code !== 403,
      }));
  }

  private startContainerd(): void {
    const root = join(this.folder, 'containerd');
    const hosts = join(root, 'hosts/_default');
    mkdirSync(hosts, { recursive: true });
    const registry = `http://${NODE_ADDRESS}:${REGISTRY_PORT}`;
    // as `server` too: otherwise what it does not have is asked for in the world
    writeFileSync(join(hosts, 'hosts.toml'), `server = "${registry}"\n[host."${registry}"]\n  capabilities = ["pull", "resolve"]\n`);
    const network = this.file('cni/10-bridge.conflist', JSON.stringify({
      cniVersion: '0.4.0', name: 'cluster-tier',
      plugins: [
        { type: 'bridge', bridge: 'cni0', isGateway: true, ipMasq: false, ipam: { type: 'host-local', ranges: [[{ subnet: '10.244.0.0/24' }]], routes: [{ dst: '0.0.0.0/0' }] } },
        { type: 'loopback' },
      ],
    }));
    const config = this.file('containerd.toml', `version = 2
root = "${root}/root"
state = "${root}/state"
[grpc]
  address = "${this.folder}/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "registry.k8s.io/pause:1"
  disable_apparmor = true
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "${root}/hosts"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${join(network, '..')}"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = false
`);
    this.run('containerd', 'containerd', '--config', config);
  }

  private async startControlPlane(): Promise<void> {
    const { cert, key } = this.authority.issue('kubernetes', 'kubernetes.default.svc', NODE, `IP:${API_ADDRESS}`, `IP:${NODE_ADDRESS}`);
    const certFile = this.file('server.pem', cert);
    const keyFile = this.file('server.key', key);
    const tokens = [
      `${this.token},admin,admin,system:masters`, 'manager-token,system:kube-controller-manager,1', 'scheduler-token,system:kube-scheduler,2',
      `node-token,system:node:${NODE},3,system:nodes`, 'driver-token,driver,4,system:masters',
    ].map((line) => `${line}\n`).join('');
    const accountsKey = this.file('accounts.key', '');
    execFileSync('openssl', ['ecparam', '-genkey', '-name', 'prime256v1', '-noout', '-out', accountsKey]);
    const policy = this.file('audit.yaml', JSON.stringify({
      apiVersion: 'audit.k8s.io/v1', kind: 'Policy', omitStages: ['RequestReceived'],
      rules: [{ level: 'Metadata', userGroups: ['system:serviceaccounts'], namespaces: [] }, { level: 'None' }],
    }));
    const etcd = 'http://127.0.0.1:2379';
    this.kubebox('etcd', '--data-dir', join(this.folder, 'etcd'), '--unsafe-no-fsync', '--log-level', 'error', '--listen-client-urls', etcd,
      '--advertise-client-urls', etcd, '--listen-peer-urls', 'http://127.0.0.1:2380');
    this.kubebox('apiserver', '--etcd-servers', etcd, '--secure-port', '443', '--bind-address', API_ADDRESS, '--advertise-address', API_ADDRESS,
      '--endpoint-reconciler-type', 'none', '--service-cluster-ip-range', '10.96.0.0/16', '--authorization-mode', 'Node,RBAC',
      '--enable-admission-plugins', 'NodeRestriction', '--allow-privileged', '--kubelet-preferred-address-types', 'InternalIP', '--token-auth-file', this.file('tokens.csv', tokens),
      '--kubelet-client-certificate', certFile, '--kubelet-client-key', keyFile, '--tls-cert-file', certFile, '--tls-private-key-file', keyFile,
      '--client-ca-file', this.authority.certificateFile, '--service-account-issuer', 'https://kubernetes.default.svc',
      '--service-account-signing-key-file', accountsKey, '--service-account-key-file', accountsKey, '--audit-policy-file', policy, '--audit-log-path', this.audit);
    await this.until('the API server is ready', async () => (await this.api.call('GET', '/readyz')).status === 200);
    // what the API server shows kubelet is its own certificate, whose name is made for servers
    await this.api.call('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      metadata: { name: 'api-server-to-kubelet' }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:kubelet-api-admin' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'stand-in' }],
    });
    this.kubebox('controller-manager', '--kubeconfig', this.kubeconfigOf('manager-token'), '--secure-port', '0', '--leader-elect=false',
      '--use-service-account-credentials', '--service-account-private-key-file', accountsKey, '--root-ca-file', this.authority.certificateFile);
    this.kubebox('scheduler', '--kubeconfig', this.kubeconfigOf('scheduler-token'), '--secure-port', '0', '--leader-elect=false');
  }

  private async startNode(): Promise<void> {
    await this.addSecretsStore();
    const root = join(this.folder, 'kubelet');
    const config = this.file('kubelet.yaml', JSON.stringify({
      apiVersion: 'kubelet.config.k8s.io/v1beta1', kind: 'KubeletConfiguration', address: NODE_ADDRESS, cgroupDriver: 'cgroupfs', cgroupRoot: `/${this.cgroup}`,
      failCgroupV1: false, failSwapOn: false, podLogsDir: join(this.folder, 'pod-logs'), clusterDNS: [DNS_ADDRESS], volumePluginDir: join(root, 'volume-plugins'),
      containerRuntimeEndpoint: `unix://${this.folder}/containerd.sock`, evictionHard: { 'memory.available': '50Mi' }, registerNode: true,
      authentication: { x509: { clientCAFile: this.authority.certificateFile }, webhook: { enabled: true } }, authorization: { mode: 'Webhook' },
      serverTLSBootstrap: false, healthzPort: 0, imageGCHighThresholdPercent: 100, serializeImagePulls: false,
    }));
    await this.until('containerd answers', async () => execFileSync('ctr', ['--address', `${this.folder}/containerd.sock`, 'version'], { stdio: 'ignore' }) === null || true);
    this.kubebox('kubelet', '--config', config, '--kubeconfig', this.kubeconfigOf('node-token'), '--root-dir', root, '--cert-dir', join(root, 'pki'),
      '--hostname-override', NODE, '--node-ip', NODE_ADDRESS);
    this.kubebox('secrets-store', '--kubeconfig', this.kubeconfigOf('driver-token'), '--kubelet-root', root, '--node-name', NODE, '--vaults', this.vaults);
    await this.until('the node is ready', async () => {
      const { body } = await this.api.call('GET', `/api/v1/nodes/${NODE}`);
      return body.status?.conditions?.some(({ type, status }: any) => type === 'Ready' && status === 'True');
    });
    await this.until('the driver is registered', async () => (await this.api.call('GET', `/apis/storage.k8s.io/v1/csinodes/${NODE}`)).body.spec?.drivers?.length > 0);
  }

  private async startPolicyEngine(program: string): Promise<void> {
    // it refuses by ICMP, of which the kernel sends one a second: other connections would wait instead of being refused
    execFileSync('sysctl', ['-qw', 'net.ipv4.icmp_ratelimit=0']);
    this.run('policies', program, this.kubeconfig, NODE, NO_SERVICES);
    await this.until('the policies hold', async () => iptables('-S', 'KUBE-ROUTER-FORWARD') !== '');
  }

  /** What AKS brings along with its Key Vault add-on. */
  private async addSecretsStore(): Promise<void> {
    await this.api.call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', SECRET_PROVIDER_CLASS);
    await this.api.call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', POD_MONITOR);
    await this.api.call('POST', '/apis/storage.k8s.io/v1/csidrivers', {
      metadata: { name: 'secrets-store.csi.k8s.io' },
      spec: { podInfoOnMount: true, attachRequired: false, volumeLifecycleModes: ['Ephemeral'], tokenRequests: [{ audience: 'api://AzureADTokenExchange' }] },
    });
  }

  /** What it counts against. */
  get cgroup(): string {
    return `${this.programs.cgroup ?? 'cluster-tier'}-${basename(this.folder)}`;
  }

  private kubeconfigOf(token: string): string {
    return this.file(`${token}.kubeconfig`, JSON.stringify({
      'apiVersion': 'v1', 'kind': 'Config', 'current-context': 'x',
      'clusters': [{ name: 'x', cluster: { 'server': `https://${API_ADDRESS}`, 'certificate-authority': this.authority.certificateFile } }],
      'users': [{ name: 'x', user: { token } }],
      'contexts': [{ name: 'x', context: { cluster: 'x', user: 'x' } }],
    }));
  }

  private kubebox(component: string, ...flags: string[]): void {
    this.run(component, this.programs.kubebox, component, ...flags);
  }

  private run(name: string, ...command: string[]): void {
    const [program, ...args] = command;
    this.commands.set(name, command);
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: this.folder });
    const log = createWriteStream(join(this.folder, `${name}.log`), { flags: 'a' });
    child.stdout!.pipe(log, { end: false });
    child.stderr!.pipe(log, { end: false });
    this.processes.set(name, child);
  }

  private file(name: string, text: string): string {
    const path = join(this.folder, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  }
}

/** What the node's firewall says. */
export function iptables(...args: string[]): string {
  return execFileSync('iptables', ['--wait', ...args], { encoding: 'utf8', stdio: 'pipe' });
}

function takeAddresses(): void {
  execFileSync('ip', ['link', 'set', 'lo', 'up']);
  [NODE_ADDRESS, API_ADDRESS, DNS_ADDRESS].forEach((address) => execFileSync('ip', ['address', 'add', `${address}/32`, 'dev', 'lo']));
}

/** Folders that programs write outside of their own: in this mount namespace they are ours. */
function hideHostFolders(folder: string): void {
  for (const path of ['/run/netns', '/run/containerd', '/var/lib/cni', '/var/lib/kubelet', '/var/log/containers', '/var/log/pods']) {
    mkdirSync(path, { recursive: true });
    const own = join(folder, 'host', path);
    mkdirSync(own, { recursive: true });
    execFileSync('mount', ['--bind', own, path]);
    if (path === '/run/netns') {execFileSync('mount', ['--make-shared', path]);}
  }
}

function makeCgroups(name: string): void {
  for (const controller of CONTROLLERS) {
    try {
      mkdirSync(`/sys/fs/cgroup/${controller}/${name}`, { recursive: true });
    } catch {
      // a controller that this kernel lacks
    }
  }
}
