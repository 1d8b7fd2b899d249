import { cdk, javascript } from 'projen';
import { releaseWorkflow } from './projenrc/release';

const PEERS = { constructs: '^10.4.2', cdktf: '^0.21.0', cdk8s: '^2.70.0' };

const project = new cdk.JsiiProject({
  name: 'cdktf-azure-gitlab',
  description: 'GitLab on an Azure VM, GitLab Runner on AKS, one pod per CI job: CDKTF and cdk8s constructs.',
  author: 'cdktf-azure-gitlab contributors',
  authorOrganization: true,
  authorAddress: 'maintainers@cdktf-azure-gitlab.dev',
  repositoryUrl: 'https://github.com/cdktf-azure-gitlab/cdktf-azure-gitlab.git',
  keywords: ['cdktf', 'cdk8s', 'azure', 'azurerm', 'gitlab', 'gitlab-runner', 'aks', 'kubernetes', 'terraform', 'opentofu'],
  license: 'Apache-2.0',
  defaultReleaseBranch: 'main',
  projenrcTs: true,
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: '20.9.0',
  jsiiVersion: '~6.0.16',
  typescriptVersion: '~6.0.3',
  peerDeps: Object.entries(PEERS).map(([name, range]) => `${name}@${range}`),
  devDeps: [
    // inlined into lib/bundle.js, so that no user installs them (docs/decisions/0001)
    '@cdktf/provider-azurerm@14.23.1', '@cdktf/provider-helm@12.1.2', 'cdk8s-plus-28@2.5.6', 'smol-toml@1.9.1', 'js-yaml@5.5.0', 'semver@7.8.6',
    're2js@2.10.0', 'croner@11.0.1',
    // inlined into lib/command.js, the command for synthesised programs (docs/decisions/0019)
    'elkjs@0.12.1',
    // Microsoft's own parser, for the queries of the alerts
    '@kusto/language-service-next@12.4.1',
    '@types/semver@^7', 'esbuild@0.28.2', 'js-tokens@10.0.0', 'fast-check@^4.10.2', 'yaml@^2.8.1', 'jsii-rosetta@~6.0.17', 'jsii-pacmak@1.140.0', 'jsii-reflect@^1.142.0',
  ],

  // the bundle is what runs; the type declarations are jsii's
  entrypoint: 'lib/bundle.js',
  entrypointTypes: 'lib/index.d.ts',
  bin: { 'cdktf-azure-gitlab': 'lib/command.js' },

  publishToPypi: { distName: 'cdktf-azure-gitlab', module: 'cdktf_azure_gitlab' },
  publishToMaven: {
    javaPackage: 'io.github.cdktfazuregitlab',
    mavenGroupId: 'io.github.cdktf-azure-gitlab',
    mavenArtifactId: 'cdktf-azure-gitlab',
  },
  publishToGo: {
    moduleName: 'github.com/cdktf-azure-gitlab/cdktf-azure-gitlab-go',
    packageName: 'cdktfazuregitlab',
  },

  github: false,
  release: false,
  depsUpgrade: false,
  pullRequestTemplate: false,
  stale: false,
  sampleCode: false,
  npmignoreEnabled: false,
  docgenFilePath: 'API.md',
  // jsii writes an .npmignore where there is none; `files` decides
  gitignore: ['/.npmignore', '/THIRD-PARTY.txt', '.jsii.tabl.json', '/cdktf.out/', '/examples/**/cdktf.out/', '/dist/', '__pycache__/', '/.cache/'],
  tsconfigDevFile: 'tsconfig.dev.json',
  eslintOptions: { dirs: ['src'], devdirs: ['test', 'examples', 'command', 'diagram', 'doctor', 'preflight', 'verify'], fileExtensions: ['.ts'] },
  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    passWithNoTests: false,
    configFilePath: 'jest.config.json',
    junitReporting: false,
    jestConfig: {
      collectCoverage: false, coverageProvider: 'babel', testTimeout: 300_000, maxWorkers: '100%', modulePathIgnorePatterns: ['<rootDir>/.cache/'],
      setupFiles: ['<rootDir>/test/no-creation-stacks.cjs'],
    },
  },
});

project.npmrc.addConfig('omit-lockfile-registry-resolved', 'true');
// newer releases are missing some of their platform packages, which breaks `npm ci`
project.package.addField('overrides', { 'unrs-resolver': '1.12.2' });
// lets examples, benchmarks and snippets import the package by its own name, as users do
project.package.addField('exports', {
  '.': { types: './lib/index.d.ts', default: './lib/bundle.js' },
  './package.json': './package.json',
  './.jsii': './.jsii',
  './.warnings.jsii.js': './.warnings.jsii.js',
});
project.package.addField('jsiiRosetta', { strict: true, exampleDependencies: { 'cdk8s-plus-28': '^2.5.6' } });

// tests and examples are no part of tsconfig.json, which jsii owns
const parserOptions = project.eslint!.config.parserOptions;
delete parserOptions.projectService;
parserOptions.project = ['./tsconfig.dev.json', './projenrc/tsconfig.json'];
// what the bundle inlines is a devDependency on purpose
project.eslint!.addRules({ 'import/no-extraneous-dependencies': 'off', '@stylistic/object-property-newline': 'off' });

