import { spawnSync } from 'child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { pathToFileURL } from 'url';
import { App, TerraformStack, Testing } from 'cdktf';

const ROOT = join(__dirname, '..');
const LIB = join(ROOT, 'lib');
const BUNDLE = join(LIB, 'bundle.js');
if (!existsSync(BUNDLE)) {
  throw new Error('no lib/bundle.js: run `npx projen compile` and `npx projen bundle` first');
}
/** What is inlined too, and read by programs that use it. */
const ON_USE = readdirSync(join(LIB, 'on-use')).map((name) => join('on-use', name));
const LOCATION = 'koreacentral';
const classes = Object.values<any>(JSON.parse(readFileSync(join(ROOT, '.jsii'), 'utf8')).types)
  .filter(({ kind }) => ['class', 'enum'].includes(kind));

/** A copy of the library that shares nothing with another; `version` as if it were that of a release. */
function copy(version?: string, load: (name: string) => unknown = require): any {
  const text = readFileSync(BUNDLE, 'utf8').replace(/(fqn:"cdktf-azure-gitlab\.\w+",\s*version:)"[^"]*"/g, version ? `$1"${version}"` : '$&');
  const module = { exports: {} as any };
  new Function('module', 'exports', 'require', text)(module, module.exports, (name: string) => load(name.startsWith('.') ? join(LIB, name) : name));
  return module.exports;
}

