import { spawnSync } from 'child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

const ROOT = join(__dirname, '..', '..');
if (!existsSync(join(ROOT, 'lib', 'bundle.js'))) {
  throw new Error('no lib/bundle.js: run `npx projen compile` and `npx projen bundle` first');
}

const SSH = 'warning: sshAllowedCidrs: port 22 is open to the whole Internet; name the networks that need it (at trial/GitLab) [ssh-open-to-internet]';
const HTTP = 'warning: endpoint: anybody on the network path can read passwords and tokens over plain HTTP; choose GitLabEndpoint.https() (at trial/GitLab) [plain-http]';
const EXPLANATION = 'Warnings.of(construct).acknowledge("id", "reason") silences a warning that is meant; docs/warnings.md explains each.';
const START = `
  const { App, TerraformStack, Testing } = require('cdktf');
  const library = require('cdktf-azure-gitlab');
  const { AksCluster, GitLabEndpoint, GitLabRunnerChart, RunnerToken, SelfHostedGitLab, Warnings } = library;
  const relaxed = { location: 'koreacentral', sshAllowedCidrs: ['0.0.0.0/0'], endpoint: GitLabEndpoint.http() };
`;
const TRIAL = `${START}
  const app = new App();
  const stack = new TerraformStack(app, 'trial');
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', relaxed);
`;
const BY_CLI = { CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS: 'true', CDKTF_CONTEXT_JSON: '{}', CDKTF_OUTDIR: 'cdktf.out' };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'printing-'));
  const modules = join(folder, 'node_modules');
  ['cdktf', 'cdk8s', 'constructs'].forEach((name) => {
    mkdirSync(modules, { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  });
  ['cdktf-azure-gitlab', 'second-copy'].forEach((name) => {
    const copy = join(modules, name);
    mkdirSync(join(copy, 'lib'), { recursive: true });
    ['bundle.js', 'on-use'].forEach((part) => cpSync(join(ROOT, 'lib', part), join(copy, 'lib', part), { recursive: true }));
    writeFileSync(join(copy, 'package.json'), JSON.stringify({ name, version: '0.0.0', main: 'lib/bundle.js' }));
  });
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Run { readonly status: number | null; readonly stdout: string; readonly stderr: string }

/** Runs a program from the package as it is published. */
function run(program: string, env: { [name: string]: string } = {}): Run {
  writeFileSync(join(folder, 'main.js'), program);
  const { HOME, PATH } = process.env;
  const { status, stdout, stderr } = spawnSync('node', ['main.js'], { cwd: folder, encoding: 'utf8', env: { HOME, PATH, ...env } });
  return { status, stdout, stderr };
}

const annotations = (): string[] => Object.values<any>(JSON.parse(readFileSync(join(folder, 'cdktf.out', 'manifest.json'), 'utf8')).stacks)
  .flatMap((stack) => stack.annotations.map(({ constructPath, message }: any) => `${constructPath} ${message.replace(/^.* \[(.*)\]$/, '$1')}`));
const printed = (...lines: string[]): Run => ({ status: 0, stdout: '', stderr: lines.map((line) => `${line}\n`).join('') });

describe('a synthesis prints', () => {
  test('each warning to standard error, and how to silence one', () => {
    expect(run(`${TRIAL} app.synth();`)).toEqual(printed(SSH, HTTP, EXPLANATION));
    expect(annotations()).toEqual(['trial/GitLab ssh-open-to-internet', 'trial/GitLab plain-http']);
  });

  test('each once, though there are two of it', () => {
    expect(run(`${TRIAL} app.synth(); app.synth();`)).toEqual(printed(SSH, HTTP, EXPLANATION));
    expect(annotations()).toEqual(['trial/GitLab ssh-open-to-internet', 'trial/GitLab plain-http']);
  });

  test('those of several stacks, one within the other too', () => {
    const more = `
      const inner = new TerraformStack(stack, 'inner');
      [new TerraformStack(app, 'other'), inner].forEach((one) => new SelfHostedGitLab(one, 'GitLab', { ...relaxed, endpoint: undefined }));
      app.synth();`;
    expect(run(TRIAL + more)).toEqual(printed(SSH, HTTP, SSH.replace('trial/', 'trial/inner/'), SSH.replace('trial/', 'other/'), EXPLANATION));
  });

  test('nothing of what is acknowledged', () => {
    expect(run(`${TRIAL}
      Warnings.of(gitlab).acknowledge('ssh-open-to-internet', 'a trial');
      Warnings.of(app).acknowledge('plain-http', 'a trial');
      app.synth();`)).toEqual(printed());
    expect(annotations()).toEqual([]);
  });

  test('acknowledgements that silence nothing, which are in the manifest too', () => {
    expect(run(`${START}
      const app = new App();
      const stack = new TerraformStack(app, 'trial');
      new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral' });
      Warnings.of(app).acknowledge('plain-http', 'it was once');
      Warnings.of(stack).acknowledge('sign-up-open', 'it was once');
      app.synth(); app.synth();`)).toEqual(printed(
      'warning: acknowledge("plain-http"): nothing gives this warning any more; remove the acknowledgement (at the app) [unused-acknowledgement]',
      'warning: acknowledge("sign-up-open"): nothing gives this warning any more; remove the acknowledgement (at trial) [unused-acknowledgement]',
      EXPLANATION,
    ));
    expect(annotations().sort()).toEqual([' unused-acknowledgement', 'trial unused-acknowledgement']);
  });

  test('the warnings before the error, if it fails', () => {
    const { status, stderr } = run(`${TRIAL} stack.node.addValidation({ validate: () => ['this will not do'] }); app.synth();`);
    expect(status).toBe(1);
    expect(stderr.split('\n').slice(0, 2)).toEqual([SSH, HTTP]);
    expect(stderr).toContain('[trial] this will not do');
  });

  test('the warnings of an app without validations', () => {
    expect(run(`${TRIAL.replace('new App()', 'new App({ skipValidation: true })')} app.synth();`)).toEqual(printed(SSH, HTTP));
  });

  test('each once where the package is there twice', () => {
    const program = `${TRIAL}
      const second = require('second-copy');
      new second.SelfHostedGitLab(stack, 'Second', { location: 'koreacentral', virtualMachineName: 'second', preventDestroy: false });
      second.Warnings.of(gitlab).acknowledge('plain-http', 'a trial');
      Warnings.of(stack).acknowledge('sign-up-open', 'it was once');
      if (second.Warnings === Warnings) throw new Error('one copy');
      app.synth();`;
    const { status, stderr } = run(program);
    expect({ status, lines: stderr.trimEnd().split('\n').map((line) => line.replace(/^.* \[(.*)\]$/, '$1')) }).toEqual({
      status: 0, lines: ['ssh-open-to-internet', 'destroy-allowed', 'unused-acknowledgement', EXPLANATION],
    });
  });

  test('those of a plain cdk8s chart', () => {
    expect(run(`${START}
      const { App: Cdk8sApp } = require('cdk8s');
      const app = new Cdk8sApp();
      new GitLabRunnerChart(app, 'ci', { gitlabUrl: 'https://gitlab.com', token: RunnerToken.kubernetesSecret('token'), privileged: true });
      app.synth();`)).toEqual(printed(
      'warning: privileged: every job can control the node it runs on, and with it the other jobs there; keep such jobs on a pool of their own (at ci) [privileged-jobs]',
      EXPLANATION,
    ));
  });

  test('those of a chart once, where a cluster takes it', () => {
    const { status, stderr } = run(`${START}
      const { App: Cdk8sApp } = require('cdk8s');
      const chart = new GitLabRunnerChart(new Cdk8sApp(), 'ci', {
        gitlabUrl: 'https://gitlab.com', token: RunnerToken.kubernetesSecret('token'), privileged: true,
      });
      const app = new App();
      AksCluster.fromAksClusterAttributes(new TerraformStack(app, 'trial'), 'Aks', { clusterName: 'aks', resourceGroupName: 'g' }).addCdk8sChart('Ci', chart);
      app.synth();`);
    expect({ status, lines: stderr.trimEnd().split('\n').map((line) => line.replace(/^.*(\(at .*\]$)/, '$1')) }).toEqual({
      status: 0, lines: ['(at trial/Aks/Ci) [privileged-jobs]', EXPLANATION],
    });
  });
});

describe('nothing is printed', () => {
  test('under a command line, which shows the annotations', () => {
    expect(run(`${TRIAL} Warnings.of(app).acknowledge('sign-up-open', 'it was once'); app.synth();`, BY_CLI)).toEqual(printed());
    expect(annotations()).toEqual(['trial/GitLab ssh-open-to-internet', 'trial/GitLab plain-http', ' unused-acknowledgement']);
  });

  test.each(Object.keys(BY_CLI))('only if that really is one: not where %s alone is set', (name) => {
    expect(run(`${TRIAL} app.synth();`, { [name]: BY_CLI[name as keyof typeof BY_CLI] })).toEqual(printed(SSH, HTTP, EXPLANATION));
  });

  test('in the apps of unit tests, whose annotations are there to look at', () => {
    expect(run(`${START}
      const stack = new TerraformStack(Testing.app(), 'trial');
      new SelfHostedGitLab(stack, 'GitLab', relaxed);
      Testing.synth(stack, true);
      Testing.fullSynth(stack);
      stack.node.root.synth();
      const { Testing: Cdk8sTesting } = require('cdk8s');
      Cdk8sTesting.synth(new GitLabRunnerChart(Cdk8sTesting.app(), 'ci', {
        gitlabUrl: 'https://gitlab.com', token: RunnerToken.kubernetesSecret('token'), privileged: true,
      }));`)).toEqual(printed());
  });

  test('before something is synthesised', () => {
    expect(run(`${TRIAL} Testing.synth(stack, true);`)).toEqual(printed());
  });
});

describe('colour', () => {
  const yellow = `\u001b[33mwarning:\u001b[39m${SSH.slice('warning:'.length)}`;
  const terminal = `process.stderr.isTTY = true; ${TRIAL} app.synth();`;
  const first = (program: string, env: { [name: string]: string }): string => run(program, env).stderr.split('\n')
    .filter((line) => !line.includes('(node:') && !line.startsWith('(Use `node'))[0];

  test.each<[string, string, { [name: string]: string }, string]>([
    ['is there on a terminal', terminal, { TERM: 'xterm-256color' }, yellow],
    ['is not there in a pipe', `${TRIAL} app.synth();`, { TERM: 'xterm-256color' }, SSH],
    ['is there in a pipe that wants it', `${TRIAL} app.synth();`, { FORCE_COLOR: '1' }, yellow],
    ['is not there with NO_COLOR', terminal, { TERM: 'xterm-256color', NO_COLOR: '1' }, SSH],
    ['is not there with FORCE_COLOR=0', terminal, { TERM: 'xterm-256color', FORCE_COLOR: '0' }, SSH],
    ['is not there on a terminal that has none', terminal, { TERM: 'dumb' }, SSH],
  ])('%s', (_, program, env, expected) => {
    expect(first(program, env)).toBe(expected);
  });
});
