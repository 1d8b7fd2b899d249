// The cluster, GitLab and runner managers as `KubernetesGitLabRunner` writes them.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import { parseAllDocuments } from 'yaml';
import { Cluster, NODE_ADDRESS } from './cluster';
import { AksCluster, JoinedRunnerOptions, KubernetesGitLabRunner, RunnerManagerOptions, RunnerToken, SelfHostedGitLab } from '../../../src';
import { GitLab, Job } from '../gitlab/gitlab';

const VAULT = 'runner-vault';
/** What Azure would have said at the apply. */
const APPLIED = '00000000-0000-0000-0000-000000000001';

export interface Manager {
  readonly namespace: string;
  readonly token: string;
  readonly objects: any[];
}

export class Platform {
  readonly cluster = new Cluster();
  gitlab!: GitLab;

  async start(): Promise<void> {
    await this.cluster.start();
    this.gitlab = new GitLab(this.cluster.authority.issue('gitlab.example.com', `IP:${NODE_ADDRESS}`), NODE_ADDRESS, 8443);
    await this.gitlab.start();
  }

  async stop(): Promise<void> {
    await this.gitlab.stop();
    await this.cluster.stop();
  }

  /** Installs a manager and waits until it is rolled out. */
  async install(name: string, options: RunnerManagerOptions & Omit<JoinedRunnerOptions, 'token'> = {}): Promise<Manager> {
    const token = `glrt-${name}`;
    this.gitlab.addRunner(token);
    const vault = join(this.cluster.vaults, VAULT);
    mkdirSync(vault, { recursive: true });
    writeFileSync(join(vault, `${name}-token`), token);
    writeFileSync(join(vault, 'ca'), this.cluster.authority.certificate);
    const objects = written((stack) => new KubernetesGitLabRunner(stack, 'Runner', {
      gitlab: SelfHostedGitLab.fromGitlabAttributes(stack, 'GitLab', { gitlabUrl: this.gitlab.url }),
      cluster: AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'cluster', resourceGroupName: 'cluster-rg' }),
      token: RunnerToken.keyVaultSecret({ keyVaultName: VAULT, secretName: `${name}-token`, caSecretName: 'ca' }),
      namespace: name,
      checkIntervalSeconds: 1,
      ...options,
    }));
    for (const object of objects) {await this.apply(object);}
    await this.cluster.until(`the manager ${name} is rolled out`, async () => {
      const { body } = await this.cluster.call('GET', `/apis/apps/v1/namespaces/${name}/deployments/gitlab-runner`);
      return body.status?.readyReplicas === 1 && body.status.updatedReplicas === 1 && body.status.replicas === 1;
    });
    return { namespace: name, token, objects };
  }

  /** Server-side apply; unknown fields are refused. */
  async apply(object: any, query = ''): Promise<void> {
    const { status, body } = await this.cluster.call('PATCH', `${pathOf(object)}?fieldManager=helm&fieldValidation=Strict&force=true${query}`, object,
      { 'content-type': 'application/apply-patch+yaml' });
    if (status >= 300) {throw new Error(`${object.kind} ${object.metadata.name}: ${status} ${JSON.stringify(body.message ?? body)}`);}
  }

  async finished(job: Job, seconds = 120): Promise<string> {
    return this.cluster.until(`job ${job.id} is finished (states: ${job.states}; trace: ${job.trace.slice(-1500)})`,
      async () => job.states.find((state) => state !== 'running'), seconds);
  }

  async jobPods(namespace: string): Promise<any[]> {
    const { body } = await this.cluster.call('GET', `/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent('app.kubernetes.io/name!=gitlab-runner')}`);
    return body.items;
  }

  async log(manager: Manager): Promise<string> {
    const { body } = await this.cluster.call('GET', `/api/v1/namespaces/${manager.namespace}/pods?labelSelector=app.kubernetes.io/name=gitlab-runner`);
    const texts = await Promise.all(body.items.map(async ({ metadata }: any) =>
      (await this.cluster.call('GET', `/api/v1/namespaces/${manager.namespace}/pods/${metadata.name}/log?container=gitlab-runner`)).body));
    return texts.join('\n');
  }
}

/** The YAML that a program leaves for people, with the values that only an apply knows. */
export function written(build: (stack: TerraformStack) => void): any[] {
  const outdir = mkdtempSync(join(tmpdir(), 'cluster-program-'));
  try {
    const app = new App({ outdir });
    build(new TerraformStack(app, 'stack'));
    app.synth();
    return manifests(outdir);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function manifests(outdir: string): any[] {
  const folder = join(outdir, 'stacks/stack/manifests');
  return readdirSync(folder).flatMap((file) => parseAllDocuments(readFileSync(join(folder, file), 'utf8')
    .replace(/\$\{(?:azurerm_\w+|data\.\w+)\.[^}]*\}/g, APPLIED)).map((document) => document.toJS()));
}

const CLUSTER_KINDS = ['Namespace', 'ClusterRole', 'ClusterRoleBinding', 'PriorityClass'];

function pathOf({ apiVersion, kind, metadata }: any): string {
  const plural = kind === 'NetworkPolicy' ? 'networkpolicies' : `${kind.toLowerCase()}${kind.endsWith('s') ? 'es' : 's'}`;
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const namespace = CLUSTER_KINDS.includes(kind) ? '' : `/namespaces/${metadata.namespace ?? 'default'}`;
  return `${root}${namespace}/${plural}/${metadata.name}`;
}