describe('the bundle', () => {
  test('has all classes and enums under their own names', () => {
    const exported = copy();
    expect(Object.keys(exported).sort()).toEqual(classes.map(({ name }) => name).sort());
    const named = classes.filter(({ kind }) => kind === 'class').map(({ name }) => [name, exported[name].name]);
    expect(named.filter(([name, own]) => name !== own)).toEqual([]);
  });

  test('names them to ES modules', () => {
    const program = `import * as all from ${JSON.stringify(pathToFileURL(BUNDLE))}; console.log(JSON.stringify(Object.keys(all)));`;
    const { stdout, stderr } = spawnSync('node', ['--input-type=module', '--eval', program], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual(expect.arrayContaining(classes.map(({ name }) => name)));
  });

  // the tables of a regular expression's engine are long texts: no error is thrown in them, and none is as long as what an error may print.
  test.each<[string, number, number]>([['bundle.js', 600, 9000], ['command.js', 4000, 4000], ...ON_USE.map((file): [string, number, number] => [file, 600, 9000])])('%s has no line that would fill a screen', (file, code, all) => {
    const lines = readFileSync(join(LIB, file), 'utf8').split('\n');
    expect(lines.filter((line) => line.length > all || line.replace(/"(?:[^"\\]|\\.)*"/g, '""').length > code)).toEqual([]);
  });

  test('shows a mistake from the line on that called it', () => {
    const { GitLabVersion, SelfHostedGitLab } = jest.requireActual(BUNDLE);
    const mistakes = [() => GitLabVersion.of('19'), () => new SelfHostedGitLab(new TerraformStack(new App(), 'Test'), 'GitLab', { location: 'Korea Central' })];
    const stacks = mistakes.map((make) => {
      try {
        return make();
      } catch (error) {
        return (error as Error).stack!.split('\n');
      }
    });
    expect(stacks.map(([header]) => header.split(',')[0])).toEqual(['ValidationError: version: not a valid value', 'ValidationError: location: not a valid value']);
    stacks.forEach(([, first]) => expect(first).toMatch(/^ {4}at .*bundle\.test\.ts:\d+:\d+\)?$/));
  });

  test('defines the classes of a resource when one is first made', () => {
    const used: PropertyKey[] = [];
    const cdktf = new Proxy(jest.requireActual('cdktf'), {
      get: (members, name) => {
        used.push(name);
        return members[name];
      },
    });
    const { AksCluster } = copy(undefined, (name) => (name === 'cdktf' ? cdktf : jest.requireActual(name)));
    expect(used).toContain('TerraformProvider');
    expect(used).not.toContain('ComplexObject');
    new AksCluster(new TerraformStack(new App(), 'Test'), 'Cluster', { location: LOCATION });
    expect(used).toContain('ComplexObject');
  });

  test('has what the complete example uses, and of Azure no more', () => {
    const folder = mkdtempSync(join(tmpdir(), 'used-first-'));
    const program = join(ROOT, 'examples/typescript/complete/main.ts');
    const report = 'process.on("exit", () => console.log(JSON.stringify(Object.keys(require.cache))));';
    const { stdout, stderr } = spawnSync('node', ['--require', join(ROOT, 'node_modules/ts-node/register/transpile-only'), '--eval', `${report} require(${JSON.stringify(program)});`], {
      cwd: folder, encoding: 'utf8', env: { ...process.env, TS_NODE_PROJECT: join(ROOT, 'tsconfig.dev.json') },
    });
    const resources = readFileSync(join(folder, 'cdktf.out/stacks/gitlab/cdk.tf.json'), 'utf8');
    rmSync(folder, { recursive: true });
    const read: string[] = JSON.parse(stdout.split('\n').find((line) => line.startsWith('["')) ?? stderr);
    expect(read.filter((file) => file.startsWith(LIB))).toEqual([BUNDLE]);
    const held = [...readFileSync(BUNDLE, 'utf8').matchAll(/\.tfResourceType\s*=\s*"(\w+)"/g)].map(([, type]) => type);
    expect(held).toContain('azurerm_kubernetes_cluster');
    expect(held.filter((type) => !resources.includes(`"${type}"`))).toEqual([]);
  });

  test.each(['bundle.js', ...ON_USE])('%s reads no file', (file) => {
    expect(readFileSync(join(LIB, file), 'utf8')).not.toMatch(/__dirname|__filename/);
  });
});

describe('two copies of one version', () => {
  const [one, other] = [copy(), copy()];
  const stack = new TerraformStack(new App(), 'Test');
  const cluster = new one.AksCluster(stack, 'Cluster', { location: LOCATION, kubernetesVersion: other.KubernetesVersion.V1_36, subnet: one.AzureSubnet.create({ subnetCidr: '10.224.0.0/26' }) });
  const gitlab = new other.SelfHostedGitLab(stack, 'GitLab', { location: LOCATION, version: one.GitLabVersion.V19_4, image: one.UbuntuImage.V24_04 });

  test('take each other\'s objects', () => {
    expect(one.AksCluster).not.toBe(other.AksCluster);
    expect(gitlab.gitlabVersion.version).toBe(one.GitLabVersion.V19_4.version);
    new other.KubernetesGitLabRunner(stack, 'Runner', {
      gitlab, cluster, cache: one.RunnerCache.azureBlob(), volumes: [one.RunnerVolume.emptyDir('scratch', '/scratch')], token: one.RunnerToken.fromGitlab(),
    });
  });

  test('know what the other has done', () => {
    expect(() => new one.KubernetesGitLabRunner(stack, 'Second', { gitlab, cluster, namespace: 'gitlab-runner' })).toThrow(new Error(
      'namespace: taken by Test/Runner, got "gitlab-runner"; give each runner a namespace of its own, or use addRunner() of the other (at Test/Second)'));
    new other.AksNodePool(cluster, 'Big', cluster, { maxCount: 60 });
    expect(() => Testing.synth(stack, true)).toThrow('subnet.subnetCidr: room for 59 nodes, but the pools at their largest, while they are upgraded, have 75, '
      + 'got "10.224.0.0/26"; choose a larger block, or lower maxCount (at Test/Cluster)');
  });

  test('know what the other puts onto a cluster', () => {
    const own = new TerraformStack(new App(), 'Own');
    const shared = one.AksCluster.fromAksClusterAttributes(own, 'Cluster', { clusterName: 'aks', resourceGroupName: 'g' });
    const release = { chart: 'c', repository: 'https://charts.example.com', releaseName: 'web' };
    new one.HelmRelease(own, 'A', shared, release);
    new other.HelmRelease(own, 'B', shared, release);
    expect(() => Testing.synth(own, true)).toThrow('releaseName: taken by Own/A in the same namespace, got "web"; give each release a name of its own (at Own/B)');
  });
});

describe('another version', () => {
  const [older, newer] = [copy('1.1.0'), copy('1.2.0')];
  const stack = new TerraformStack(new App(), 'Test');
  const cluster = new older.AksCluster(stack, 'Cluster', { location: LOCATION });
  const gitlab = new newer.SelfHostedGitLab(stack, 'GitLab', { location: LOCATION });
  const refuse = (prop: string, made: string, where: string) => new Error(`${prop}: made by cdktf-azure-gitlab 1.1.0, but this is cdktf-azure-gitlab 1.2.0, `
    + `got "${made}"; install one of the two and make everything with it (at ${where})`);

  test('is named', () => {
    expect(() => new newer.SelfHostedGitLab(stack, 'A', { location: LOCATION, version: older.GitLabVersion.V19_4 }))
      .toThrow(refuse('version', 'GitLabVersion', 'Test/A'));
    expect(() => new newer.AksCluster(stack, 'B', { location: LOCATION, kubernetesVersion: older.KubernetesVersion.V1_36 }))
      .toThrow(refuse('kubernetesVersion', 'KubernetesVersion', 'Test/B'));
    expect(() => new newer.AksNodePool(stack, 'C', cluster)).toThrow(refuse('cluster', 'AksCluster', 'Test/C'));
    expect(() => new newer.KubernetesGitLabRunner(stack, 'D', { gitlab, cluster })).toThrow(refuse('cluster', 'AksCluster', 'Test/D'));
    expect(() => newer.RunnerToken.legacyRegistrationToken(older.RunnerToken.kubernetesSecret('token')))
      .toThrow(refuse('token', 'RunnerToken', 'RunnerToken.legacyRegistrationToken'));
  });
});
