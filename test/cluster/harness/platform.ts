// A cluster, GitLab, and runner managers as `KubernetesGitLabRunner` writes them.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import { parseAllDocuments } from 'yaml';
import { Cluster, NODE_ADDRESS } from './cluster';
import { uuidOf } from '../../apply/azure/login';
import { GitLab, Job, log } from '../gitlab/gitlab';
import {
  AksCluster, JoinedRunnerOptions, KeyVaultSecret, KubernetesGitLabRunner, RegistryCache, RunnerManagerOptions, RunnerOptions, RunnerToken,
  GitLab as ExistingGitLab,
} from 'cdktf-azure-gitlab';

const VAULT = 'runner-vault';
export const VAULT_ID = `/subscriptions/s/resourceGroups/vaults/providers/Microsoft.KeyVault/vaults/${VAULT}`;
/** A small node has room for a few such jobs, and their pods end at once. */
const SMALL: RunnerOptions = {
  buildResources: { cpuRequest: '50m', memoryRequest: '32Mi' },
  helperResources: { cpuRequest: '20m', memoryRequest: '32Mi' },
  serviceResources: { cpuRequest: '20m', memoryRequest: '32Mi' },
  podTerminationGracePeriodSeconds: 1,
  cleanupGracePeriodSeconds: 1,
};
/** Of managers' pods; jobs' have it not. */
export const MANAGER_LABEL = 'app.kubernetes.io/name=gitlab-runner';

export type ManagerOptions = RunnerManagerOptions & Omit<JoinedRunnerOptions, 'token'> & {
  /** Further runners of the manager, by their ids. */
  readonly more?: { readonly [id: string]: Omit<JoinedRunnerOptions, 'token'> };
  /** Makes the cache that images come from. */
  readonly registryCache?: (stack: TerraformStack) => RegistryCache;
};

export interface Manager {
  readonly namespace: string;
  readonly token: string;
  /** The tokens of further runners. */
  readonly tokens: { readonly [id: string]: string };
  readonly objects: any[];
  /** What Terraform would make, by type and name. */
  readonly resources: any;
}

export class Platform {
  readonly cluster: Cluster;
  readonly gitlab: GitLab;

  /** @param options `policies`: whether network policies hold. */
  constructor(options: { readonly policies?: boolean } = {}) {
    this.cluster = new Cluster({
      kubebox: process.env.CLUSTER_KUBEBOX!,
      images: process.env.CLUSTER_IMAGES!,
      policies: options.policies ? process.env.CLUSTER_POLICIES : undefined,
      cgroup: process.env.CLUSTER_NAME,
    });
    this.gitlab = new GitLab(this.cluster.authority.issue('gitlab.example.com', `IP:${NODE_ADDRESS}`), NODE_ADDRESS, 8443);
  }

  async start(): Promise<void> {
    await this.cluster.start();
    await this.gitlab.start();
  }

  async stop(): Promise<void> {
    await this.gitlab.stop();
    await this.cluster.stop();
  }

  /** Installs a manager, or changes it, and waits until it is rolled out. */
  async install(name: string, options: ManagerOptions = {}): Promise<Manager> {
    const manager = this.manager(name, options);
    for (const object of manager.objects) {await this.cluster.api.apply(object);}
    await this.rolledOut(name);
    return manager;
  }

  async rolledOut(name: string): Promise<void> {
    await this.cluster.until(`the manager ${name} is rolled out`, async () => {
      const { body } = await this.cluster.api.call('GET', `/apis/apps/v1/namespaces/${name}/deployments/gitlab-runner`);
      const { status, metadata, spec: { replicas } } = body;
      const { observedGeneration, readyReplicas, updatedReplicas, replicas: all } = status ?? {};
      return observedGeneration === metadata.generation && readyReplicas >= replicas && updatedReplicas === replicas && all === replicas;
    });
  }

