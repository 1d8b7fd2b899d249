import { Access, AccessRequest } from './access';
import { VerifyFolder } from './folder';
import { GitLabApi } from './gitlab-api';
import { Refuted } from './outcome';
import { Outside } from './outside';
import { NotYet, Patience } from './patience';
import { NAMESPACE, Outputs } from './program';
import { Redaction } from './redaction';
import { Terraform } from './terraform';
import type { Tell } from '../command/command';
import { Kubernetes } from '../doctor/kubernetes';
import { Az } from '../preflight/az';

/** Of the runner's manager. */
const MANAGERS = `/api/v1/namespaces/${NAMESPACE}/pods?labelSelector=${encodeURIComponent('app.kubernetes.io/name=gitlab-runner')}`;

/** Tokens of Entra ID last for an hour at least. */
const TOKEN_MS = 20 * 60_000;

/** What the checks work with: the folder, the programs, and, once it is applied, what runs in Azure. */
export class Platform {
  readonly outside = new Outside();
  private made?: Outputs;
  private api?: GitLabApi;
  private project?: Promise<number>;
  private inside?: Promise<Kubernetes>;
  private insideSince = 0;

  constructor(
    readonly folder: VerifyFolder, readonly az: Az, readonly terraform: Terraform, readonly patience: Patience, readonly redaction: Redaction,
    readonly tell: Tell, readonly tenantId: string,
  ) {}

  get subscriptionId(): string {
    return this.folder.notes.subscriptionId;
  }

  /** What the program tells of itself, from the apply on. */
  async outputs(): Promise<Outputs> {
    if (this.made === undefined) {
      const made: Outputs = await this.terraform.outputs(this.folder.stack);
      this.redaction.add(new URL(made.url).hostname, '<host>');
      Object.entries(made).filter(([name]) => name !== 'url').forEach(([, value]) => this.redaction.add(value, '<name>'));
      this.made = made;
    }
    return this.made;
  }

  /** Runs a script on the server, as root. @returns what it prints, at most the last 4 kB */
  async onServer(script: string): Promise<string> {
    const { server_group: group, machine } = await this.outputs();
    return this.az.onMachine(this.subscriptionId, group, machine, script);
  }

  /** GitLab's API from outside, with a token that the server makes. */
  async gitlab(): Promise<GitLabApi> {
    if (this.api === undefined) {
      const { url } = await this.outputs();
      const { authority, token } = await this.requestAccess();
      this.api = new GitLabApi(url, authority, token);
    }
    return this.api;
  }

  private async requestAccess(): Promise<Access> {
    const request = new AccessRequest();
    const access = request.read(await this.onServer(request.script));
    this.redaction.add(access.token, '<token>');
    return access;
  }

  /** The project whose jobs are run. */
  async projectId(): Promise<number> {
    const gitlab = await this.gitlab();
    return this.project ??= gitlab.createProject(this.folder.notes.name);
  }

  async kubernetes(): Promise<Kubernetes> {
    const { cluster_group: group, cluster } = await this.outputs();
    if (this.inside === undefined || Date.now() - this.insideSince > TOKEN_MS) {
      this.inside = Kubernetes.of(this.az, this.subscriptionId, group, cluster, this.tenantId);
      this.insideSince = Date.now();
    }
    return this.inside;
  }

  async managers(): Promise<any[]> {
    return (await this.kubernetes()).list(MANAGERS);
  }

  /** Waits until a manager is ready that fits. */
  async managerReady(what: string, fits: (pod: any) => boolean): Promise<any> {
    return this.patience.until(what, 15, async () => {
      const pods = (await this.managers()).filter(fits);
      const ready = pods.find(isReady);
      if (!ready && pods.length > 0) {
        throw new NotYet(`it is ${pods[0].status.phase}`);
      }
      return ready;
    });
  }

  /** The pods of jobs. */
  async jobPods(): Promise<any[]> {
    return (await (await this.kubernetes()).list(`/api/v1/namespaces/${NAMESPACE}/pods`)).filter(({ metadata }) => metadata.name.startsWith('runner-'));
  }
}

/** Whether all containers of a pod are ready, and nobody has deleted it. */
function isReady({ metadata, status }: any): boolean {
  return metadata.deletionTimestamp === undefined && (status.conditions ?? []).some(({ type, status: is }: any) => type === 'Ready' && is === 'True');
}

/** Fails unless something holds. */
export function demand(holds: boolean, otherwise: string): void {
  if (!holds) {
    throw new Refuted(otherwise);
  }
}
