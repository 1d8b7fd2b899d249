// Prints the ratios that the README quotes: each pair is measured in one run, in turn. Needs a compiled package.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { handwritten } from './handwritten.mjs';
import { median, pair } from './measure.mjs';

const work = mkdtempSync(join(tmpdir(), 'bench-programs-'));
process.on('exit', () => rmSync(work, { recursive: true }));
let missed = 0;
const report = (what, value, limit, unit, detail) => {
  const ok = limit === undefined || value <= limit;
  missed += ok ? 0 : 1;
  console.log(`${ok ? 'ok    ' : 'MISSED'} ${what}: ${value.toFixed(2)}${unit}${limit === undefined ? '' : ` (at most ${limit}${unit})`}; ${detail}`);
};
const figures = ({ wall, memory }) => `${wall.toFixed(0)} ms and ${memory.toFixed(0)} MB`;
const program = (name, source) => {
  const file = join(work, name);
  writeFileSync(file, source);
  return { command: 'node', args: [file] };
};
/** A program against this checkout, compiled as a user's build would. */
const ours = (name, source) => {
  const { outputFiles } = buildSync({
    stdin: { contents: source, resolveDir: '.', loader: 'ts' }, bundle: true, platform: 'node', write: false,
    alias: { 'cdktf-azure-gitlab': resolve('lib/bundle.js') }, external: ['cdktf', 'cdk8s', 'constructs', resolve('lib/bundle.js')],
  });
  const external = outputFiles[0].text.replace(/require\("(cdktf|cdk8s|constructs)"\)/g, (_, peer) => `require(${JSON.stringify(resolve('node_modules', peer))})`);
  return program(name, external);
};

/** Runs a program once and returns the folder of its stack. */
const synthesised = ({ command, args }) => {
  const out = mkdtempSync(join(work, 'out-'));
  execFileSync(command, args, { cwd: out });
  return join(out, 'cdktf.out', 'stacks', 'gitlab');
};
const resources = (stack) => JSON.parse(readFileSync(join(stack, 'cdk.tf.json'), 'utf8')).resource;
const count = (block) => Object.values(block).reduce((sum, all) => sum + Object.keys(all).length, 0);
/** The program that somebody would write without this library, for the same stack. */
const byHand = (name, program_) => {
  const stack = synthesised(program_);
  const hand = program(name, handwritten(stack));
  const [theirs, mine] = [synthesised(hand), stack].map((folder) => count(resources(folder)));
  if (theirs !== mine) {
    throw new Error(`the hand-written program makes ${theirs} resources, ours ${mine}`);
  }
  return hand;
};

// 1. the complete example against the same resources by hand
const complete = ours('complete.cjs', readFileSync('examples/typescript/complete/main.ts', 'utf8'));
const completeResources = resources(synthesised(complete));
const sameResources = pair(complete, byHand('complete-by-hand.cjs', complete), 15);
const both = `ours ${figures(sameResources.one)}, by hand ${figures(sameResources.other)}, ${count(completeResources)} resources`;
report('complete example against hand-written cdktf, wall', sameResources.wall, 1.1, 'x', both);
report('complete example against hand-written cdktf, memory', sameResources.memory, 1.1, 'x', both);

// 2. many runners
const many = (runners) => ours(`runners-${runners}.cjs`, `
  import { App, TerraformStack } from 'cdktf';
  import { AksCluster, KubernetesGitLabRunner, SelfHostedGitLab } from 'cdktf-azure-gitlab';
  const stack = new TerraformStack(new App(), 'gitlab');
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral' });
  const cluster = new AksCluster(stack, 'Cluster', { location: 'koreacentral' });
  for (let i = 0; i < ${runners}; i++) {
    new KubernetesGitLabRunner(stack, 'Runner' + i, { gitlab, cluster, tags: ['aks'], namespace: 'runner-' + i });
  }
  App.of(stack).synth();`);
