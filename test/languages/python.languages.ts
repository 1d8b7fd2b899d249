import { deepEqual, doesNotMatch, equal, match, ok, throws } from 'node:assert/strict';
import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { wheel } from './harness/bindings';
import { assertMistake } from './harness/mistake';
import { kept } from './harness/npm';
import { quickStart, withArchive } from './harness/readme';
import { assertSecrets } from './harness/secrets';
import { assertSame, synthesise, Synthesised, synthesised, terraformJson, typescript } from './harness/synthesis';
import { SSH, told } from './harness/told';
import { tool } from './harness/tool';
import { virtualEnvironment, withPackages } from './harness/virtual-environment';
import { APP, emptyFolder, EXAMPLES, NAME, PROGRAMS, ROOT } from './harness/workplace';

const MEGABYTE = 1024 * 1024;
/** The type checkers, at their strictest; each judges the programs of a folder with the packages of an environment. */
const CHECKERS: { readonly [checker: string]: (folder: string, python: string) => void } = {
  'mypy --strict': (folder, python) => {
    tool(withPackages('mypy', 'mypy==2.4.1'), ['-m', 'mypy', '--strict', '--cache-dir', '/dev/null', '--python-executable', python, '.'], { cwd: folder });
  },
  'pyright in strict mode': (folder, python) => {
    writeFileSync(join(folder, 'pyrightconfig.json'), '{ "typeCheckingMode": "strict" }');
    tool(join(kept('pyright', ['pyright@1.1.414']), 'node_modules/.bin/pyright'), ['--pythonpath', python], { cwd: folder });
  },
};

