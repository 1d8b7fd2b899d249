import { spawn } from 'child_process';
import { readFileSync } from 'fs';
import { createRequire } from 'module';
import { join } from 'path';
import { VerifyFolder } from './folder';
import { InputError } from '../command/input-error';

const PACKAGE = join(__dirname, '..', 'package.json');
const FILE = 'main.cjs';

/** The namespace of the runner and its jobs. */
export const NAMESPACE = 'gitlab-runner';
export const TAG = 'aks';

/** What the program tells the rest of a verification, as Terraform's outputs. */
export interface Outputs {
  readonly url: string;
  readonly server_group: string;
  readonly machine: string;
  readonly server_vault: string;
  readonly account: string;
  readonly cluster_group: string;
  readonly cluster: string;
}

/** The complete example, with names of its own, backups, a reader of the password, and nothing that guards it from being destroyed. */
function program(framework: string, library: string): string {
  return `// made by \`${library} verify\`; what it makes in Azure goes with \`${library} verify --destroy .\`
const load = require('node:module').createRequire(${JSON.stringify(PACKAGE)});
const { App, TerraformOutput, TerraformStack } = load('${framework}');
const { AksCluster, AlertReceiver, KubernetesGitLabRunner, PlatformAlerts, SelfHostedGitLab } = load('${library}');
const { name, region: location, reader, rerun, alerts } = require('./verify.json');

const app = new App();
const stack = new TerraformStack(app, name);

const gitlab = new SelfHostedGitLab(stack, 'GitLab', {
  location, rerun, backup: {}, secretReaderObjectIds: [reader], preventDestroy: false,
});
const cluster = new AksCluster(stack, 'Cluster', {
  location,
  systemNodePool: { vmSize: 'Standard_D2s_v5' },
  jobNodePool: { vmSize: 'Standard_D2s_v5', maxCount: 1 },
  preventDestroy: false,
});
const runner = new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, tags: ['${TAG}'], namespace: '${NAMESPACE}' });
// beside a test from outside Azure makes resources of its own, which would keep the resource group from being destroyed.
if (alerts) {
  new PlatformAlerts(stack, 'Alerts', {
    gitlab, cluster, runners: [runner], serverMetricsEnabled: true, outsideTestEnabled: false, receivers: [AlertReceiver.owners()],
  });
}

Object.entries({
  url: gitlab.gitlabUrl,
  server_group: gitlab.resourceGroupName,
  machine: 'gitlab-vm',
  server_vault: gitlab.serverKeyVaultName,
  account: gitlab.backupStorageAccountName,
  cluster_group: cluster.resourceGroupName,
  cluster: cluster.clusterName,
}).forEach(([id, value]) => new TerraformOutput(stack, id, { value }));

app.synth();
`;
}

/** Writes the program into its folder and runs it there, as its user would. */
export async function synthesise(folder: VerifyFolder): Promise<void> {
  const { name, peerDependencies } = JSON.parse(readFileSync(PACKAGE, 'utf8'));
  const framework = Object.keys(peerDependencies).find((peer) => peer.startsWith('cdkt'))!;
  try {
    createRequire(PACKAGE).resolve(framework);
  } catch {
    throw new InputError(`${framework}: not found beside ${name}; run it with npx, which installs both`);
  }
  folder.write(FILE, program(framework, name));
  const { status, output } = await run(folder.path);
  if (status !== 0) {
    throw new InputError(`${join(folder.path, FILE)} failed: ${output.trim().split('\n').find((line) => /Error/.test(line)) ?? output.slice(-300)}`);
  }
}

function run(cwd: string): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [FILE], { cwd, env: { ...process.env, CI: '1', CDKTF_OUTDIR: 'cdktf.out' } });
    let output = '';
    [child.stdout, child.stderr].forEach((stream) => stream.on('data', (chunk) => { output += chunk; }));
    child.on('error', reject).on('close', (status) => resolve({ status, output }));
  });
}
