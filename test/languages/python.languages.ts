import { deepEqual, doesNotMatch, equal, match, ok } from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { wheel } from './harness/bindings';
import { assertMistake } from './harness/mistake';
import { assertSame, synthesise, Synthesised, terraformJson, typescript } from './harness/synthesis';
import { SSH, told } from './harness/told';
import { tool } from './harness/tool';
import { virtualEnvironment } from './harness/virtual-environment';
import { APP, emptyFolder, EXAMPLES, PROGRAMS } from './harness/workplace';

const MEGABYTE = 1024 * 1024;

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

  test('python: the wheel is below 1 MB, the virtual environment below 60 MB, and no provider\'s bindings are in it', () => {
    ok(statSync(archive).size < MEGABYTE, `the wheel has ${statSync(archive).size} bytes`);
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