  /** Writes a manager's objects, and its tokens into the vault. */
  manager(name: string, { more = {}, registryCache, ...options }: ManagerOptions = {}): Manager {
    const tokens = Object.fromEntries(Object.keys(more).map((id) => [id, `glrt-${name}-${id}`]));
    const token = `glrt-${name}`;
    const vault = join(this.cluster.vaults, VAULT);
    mkdirSync(vault, { recursive: true });
    writeFileSync(join(vault, 'ca'), this.cluster.authority.certificate);
    [token, ...Object.values(tokens)].forEach((text) => this.writeToken(text.replace(/^glrt-/, ''), text));
    const source = (secret: string) => RunnerToken.keyVaultSecret(KeyVaultSecret.of(VAULT_ID, `${secret}-token`), {
      roleAssignmentEnabled: false, caSecretName: options.caCertificateSecret ? undefined : 'ca',
    });
    const program = written((stack) => {
      const runner = new KubernetesGitLabRunner(stack, 'Runner', {
        ...SMALL,
        gitlab: ExistingGitLab.fromAttributes(stack, 'GitLab', { gitlabUrl: this.gitlab.url }),
        cluster: AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'cluster', resourceGroupName: 'cluster-rg' }),
        token: source(name),
        namespace: name,
        checkIntervalSeconds: 1,
        managerResources: { cpuRequest: '20m', memoryRequest: '64Mi' },
        registryCache: registryCache?.(stack),
        ...options,
        kubernetesSettings: { poll_interval: 1, ...options.kubernetesSettings },
      });
      Object.entries(more).forEach(([id, other]) => runner.addRunner(id, {
        ...SMALL, token: source(`${name}-${id}`), ...other, kubernetesSettings: { poll_interval: 1, ...other.kubernetesSettings },
      }));
    });
    return { namespace: name, token, tokens, ...program };
  }

  /** Puts a secret into the vault, in one step: the driver looks each second. */
  writeSecret(name: string, text: string): void {
    const file = join(this.cluster.vaults, VAULT, name);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  }

  /** Puts a runner's token into the vault and makes it known to GitLab. */
  writeToken(name: string, token: string): void {
    this.writeSecret(`${name}-token`, token);
    this.gitlab.addRunner(token);
  }

  /** The state in which a job ended. */
  async finished(job: Job, seconds?: number): Promise<string> {
    return this.cluster.until(() => `job ${job.id} is finished (states: ${job.states}; trace: ${job.trace.slice(-1500)})`,
      async () => job.states.find((state) => state !== 'running'), seconds);
  }

  async jobPods(namespace: string): Promise<any[]> {
    return this.list(namespace, 'pods', MANAGER_LABEL.replace('=', '!='));
  }

  /** A job's pod in the namespace of its manager, if there is one now. */
  async podOf(namespace: string, job: Job): Promise<any> {
    return (await this.list(namespace, 'pods')).find(({ metadata }) => metadata.annotations?.['job.runner.gitlab.com/id'] === String(job.id));
  }

  /** A job's pod, once it runs. */
  async running(namespace: string, job: Job): Promise<any> {
    return this.cluster.until(() => `job ${job.id} runs (${log(job).slice(-600)})`, async () => {
      const pod = await this.podOf(namespace, job);
      return pod?.status.phase === 'Running' && pod;
    });
  }

  /** Lets no pod into a namespace beside its manager's. @returns what makes room again */
  async fill(namespace: string): Promise<() => Promise<void>> {
    const path = `/api/v1/namespaces/${namespace}/resourcequotas/full`;
    const { api } = this.cluster;
    await api.apply({ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'full', namespace }, spec: { hard: { pods: '1' } } });
    // who admits pods learns of a quota, of what it counts, and of its end a moment later
    const admits = (what: string, expected: RegExp) => this.cluster.until(what, async () => {
      const { status, body } = await api.call('POST', `/api/v1/namespaces/${namespace}/pods?dryRun=All`, {
        metadata: { generateName: 'try-' }, spec: { automountServiceAccountToken: false, containers: [{ name: 'main', image: 'ubuntu:24.04' }] },
      });
      return expected.test(`${status} ${body.message}`);
    });
    await admits('no pod has room', /^403 .*exceeded quota: full/);
    return async () => {
      await api.call('DELETE', path);
      await admits('a pod has room', /^201 /);
    };
  }

  async managerPods(namespace: string): Promise<any[]> {
    return this.list(namespace, 'pods', MANAGER_LABEL);
  }

  /** Waits until a job left nothing: no pod, no Secret of its own, no Service. */
  async nothingLeft(namespace: string): Promise<void> {
    let left: string[] = [];
    await this.cluster.until(() => `nothing is left of jobs, but ${left.join(', ')}`, async () => {
      const [pods, secrets, services] = await Promise.all([this.jobPods(namespace), this.list(namespace, 'secrets'), this.list(namespace, 'services')]);
      left = [...pods, ...secrets, ...services].map(({ metadata }) => metadata.name);
      return left.length === 0;
    });
  }

  async list(namespace: string, resource: string, labels = ''): Promise<any[]> {
    const { body } = await this.cluster.api.call('GET', `/api/v1/namespaces/${namespace}/${resource}?labelSelector=${encodeURIComponent(labels)}`);
    return body.items;
  }

  /** What the manager's pods that are there have logged. */
  async log({ namespace }: Manager, more = ''): Promise<string> {
    const texts = await Promise.all((await this.managerPods(namespace)).map(async ({ metadata }: any) =>
      (await this.cluster.api.call('GET', `/api/v1/namespaces/${namespace}/pods/${metadata.name}/log?container=gitlab-runner${more}`)).body));
    return texts.join('\n');
  }
}

/** The YAML that a program leaves for people, and its Terraform resources, with the values that only an apply knows. */
export function written(build: (stack: TerraformStack) => void): Pick<Manager, 'objects' | 'resources'> {
  const outdir = mkdtempSync(join(tmpdir(), 'program-'));
  try {
    const app = new App({ outdir });
    build(new TerraformStack(app, 'stack'));
    app.synth();
    const stack = join(outdir, 'stacks/stack');
    return { objects: manifests(stack), resources: JSON.parse(applied(readFileSync(join(stack, 'cdk.tf.json'), 'utf8'))).resource };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The objects that a stack's folder holds for people to read. */
export function manifests(stack: string): any[] {
  const folder = join(stack, 'manifests');
  return readdirSync(folder).flatMap((file) => parseAllDocuments(applied(readFileSync(join(folder, file), 'utf8'))).map((document) => document.toJS()));
}

/** What Azure would have said at the apply: a UUID for each value. */
function applied(text: string): string {
  return text.replace(/\$\{(?:[a-z]+\()*((?:azurerm_\w+|data\.\w+)\.[\w.]+)[^}]*\}/g, (_, reference) => uuidOf(reference));
}
