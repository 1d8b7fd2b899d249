import { ChildProcess, spawn } from 'node:child_process';
import { request } from 'node:https';
import { createInterface } from 'node:readline';
import { ApiServer } from '../../apply/azure/api-server';
import { until } from '../../firstboot/harness/lane';
import { KubernetesApi } from '../../programs/kubernetes/api';

interface Place {
  readonly token: string;
  readonly certificateAuthority: string;
  readonly vaults: string;
  readonly folder: string;
}

/** The node of the cluster tier as a process beside this one, and its API server as what the names of Azure's clusters lead to. */
export class Kubernetes implements ApiServer {
  readonly host = '10.96.0.1';
  readonly port = 443;
  private process?: ChildProcess;
  private place?: Place;
  private labels = '{}';

  async start(): Promise<void> {
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc',
      process.execPath, '--enable-source-maps', process.env.WHOLE_NODE!], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.process = child;
    for await (const line of createInterface({ input: child.stdout })) {
      this.place = JSON.parse(line);
      return;
    }
    throw new Error('the Kubernetes node ended before it was ready');
  }

  async stop(): Promise<void> {
    const child = this.process;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGKILL');
      await ended;
    }
  }

  /** The API as its administrator calls it. */
  get api(): KubernetesApi {
    return new KubernetesApi(this.host, this.port, () => this.certificateAuthority, this.token);
  }

  get token(): string {
    return this.place!.token;
  }

  get certificateAuthority(): string {
    return this.place!.certificateAuthority;
  }

  /** The folder of a Key Vault, from which the stand-in of the Secrets Store driver mounts files. */
  get vaults(): string {
    return this.place!.vaults;
  }

  get folder(): string {
    return this.place!.folder;
  }

  /** The one node is a node of every pool: it bears the labels of all, and no taints. */
  async label(labels: { [name: string]: string }): Promise<void> {
    const wanted = JSON.stringify(labels);
    if (this.labels !== wanted) {
      const { body } = await this.api.call('GET', '/api/v1/nodes');
      await this.api.call('PATCH', `/api/v1/nodes/${body.items[0].metadata.name}`, { metadata: { labels } }, { 'content-type': 'application/merge-patch+json' });
      this.labels = wanted;
    }
  }

  /** The cluster is lost, and what takes its place is empty: pods go without being asked, and so does all that somebody put there. */
  async lose(): Promise<void> {
    const namespaces = async (): Promise<string[] | undefined> => {
      const { status, body } = await this.api.call('GET', '/api/v1/namespaces');
      return status === 200 ? body.items.map(({ metadata }: any) => metadata.name).filter((name: string) => !/^(default|kube-.*)$/.test(name)) : undefined;
    };
    await until('the end of what was in the cluster', async () => {
      const left = await namespaces();
      for (const path of left?.map((name) => `/api/v1/namespaces/${name}`) ?? []) {
        await this.api.call('DELETE', path);
        // also those that a controller has made since.
        await this.api.call('DELETE', `${path}/pods`, { gracePeriodSeconds: 0 });
      }
      return left?.length === 0;
    });
  }

  /** Tells each change of a namespace's pods from now on. @returns what ends it */
  async watchPods(namespace: string, seen: (event: { type: string; pod: any }) => void): Promise<() => void> {
    return new Promise((watching, reject) => {
      const outgoing = request({
        host: this.host, port: this.port, ca: this.certificateAuthority, path: `/api/v1/namespaces/${namespace}/pods?watch=1`,
        headers: { authorization: `Bearer ${this.token}` },
      }, (answer) => {
        createInterface({ input: answer }).on('line', (line) => {
          const { type, object } = JSON.parse(line);
          seen({ type, pod: object });
        }).on('error', () => {});
        watching(() => outgoing.destroy());
      });
      outgoing.on('error', reject).end();
    });
  }
}