describe('python', () => {
  let archive: string;
  let python: string;
  before(() => {
    archive = wheel();
    python = virtualEnvironment('python', archive);
  });
  const run = (program: string, out: string): Synthesised => synthesise(out, python, join(PROGRAMS, 'python', program));

  test('python: the complete example gives what TypeScript gives', () => {
    assertSame(synthesise('cdktf.out', python, join(EXAMPLES, 'python/complete/main.py')), typescript());
  });

  test('python: README to the letter, with today\'s newest packages', () => {
    const { pythonInstall, pythonProgram } = quickStart();
    const folder = emptyFolder();
    writeFileSync(join(folder, 'main.py'), pythonProgram);
    tool('python3', ['-m', 'venv', '.venv'], { cwd: folder });
    const env = { PATH: `${join(folder, '.venv/bin')}:${process.env.PATH}` };
    tool('sh', ['-c', withArchive(pythonInstall, NAME, archive)], { cwd: folder, env });
    tool('python', ['main.py'], { cwd: folder, env });
    assertSame(synthesised(join(folder, 'cdktf.out'), folder), typescript());
  });

  test('python: the oldest peers give what TypeScript gives', () => {
    const oldest = virtualEnvironment('python-oldest', archive, ...oldestPeers());
    assertSame(synthesise('cdktf.out', oldest, join(EXAMPLES, 'python/complete/main.py')), typescript());
  });

  for (const [checker, judge] of Object.entries(CHECKERS)) {
    test(`python: ${checker} takes every program`, () => {
      const folder = programs();
      ok(readdirSync(folder).filter((file) => file.endsWith('.py')).length >= 6);
      judge(folder, python);
    });

    test(`python: ${checker} finds a wrong value`, () => {
      const folder = emptyFolder();
      writeFileSync(join(folder, 'main.py'), quickStart().pythonProgram.replace('gitlab=gitlab', 'gitlab=cluster'));
      throws(() => judge(folder, python), /IGitLab/);
    });
  }

  test('python: a reference to a secret arrives, however deep it is', () => {
    assertSecrets(run('secrets_anywhere.py', 'cdktf.out'));
  });

  test('python: what takes another construct is given every kind of it', () => {
    const files = run('wiring.py', 'cdktf.out');
    const releases = Object.entries<any>(terraformJson(files, 'own').resource.helm_release).map(([address, { depends_on: earlier = [] }]) => [
      withoutHash(address), earlier.filter((other: string) => other.startsWith('helm_release.')).map(withoutHash),
    ]);
    deepEqual(Object.fromEntries(releases), {
      Runner_Release: [],
      Cluster_tool_Account: ['helm_release.Runner_Release'],
      Cluster_ingress: ['helm_release.Runner_Release'],
      Cluster_quota: ['helm_release.Cluster_ingress'],
    });
    const [manifests] = Object.entries(files).filter(([path]) => path.startsWith('stacks/existing/') && path.includes('/manifests/')).map(([, text]) => text);
    match(manifests, /agentpool" = "ci"/);
  });

  test('python: the runner\'s objects alone, in a plain cdk8s app, are TypeScript\'s', () => {
    const objects = run('chart.py', 'dist');
    deepEqual(Object.keys(objects), ['runner.k8s.yaml']);
    assertSame(objects, synthesise('dist', 'node', join(APP, 'chart.cjs')));
  });

  test('python: subclasses, an interface, an aspect and an override of the user\'s own reach the output', () => {
    const files = run('subclasses.py', 'cdktf.out');
    const { resource } = terraformJson(files, 'team');
    const [cluster] = Object.values<any>(resource.azurerm_kubernetes_cluster);
    equal(cluster.name, 'payments-ci');
    equal(cluster.sku_tier, 'Premium');
    deepEqual(cluster.tags, { 'cost-center': 'ci' });
    deepEqual(Object.values<any>(resource.azurerm_kubernetes_cluster_node_pool).map(({ name }) => name).sort(), ['big', 'jobs']);
    equal(resource.azurerm_linux_virtual_machine, undefined);
    const [manifests] = Object.entries(files).filter(([path]) => path.includes('/manifests/')).map(([, text]) => text);
    match(manifests, /url = "https:\/\/gitlab\.example\.com"/);
    match(manifests, /token-team/);
    match(manifests, /image = "maven:3"/);
  });

  test('python: a mistake arrives whole', () => {
    assertMistake(tool(python, [join(PROGRAMS, 'python/mistake.py')]));
  });

  test('python: warnings are printed to standard error, those that are acknowledged are not', () => {
    deepEqual(told(python, [join(PROGRAMS, 'python/relaxed.py')], emptyFolder()), {
      status: 0,
      stdout: '',
      stderr: `warning: ${SSH} (at trial/GitLab) [ssh-open-to-internet]\n`
        + 'Warnings.of(construct).acknowledge("id", "reason") silences a warning that is meant; docs/warnings.md explains each.\n',
    });
  });

  test('python: the wheel is below 1.8 MB, the virtual environment below 60 MB, and no provider\'s bindings are in it', () => {
    ok(statSync(archive).size < 1.8 * MEGABYTE, `the wheel has ${statSync(archive).size} bytes`);
    const folder = join(python, '../..');
    const size = Number(tool('du', ['--summarize', '--bytes', '--exclude=__pycache__', folder]).split('\t')[0]);
    ok(size < 60 * MEGABYTE, `the virtual environment has ${size} bytes`);
    doesNotMatch(tool(python, ['-m', 'pip', 'list', '--disable-pip-version-check']), /provider/);
  });

  test('python: pip brings the command that draws a program', () => {
    const folder = emptyFolder();
    tool(python, [join(EXAMPLES, 'python/complete/main.py')], { cwd: folder });
    const printed = tool(join(python, '../cdktf-azure-gitlab'), ['diagram', '--output', 'drawn'], { cwd: folder });
    equal(printed, 'drawn/diagram.svg\ndrawn/diagram.mmd\n');
    const names = [...readFileSync(join(folder, 'drawn/diagram.mmd'), 'utf8').matchAll(/^ {2}subgraph \w+ \["<b>(.*?)<\/b> (.*)"\]$/gm)];
    deepEqual(names.map(([, id, construct]) => `${id}: ${construct}`).sort(), ['Cluster: AksCluster', 'GitLab: SelfHostedGitLab', 'Runner: KubernetesGitLabRunner']);
  });

  test('python: the package\'s own documentation speaks Python', () => {
    const source = readFileSync(tool(python, ['-c', 'import cdktf_azure_gitlab; print(cdktf_azure_gitlab.__file__)']).trim(), 'utf8');
    match(source, /^gitlab = SelfHostedGitLab\(stack, "GitLab", location="koreacentral"\)$/m);
    doesNotMatch(source, /new SelfHostedGitLab\(/);
  });
});

const withoutHash = (address: string): string => address.replace(/_[0-9A-F]{8}$/, '');

/** A folder with every Python program that is printed, shown or tried. */
function programs(): string {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'readme.py'), quickStart().pythonProgram);
  for (const from of [join(EXAMPLES, 'python'), join(PROGRAMS, 'python')]) {
    readdirSync(from, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.py'))
      .forEach((file) => copyFileSync(join(from, file), join(folder, file.replaceAll('/', '_'))));
  }
  return folder;
}

/** The first version of each peer's range, as pip asks for it. */
function oldestPeers(): string[] {
  const { peerDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  return Object.entries<string>(peerDependencies).map(([peer, range]) => `${peer}==${range.replace(/^\D+/, '')}`);
}
