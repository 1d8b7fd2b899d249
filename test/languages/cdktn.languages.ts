import { deepEqual, doesNotMatch, equal } from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { made, pacmak } from './harness/bindings';
import { CDKTN_NAME, cdktnApp, moved } from './harness/cdktn';
import { assertSame, synthesise, typescript } from './harness/synthesis';
import { tool } from './harness/tool';
import { virtualEnvironment } from './harness/virtual-environment';
import { APP, CACHE, EXAMPLES, ARCHIVE, ROOT } from './harness/workplace';

const SNIPPET = `import { App, TerraformStack, TerraformVariable } from 'cdktn';
import { AksCluster, GitLabRunnerChart, KubernetesGitLabRunner, RunnerToken, SelfHostedGitLab } from '${CDKTN_NAME}';

const stack = new TerraformStack(new App(), 'gitlab');
const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral' });
const cluster = new AksCluster(stack, 'Cluster', { location: 'koreacentral' });
const runner = new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, tags: ['aks'] });
export const chart: GitLabRunnerChart = runner.chart;
export const token = RunnerToken.terraformVariable(new TerraformVariable(stack, 'token', { sensitive: true }));
`;

describe('cdktn', () => {
  let app: string;
  let twin: string;
  before(() => {
    app = cdktnApp();
    twin = join(app, 'node_modules', CDKTN_NAME);
  });

  test('cdktn: the complete example gives what it gives with cdktf', () => {
    writeFileSync(join(app, 'complete.cjs'), moved(readFileSync(join(APP, 'complete.cjs'), 'utf8')));
    assertSame(synthesise('cdktf.out', 'node', join(app, 'complete.cjs')), typescript());
  });

  test('cdktn: the complete example gives the same in Python', () => {
    const dist = join(CACHE, 'cdktn-dist');
    made(join(dist, 'python'), [readFileSync(ARCHIVE), readFileSync(join(ROOT, 'build/cdktn.mjs'))], () => pacmak('python', twin, dist));
    const wheel = readdirSync(join(dist, 'python')).find((file) => file.endsWith('.whl'))!;
    const python = virtualEnvironment('cdktn-python', join(dist, 'python', wheel));
    const program = readFileSync(join(EXAMPLES, 'python/complete/main.py'), 'utf8')
      .replace('from cdktf import', 'from cdktn import').replace('cdktf_azure_gitlab', 'cdktn_azure_gitlab');
    writeFileSync(join(app, 'main.py'), program);
    assertSame(synthesise('cdktf.out', python, join(app, 'main.py')), typescript());
    doesNotMatch(tool(python, ['-m', 'pip', 'list', '--disable-pip-version-check']), /^cdktf/m);
  });

  test('cdktn: the declarations compile against cdktn\'s', () => {
    writeFileSync(join(app, 'main.ts'), SNIPPET);
    tool(join(ROOT, 'node_modules/.bin/tsc'), ['--strict', '--noEmit', '--target', 'es2022', '--module', 'node16', '--typeRoots', join(ROOT, 'node_modules/@types'),
      '--types', 'node', 'main.ts'], { cwd: app });
  });

  test('cdktn: no type of cdktf is left, and cdktn has all that are named', () => {
    const text = readFileSync(join(twin, '.jsii'), 'utf8');
    doesNotMatch(text, /"cdktf[".]/);
    const code = readdirSync(join(twin, 'lib'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
    code.forEach((file) => doesNotMatch(readFileSync(join(twin, 'lib', file), 'utf8'), /(require\(|fqn:)\s*"cdktf/));
    equal(code.includes('on-use/storage-account.js'), true);
    const known = JSON.parse(readFileSync(join(app, 'node_modules/cdktn/.jsii'), 'utf8')).types;
    const named = [...text.matchAll(/"fqn":\s*"(cdktn\.\w+)"/g)].map(([, fqn]) => fqn);
    deepEqual(named.filter((fqn) => !(fqn in known)), []);
    equal(named.includes('cdktn.TerraformVariable'), true);
  });

  test('cdktn: its command has its name', () => {
    equal(tool('node', [join(twin, JSON.parse(readFileSync(join(twin, 'package.json'), 'utf8')).bin['cdktn-azure-gitlab']), '--help']).split(' [')[0],
      'Usage: cdktn-azure-gitlab COMMAND');
  });

  test('cdktn: its names in other languages are those of its own package', () => {
    const { targets } = JSON.parse(readFileSync(join(app, 'node_modules/cdktn/package.json'), 'utf8')).jsii;
    const closure = JSON.parse(readFileSync(join(twin, '.jsii'), 'utf8')).dependencyClosure;
    deepEqual(closure.cdktn.targets, { ...targets, js: { npm: 'cdktn' } });
  });
});
