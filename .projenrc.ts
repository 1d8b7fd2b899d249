import { cdk, javascript } from 'projen';

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
    '@cdktf/provider-azurerm@14.23.1', '@cdktf/provider-helm@12.1.2', 'cdk8s-plus-28@2.5.6', 'smol-toml@1.9.1',
    'esbuild@0.28.2', 'fast-check@^4.10.2', 'yaml@^2.8.1', 'jsii-rosetta@~6.0.17', 'jsii-pacmak@1.140.0',
  ],

  // the bundle is what runs; the type declarations are jsii's
  entrypoint: 'lib/bundle.js',
  entrypointTypes: 'lib/index.d.ts',

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
  docgenFilePath: 'API.md',
  gitignore: ['/THIRD-PARTY.txt', '/cdktf.out/', '/examples/**/cdktf.out/', '/dist/', '__pycache__/', '/.cache/'],
  npmignore: ['/.projenrc.ts', '/projenrc/', '/build/', '/bench/', '/docs/', '/examples/', '/.ci/', '/THIRD-PARTY.txt', '/lib/**/*.js', '!/lib/bundle.js', '/CONTRIBUTING.md', '/API.md'],
  tsconfigDevFile: 'tsconfig.dev.json',
  eslintOptions: { dirs: ['src'], devdirs: ['test', 'examples', 'bench', 'build'], fileExtensions: ['.ts'] },
  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    passWithNoTests: false,
    configFilePath: 'jest.config.json',
    junitReporting: false,
    jestConfig: { collectCoverage: false, coverageProvider: 'babel' as any, testTimeout: 60_000 },
  },
});

project.npmrc.addConfig('omit-lockfile-registry-resolved', 'true');
// newer releases are missing some of their platform packages, which breaks `npm ci`
project.package.addField('overrides', { 'unrs-resolver': '1.12.2' });

project.synth();