const [hundred, twoHundred] = [many(100), many(200)];
const growth = pair(twoHundred, hundred, 5);
report('200 runners against 100, wall', growth.wall, 2.1, 'x', `100: ${figures(growth.other)}, 200: ${figures(growth.one)}`);
const growthByHand = pair(byHand('200-by-hand.cjs', twoHundred), byHand('100-by-hand.cjs', hundred), 5);
const [oneMore, oneMoreByHand] = [growth, growthByHand].map(({ one, other }) => (one.wall - other.wall) / 100);
report('one more runner against hand-written cdktf, wall', oneMore / oneMoreByHand, 1.1, 'x',
  `ours ${oneMore.toFixed(1)} ms, by hand ${oneMoreByHand.toFixed(1)} ms`);

// 3. Python: import and synth, against one resource of each kind through the raw bindings
python();
process.exitCode = missed > 0 ? 1 : 0;

function python() {
  const dist = '.cache/languages/dist/python';
  const wheels = existsSync(dist) ? readdirSync(dist).filter((file) => file.endsWith('.whl')) : [];
  const environment = resolve('.cache', 'bench-python');
  const interpreter = join(environment, 'bin', 'python');
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'] };
  mkdirSync('.cache', { recursive: true });
  const installed = wheels.length > 0
    && (existsSync(interpreter) || spawnSync('python3', ['-m', 'venv', environment], quiet).status === 0)
    && spawnSync(interpreter, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--force-reinstall', '--no-deps',
      join(dist, wheels[0])], quiet).status === 0
    && spawnSync(interpreter, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', join(dist, wheels[0]),
      'cdktf-cdktf-provider-azurerm==14.23.1'], quiet).status === 0;
  if (!installed) {
    console.log('SKIPPED, no wheel (npm run test:python makes it), no python3, or the azurerm bindings cannot be had: Python was not measured');
    return;
  }
  const raw = join(work, 'raw.py');
  writeFileSync(raw, rawPython(completeResources));
  const timed = (file) => {
    const folder = mkdtempSync(join(work, 'python-'));
    const start = performance.now();
    execFileSync(interpreter, [file], {
      cwd: folder, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' },
    });
    return performance.now() - start;
  };
  const example = resolve('examples/python/complete/main.py');
  timed(example);
  timed(raw);
  const runs = Array.from({ length: 3 }, () => [timed(raw), timed(example)]);
  const ratio = median(runs.map(([theirs_, ours_]) => ours_ / theirs_));
  report('Python, import and synth against one resource of each kind through the raw bindings', ratio, 0.1, 'x',
    `ours ${median(runs.map(([, b]) => b)).toFixed(0)} ms, raw bindings ${median(runs.map(([a]) => a)).toFixed(0)} ms`);
}

/** A Python program that makes the first resource of each azurerm kind of a stack through the raw bindings. */
function rawPython(resources) {
  const pascal = (name) => name.replace(/(?:^|_)([a-z0-9])/g, (_, letter) => letter.toUpperCase());
  const kinds = Object.keys(resources).filter((type) => type.startsWith('azurerm_')).map((type) => type.slice('azurerm_'.length));
  const made = kinds.map((kind) => {
    const { '//': _, depends_on: _dependsOn, lifecycle: _lifecycle, timeouts: _timeouts, ...config } = Object.values(resources[`azurerm_${kind}`])[0];
    return `make(${kind}.${pascal(kind)}, "${kind}", json.loads(${JSON.stringify(JSON.stringify(config))}))`;
  });
  return `
import inspect
import json
from cdktf import App, TerraformStack
from cdktf_cdktf_provider_azurerm.provider import AzurermProvider
${kinds.map((kind) => `from cdktf_cdktf_provider_azurerm import ${kind}`).join('\n')}

app = App()
stack = TerraformStack(app, "gitlab")
AzurermProvider(stack, "azurerm", features=[{}])

def make(kind, name, config):
    known = inspect.signature(kind.__init__).parameters
    required = [key for key, parameter in known.items() if parameter.kind is parameter.KEYWORD_ONLY and parameter.default is parameter.empty]
    # Python takes nested blocks as objects of their classes only; as overrides they are data.
    blocks = {key: value for key, value in config.items() if "[{" in json.dumps(value)}
    plain = {key: value for key, value in config.items() if key in known and key not in blocks}
    resource = kind(stack, name, **{key: type(config[key])() if key in blocks else "x" for key in required if key not in plain}, **plain)
    for key, value in blocks.items():
        resource.add_override(key, value)

${made.join('\n')}
app.synth()
`;
}
