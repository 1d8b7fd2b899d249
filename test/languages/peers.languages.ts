import { equal, match, notEqual, throws } from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { cdktnArchive, moved } from './harness/cdktn';
import { kept, nodeFolder, npmInstall, versionIn, withNode } from './harness/npm';
import { quickStart } from './harness/readme';
import { assertSame, synthesise, Synthesised, synthesised, typescript } from './harness/synthesis';
import { tool } from './harness/tool';
import { APP, ARCHIVE, emptyFolder, EXAMPLES, NAME } from './harness/workplace';

const NODES = ['20.9.0', '22.23.5', '24.22.3', '26.12.1'];
/** Which of them run TypeScript by themselves. */
const STRIPPING = NODES.slice(1);
/** What else runs TypeScript: the npm package of its binaries, and how it is called. */
const OTHER_RUNTIMES = [
  { name: 'Bun 1.4.5', from: '@oven/bun-linux-x64@1.4.5', program: '@oven/bun-linux-x64/bin/bun', args: [] },
  { name: 'Deno 2.9.6', from: 'deno@2.9.6', program: '.bin/deno', args: ['run', '--allow-all'] },
];
const TYPESCRIPTS = ['5.4.5', '5.9.3', '6.0.3', '7.0.2'];
/** How a project looks for modules: options of TypeScript, and the `type` of package.json. */
interface Project {
  readonly module: string;
  readonly moduleResolution?: string;
  readonly exactOptionalPropertyTypes?: boolean;
  readonly type: 'commonjs' | 'module';
}
const PROJECTS: Project[] = [
  { type: 'commonjs', module: 'commonjs' },
  { type: 'commonjs', module: 'node16' },
  { type: 'module', module: 'nodenext' },
  { type: 'module', module: 'esnext', moduleResolution: 'bundler' },
];
const STRICTEST = {
  strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noPropertyAccessFromIndexSignature: true, skipLibCheck: false,
  target: 'es2022', noEmit: true, types: [],
};

/** A project with the package and the peers of one choice. */
interface Choice {
  readonly folder: string;
  readonly framework: 'cdktf' | 'cdktn';
}

interface Files { readonly [file: string]: string }

/** What is asked of a peer: the first version of its range, or the newest that npm finds in it. */
type Age = 'oldest' | 'newest';
const CHOICES: { readonly framework: Choice['framework']; readonly cdk8s: Age; readonly constructs: Age }[] = [
  { framework: 'cdktf', cdk8s: 'oldest', constructs: 'oldest' },
  { framework: 'cdktf', cdk8s: 'newest', constructs: 'newest' },
  { framework: 'cdktf', cdk8s: 'oldest', constructs: 'newest' },
  { framework: 'cdktf', cdk8s: 'newest', constructs: 'oldest' },
  { framework: 'cdktn', cdk8s: 'oldest', constructs: 'oldest' },
  { framework: 'cdktn', cdk8s: 'newest', constructs: 'newest' },
];
const title = ({ framework, cdk8s, constructs }: (typeof CHOICES)[number]) => `${framework}, the ${cdk8s} cdk8s and the ${constructs} constructs`;

const OWN_CHART = `import { App as Cdk8sApp, Chart } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-33';
import { App, TerraformStack } from 'cdktf';
import { AksCluster } from '${NAME}';

const app = new App();
const stack = new TerraformStack(app, 'own');
const chart = new Chart(new Cdk8sApp(), 'mirror');
new Deployment(chart, 'Mirror', { containers: [{ image: 'registry.example.com/mirror:1' }] });
new AksCluster(stack, 'Cluster', { location: 'koreacentral' }).addCdk8sChart('mirror', chart);
app.synth();
`;

