// Runs snippets as their readers would: `node run-snippets.js FOLDER…`. Each folder has one as `snippet.js`, and gets what it synthesises as `cdktf.out`. A program
// is run. What a snippet exports is called with the values that its parameters are named after; then the app that these belong to is synthesised twice,
// in `without` as it is before the call. The last line tells the errors by folder.
import { mkdirSync } from 'fs';
import { createRequire } from 'module';
import { join } from 'path';
import { App, TerraformStack } from 'cdktf';
import { AksCluster, KubernetesGitLabRunner, SelfHostedGitLab } from 'cdktf-azure-gitlab';

const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-000000000001';
const LOCATION = 'koreacentral';

/** What rosetta/default.ts-fixture declares. Nothing is made before a snippet asks for it. */
class Given {
  readonly stack: TerraformStack;
  readonly registryId = `${SUBSCRIPTION}/resourceGroups/shared/providers/Microsoft.ContainerRegistry/registries/shared`;
  readonly lostAccountId = `${SUBSCRIPTION}/resourceGroups/lost/providers/Microsoft.Storage/storageAccounts/lost`;
  readonly ciVaultId = `${SUBSCRIPTION}/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/shared`;
  readonly mailVaultId = `${SUBSCRIPTION}/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/shared`;
  readonly firstDeployerObjectId = '00000000-0000-0000-0000-000000000002';
  readonly ciObjectId = '00000000-0000-0000-0000-000000000003';
  readonly workspaceId = `${SUBSCRIPTION}/resourceGroups/shared/providers/Microsoft.OperationalInsights/workspaces/shared`;
  private readonly made = new Map<string, any>();

  constructor(app: App) {
    this.stack = new TerraformStack(app, 'given');
  }

  get gitlab(): SelfHostedGitLab {
    return this.once('gitlab', () => new SelfHostedGitLab(this.stack, 'GivenGitLab', { location: LOCATION }));
  }

  get cluster(): AksCluster {
    return this.once('cluster', () => new AksCluster(this.stack, 'GivenCluster', { location: LOCATION }));
  }

  get runner(): KubernetesGitLabRunner {
    return this.once('runner', () => new KubernetesGitLabRunner(this.stack, 'GivenRunner', { gitlab: this.gitlab, cluster: this.cluster }));
  }

  named(name: string): any {
    if (!(name in this)) {
      throw new Error(`a snippet wants ${name}, which test/docs/run-snippets.ts does not have`);
    }
    return this[name as keyof Given];
  }

  private once<T>(name: string, make: () => T): T {
    if (!this.made.has(name)) {
      this.made.set(name, make());
    }
    return this.made.get(name);
  }
}

function run(folder: string): void {
  process.chdir(folder);
  const calls = Object.values<any>(createRequire(__filename)(join(folder, 'snippet.js'))).filter((value) => typeof value === 'function' && !`${value}`.startsWith('class'));
  if (calls.length > 0) {
    synthesise('without', calls, false);
    synthesise('cdktf.out', calls, true);
  }
}

function synthesise(outdir: string, functions: readonly any[], called: boolean): void {
  mkdirSync(outdir);
  const app = new App({ outdir });
  const given = new Given(app);
  functions.forEach((call) => {
    const values = /\((.*?)\)/s.exec(`${call}`)![1].split(',').map((name) => name.trim()).filter(Boolean).map((name) => given.named(name));
    return called && call(...values);
  });
  app.synth();
}

const errors = Object.fromEntries(process.argv.slice(2).map((folder) => {
  try {
    run(folder);
    return [folder, undefined];
  } catch (error) {
    return [folder, `${error}`];
  }
}));
console.log(JSON.stringify(errors));