// node's own test runner collects the promises of its tests
project.eslint!.addOverride({ files: ['**/*.{apply,bench,boot,cluster,languages,scanners,whole}.ts'], rules: { '@typescript-eslint/no-floating-promises': 'off' } });

const task = (name: string, description: string, exec: string, env?: { [name: string]: string }) =>
  project.addTask(name, { description, exec, env });
// every tool of jsii prints eleven lines about Node 20, which is supported here until users have left it
const quiet = { JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' };
Object.entries(quiet).forEach(([name, value]) => project.tasks.addEnvironment(name, value));

// what jsii itself would be called with
project.compileTask.reset('node build/jsii.mjs --silence-warnings=reserved-word');
project.tasks.tryFind('docgen')!.reset('node build/api.mjs');
const typecheck = task('typecheck', 'Check the types of tests and examples too', 'tsc --noEmit -p tsconfig.dev.json');
const lint = task('lint', 'Lint without changing a file', 'eslint --ext .ts src command diagram doctor preflight verify test examples .projenrc.ts',
  { ESLINT_USE_FLAT_CONFIG: 'false', NODE_NO_WARNINGS: '1' });
const bundle = task('bundle', 'Inline what users do not install into lib/bundle.js, lib/on-use and lib/command.js', 'node build/bundle.mjs');
const snippets = task('test:snippets', 'Compile the snippets of README and API docs', 'jsii-rosetta extract --strict .jsii');
project.addTask('docs:outputs', {
  description: 'Write what the snippets of the pages give below them',
  exec: 'node --require ts-node/register/transpile-only test/docs/write-outputs.ts', env: { TS_NODE_PROJECT: 'tsconfig.dev.json' },
}).prependSpawn(bundle);
const python = task('test:python', 'Build the wheel and use it from Python', 'node test/languages/run.mjs python');
const scanners = task('test:scanners', 'Scan what programs synthesise with the real Checkov and kube-score', 'node test/scanners/run.mjs');
task('test:languages', 'Build the package of every language and use each with its own tools', 'node test/languages/run.mjs');
task('test:cluster', 'Run CI jobs with the real gitlab-runner on a real Kubernetes node', 'node test/cluster/run.mjs');
task('test:apply', 'Apply, change and destroy the examples with the real Terraform and providers', 'node test/apply/run.mjs');
project.addTask('demo', { description: 'Show one apply from an empty subscription to two green jobs, on this machine', exec: 'node test/whole/run.mjs --demo', receiveArgs: true });
task('test:whole', 'One apply on one machine: server, cluster, runner, jobs, and what may happen later', 'node test/whole/run.mjs');
task('test:firstboot', 'Run the server\'s scripts on virtual machines with a real systemd', 'node test/firstboot/run.mjs');
project.addTask('compare', {
  description: 'Compare what examples and random programs come to with another commit\'s library', exec: 'node test/compare/run.mjs', receiveArgs: true,
});
// what `compat` compares with is in the repository, not in a registry
project.tasks.tryFind('compat')!.reset('node build/compatibility.mjs', { receiveArgs: true });
project.addTask('release:packages', { description: 'Make everything that a release publishes, in dist/', exec: 'node build/release.mjs', receiveArgs: true });
task('bench:cluster', 'Set the runner\'s manager beside the one of GitLab\'s own chart, and caches beside those of the runner\'s own defaults, and write the figures into the docs', 'node test/cluster/run.mjs --bench');
task('bench:apply', 'Print the time of an apply as a ratio to its longest single path', 'node test/apply/run.mjs --bench');
task('bench:scale', 'Set one machine beside application nodes, and write the figures into the docs', 'node test/firstboot/run.mjs --bench');
task('bench', 'Print the ratios of the README', 'node bench/bench.mjs');

// named one by one: what a build leaves lying about must not be published
project.package.addField('files', ['.jsii', '.jsii.tabl.json', 'lib/**/*.d.ts', 'lib/bundle.js', 'lib/on-use/*.js', 'lib/command.js', 'THIRD-PARTY.txt']);

project.postCompileTask.prependSpawn(bundle);
project.testTask.reset();
[project.compileTask, bundle, typecheck, lint].forEach((step) => project.testTask.spawn(step));
project.testTask.exec('jest --ci', { receiveArgs: true });
project.testTask.exec('jest --ci --config test/on-bundle.config.mjs');
[snippets, python].forEach((step) => project.testTask.spawn(step));
// CI runs it beside another tier, since it has to build the scanners first
project.testTask.spawn(scanners, { condition: 'test -z "$CI"' });

const example = task('example', 'Synthesise the whole platform and tell what was made', 'node build/example.mjs complete');
example.prependSpawn(bundle);
example.prependSpawn(project.compileTask);

const diagram = task('diagram', 'Draw the complete example again, for README and docs', 'node build/diagram.mjs');
diagram.prependSpawn(bundle);
diagram.prependSpawn(project.compileTask);

releaseWorkflow(project);
project.synth();