describe('peers', () => {
  const choices: Choice[] = [];
  let expected: Synthesised[];
  before(() => {
    const archives = { cdktf: ARCHIVE, cdktn: cdktnArchive(join(APP, 'node_modules', NAME)) };
    CHOICES.forEach((choice) => choices.push(installed(choice, archives[choice.framework])));
    expected = [typescript(), synthesise('dist', 'node', join(APP, 'chart.cjs'))];
  });

  CHOICES.forEach((choice, index) => test(`peers: every Node gives the same files with ${title(choice)}`, () => {
    const { folder, framework } = choices[index];
    const programs = Object.fromEntries(['complete.cjs', 'chart.cjs'].map((file) => [file, readFileSync(join(APP, file), 'utf8')]));
    Object.entries(turned(framework, programs)).forEach(([file, text]) => writeFileSync(join(folder, file), text));
    for (const version of NODES) {
      const node = join(nodeFolder(version), 'node');
      assertSame(synthesise('cdktf.out', node, join(folder, 'complete.cjs')), expected[0]);
      assertSame(synthesise('dist', node, join(folder, 'chart.cjs')), expected[1]);
    }
  }));

  // each TypeScript with each kind of project, and either with each of four choices: 16 of the 64 cases hold every pair.
  TYPESCRIPTS.forEach((version, row) => PROJECTS.forEach((project, column) => {
    const index = [0, 1, 4, 5][(row + column) % 4];
    test(`peers: TypeScript ${version} takes the examples, ${project.moduleResolution ?? project.module}, with ${title(CHOICES[index])}`, () => {
      compile(version, project, choices[index], examples());
    });
  }));

  test('peers: a prop that there is not is an error for the oldest and the newest TypeScript', () => {
    const wrong = { 'main.ts': quickStart().program.replaceAll('location:', 'region:') };
    [TYPESCRIPTS[0], TYPESCRIPTS.at(-1)!].forEach((version) => throws(() => compile(version, PROJECTS[0], choices[1], wrong), /'region' does not exist/));
  });

  for (const version of NODES) {
    test(`peers: the quick start runs on Node ${version}, as CommonJS and as ES modules`, () => {
      const { folder } = choices[1];
      const tsx = join(folder, 'node_modules/.bin/tsx');
      // node alone takes TypeScript only from later versions on; the quick start happens to be JavaScript too.
      const runs = { commonjs: [[tsx, 'main.ts']], module: [[tsx, 'main.ts'], ['node', STRIPPING.includes(version) ? 'main.ts' : 'main.js']] };
      for (const [type, commands] of Object.entries(runs)) {
        for (const [command, file] of commands) {
          const project = newProject(folder, type, { [file]: quickStart().program });
          tool(command, [file], { cwd: project, env: withNode(nodeFolder(version)) });
          assertSame(synthesised(join(project, 'cdktf.out'), project), expected[0]);
        }
      }
    });
  }

  for (const { name, from, program: file, args } of OTHER_RUNTIMES) {
    test(`peers: the quick start runs on ${name}, and what is wrong in it is told in a few lines`, () => {
      const program = join(kept(name.replace(' ', '-'), [from]), 'node_modules', file);
      const { program: right } = quickStart();
      const project = newProject(choices[1].folder, 'module', { 'main.ts': right, 'wrong.ts': right.replace("'koreacentral'", "'Korea Central'") });
      tool(program, [...args, 'main.ts'], { cwd: project });
      assertSame(synthesised(join(project, 'cdktf.out'), project), expected[0]);
      throws(() => tool(program, [...args, 'wrong.ts'], { cwd: project }), ({ message }: Error) => {
        match(message, /ValidationError: location: not a valid value, got "Korea Central"; did you mean "koreacentral" \(at gitlab\/GitLab\)/);
        return message.length < 4000;
      });
    });
  }

  test('peers: a chart of a user\'s own, of a newer cdk8s-plus than ours', () => {
    const { folder } = choices[1];
    // cdk8s-plus' own declarations do not bear exactOptionalPropertyTypes.
    compile(TYPESCRIPTS.at(-1)!, { ...PROJECTS[1], exactOptionalPropertyTypes: false }, choices[1], { 'main.ts': OWN_CHART });
    writeFileSync(join(folder, 'own-chart.ts'), OWN_CHART);
    const files = synthesise('cdktf.out', join(folder, 'node_modules/.bin/tsx'), join(folder, 'own-chart.ts'));
    match(Object.values(files).join('\n'), /image: registry\.example\.com\/mirror:1/);
  });
});

function installed({ framework, ...ages }: (typeof CHOICES)[number], archive: string): Choice {
  const folder = emptyFolder();
  tool('tar', ['-xzf', archive, '-C', folder, '--strip-components', '1', 'package/package.json']);
  const ranges: { readonly [peer: string]: string } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).peerDependencies;
  const first = (peer: string) => ranges[peer].replace(/^\D+/, '');
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  // whoever names no version of constructs gets the newest that everybody allows.
  const wanted = Object.entries({ [framework]: 'newest', ...ages }).filter(([peer, age]) => peer !== 'constructs' || age === 'oldest')
    .map(([peer, age]) => `${peer}@${age === 'oldest' ? first(peer) : ranges[peer]}`);
  npmInstall(folder, '--strict-peer-deps', archive, ...wanted, 'cdk8s-plus-33', 'tsx');
  Object.entries(ages).forEach(([peer, age]) => (age === 'oldest' ? equal : notEqual)(versionIn(folder, peer), first(peer)));
  return { folder, framework };
}

/** Programs for cdktf, as the framework takes them. */
function turned(framework: Choice['framework'], files: Files): Files {
  return framework === 'cdktf' ? files : Object.fromEntries(Object.entries(files).map(([file, text]) => [file, moved(text)]));
}

/** The examples and README's quick start. */
function examples(): Files {
  return {
    'main.ts': quickStart().program,
    ...Object.fromEntries(readdirSync(join(EXAMPLES, 'typescript')).map((example) =>
      [`${example}.ts`, readFileSync(join(EXAMPLES, 'typescript', example, 'main.ts'), 'utf8')])),
  };
}

/** Has a TypeScript judge programs in a project of a kind. */
function compile(version: string, { type, ...options }: Project, { folder, framework }: Choice, files: Files): void {
  const tsconfig = JSON.stringify({ compilerOptions: { ...STRICTEST, ...options }, files: Object.keys(files) });
  const project = newProject(folder, type, { ...turned(framework, files), 'tsconfig.json': tsconfig });
  tool(join(kept(`typescript-${version}`, [`typescript@${version}`]), 'node_modules/.bin/tsc'), [], { cwd: project });
}

/** A project below a folder, whose packages it has. */
function newProject(folder: string, type: string, files: Files): string {
  const project = mkdtempSync(join(folder, 'project-'));
  Object.entries({ ...files, 'package.json': JSON.stringify({ type }) }).forEach(([file, text]) => writeFileSync(join(project, file), text));
  return project;
}
