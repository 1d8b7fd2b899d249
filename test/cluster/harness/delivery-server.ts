// The machine that delivers manifests, as far as its scripts look: the metadata service at its address, and a shell that runs what the packed package writes.
// Not checked: Azure's agent; tokens of Entra ID, for which the API server's own stand.
import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { App, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { AksCluster, IAzureVirtualMachine, ManifestDelivery } from 'cdktf-azure-gitlab';

const METADATA = '169.254.169.254';
const CLIENT_ID = 'client-of-the-machine';

class Machine extends Construct implements IAzureVirtualMachine {
  readonly virtualMachineId = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/gitlab';
  readonly location = 'koreacentral';
  readonly identityPrincipalId = '99999999-9999-4999-8999-999999999999';
  readonly identityClientId = CLIENT_ID;
}

export interface Run {
  readonly child: ChildProcess;
  /** What it printed. */
  readonly said: Promise<string>;
}

export class DeliveryServer {
  /** The token that the identity gets. */
  token: string;
  private readonly metadata: Server;
  private readonly script: string;
  private readonly parameters: string[];

  /** @param authority the certificate that vouches for the API server, PEM */
  constructor(private readonly apiServer: string, private readonly authority: () => string, token: string) {
    this.token = token;
    this.metadata = createServer((request, response) => {
      const url = new URL(request.url!, `http://${METADATA}`);
      const good = request.headers.metadata === 'true' && url.searchParams.get('client_id') === CLIENT_ID
        && url.searchParams.get('resource') === '6dae42f8-4368-4678-94ff-3960e28e3630';
      response.writeHead(good ? 200 : 400, { 'content-type': 'application/json' }).end(JSON.stringify(good ? { access_token: this.token } : {}));
    });
    ({ script: this.script, parameters: this.parameters } = program());
  }

  async start(): Promise<void> {
    execFileSync('ip', ['address', 'add', `${METADATA}/32`, 'dev', 'lo']);
    await new Promise<void>((resolve) => this.metadata.listen(80, METADATA, resolve));
  }

  stop(): void {
    this.metadata.close();
    readdirSync('/run').filter((name) => /^cdktf-azure-gitlab-.*\.lock$/.test(name)).forEach((name) => rmSync(join('/run', name)));
  }

  deliver(release: string, objects: readonly any[], environment: { readonly [name: string]: string } = {}): Run {
    const given = {
      ...this.common, RELEASE: release, NAMESPACE: 'releases', TIMEOUT_SECONDS: '300',
      MANIFESTS: gzipSync(JSON.stringify(objects)).toString('base64'),
    };
    if (Object.keys(given).sort().join() !== this.parameters.join()) {
      throw new Error(`the run command has the parameters ${this.parameters}`);
    }
    return this.run({ ...given, ...environment });
  }

  sweep(releases: readonly string[], owner = 'owner'): Run {
    return this.run({ ...this.common, OWNER: owner, MODE: 'sweep', RELEASES: JSON.stringify(releases) });
  }

  private get common() {
    return { API_SERVER: this.apiServer, CLUSTER_CA: Buffer.from(this.authority()).toString('base64'), IDENTITY_CLIENT_ID: CLIENT_ID, OWNER: 'owner' };
  }

  private run(environment: { readonly [name: string]: string }): Run {
    const child = spawn('/bin/bash', ['-c', this.script], { env: { PATH: process.env.PATH, ...environment }, stdio: ['ignore', 'pipe', 'pipe'], timeout: 900_000 });
    const chunks: Buffer[] = [];
    [child.stdout, child.stderr].forEach((stream) => stream.on('data', (chunk) => chunks.push(chunk)));
    const said = new Promise<string>((resolve) => child.on('close', () => resolve(Buffer.concat(chunks).toString().trim())));
    return { child, said };
  }
}

/** The run command of a program that delivers one object. */
function program(): { script: string; parameters: string[] } {
  const outdir = mkdtempSync(join(tmpdir(), 'program-'));
  try {
    const app = new App({ outdir });
    const stack = new TerraformStack(app, 'stack');
    AksCluster.fromAksClusterAttributes(stack, 'Cluster', {
      clusterName: 'cluster', resourceGroupName: 'cluster-rg', manifestDelivery: ManifestDelivery.throughServer(new Machine(stack, 'Machine')),
    }).addManifest('Objects', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one' } });
    app.synth();
    const folder = join(outdir, 'stacks/stack');
    const commands: any[] = Object.values(JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8')).resource.azurerm_virtual_machine_run_command);
    const { source, parameter } = commands.find(({ name }) => name.startsWith('deliver-'));
    const [, list] = /^\$\{join\("\\n", \[(.*)\]\)\}$/.exec(source.script)!;
    const parts = [...list.matchAll(/file\("\$\{path\.module\}\/([^"]+)"\)|"([^"]*)"/g)];
    const script = parts.map(([, file, text]) => (file === undefined ? text : readFileSync(join(folder, file), 'utf8'))).join('\n');
    return { script, parameters: parameter.map(({ name }: any) => name).sort() };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
