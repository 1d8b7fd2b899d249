// Makes everything that a release publishes, below dist/: `node build/release.mjs VERSION [--code-only]`. It works on the packed package: the version
// is in no source file. `--code-only` leaves out what the languages' own tools do, which takes minutes.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { cdktn } from './cdktn.mjs';
import { stampDay } from './release-day.mjs';

const LANGUAGES = ['typescript', 'python', 'java', 'go'];
const [version, ...flags] = process.argv.slice(2);
if (!/^\d+\.\d+\.\d+(-\w+\.\d+)?$/.test(version ?? '')) {
  throw new Error(`the version is to be like 1.2.3 or 1.2.3-rc.1, got ${JSON.stringify(version)}`);
}
const codeOnly = flags.includes('--code-only');
const { name, peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const published = resolve(process.env.RELEASE_DIST ?? 'dist');
const bin = (tool) => resolve('node_modules/.bin', tool);
const run = (command, args, cwd) => execFileSync(command, args, {
  cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' },
});
const pack = (folder, target) => join(target, JSON.parse(run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', target], folder))[0].filename);

rmSync(published, { recursive: true, force: true });
const work = mkdtempSync(join(tmpdir(), 'release-'));
// jsii-pacmak does not take every path: where it writes is not where the checkout is
const dist = join(work, 'dist');
['js', 'docs'].forEach((folder) => mkdirSync(join(dist, folder), { recursive: true }));
try {
  run(bin('jsii-rosetta'), ['extract', '--strict', '.jsii']);
  const modules = join(work, 'node_modules');
  const ours = join(modules, name);
  mkdirSync(ours, { recursive: true });
  Object.keys(peerDependencies).forEach((peer) => symlinkSync(resolve('node_modules', peer), join(modules, peer)));
  run('tar', ['-xzf', pack('.', work), '-C', ours, '--strip-components', '1']);
  stamp(ours);

  const twinApp = join(work, 'cdktn');
  const twin = join(twinApp, 'node_modules', name.replace('cdktf', 'cdktn'));
  mkdirSync(twinApp);
  writeFileSync(join(twinApp, 'package.json'), '{"private":true}');
  cdktn(ours, twin);
  const peers = JSON.parse(readFileSync(join(twin, 'package.json'), 'utf8')).peerDependencies;
  rmSync(twin, { recursive: true });
  run('npm', ['install', '--no-save', '--no-fund', '--no-audit', ...Object.entries(peers).map(([peer, range]) => `${peer}@${range}`)], twinApp);
  cdktn(ours, twin);

  publishable(twin);
  publishable(ours);
  cpSync(dist, published, { recursive: true });
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Writes the version to the three places that a compiler would have put it, and the day to the one that warnings about old versions go by. */
function stamp(folder) {
  const rewrite = (file, change) => writeFileSync(join(folder, file), change(readFileSync(join(folder, file), 'utf8')));
  const json = (text) => JSON.stringify({ ...JSON.parse(text), version }, null, 2);
  rewrite('package.json', json);
  rewrite('.jsii', json);
  rewrite('lib/bundle.js', (text) => stampDay(text, new Date().toISOString().slice(0, 10))
    .replace(new RegExp(`(fqn:\\s*"${name}\\.\\w+",\\s*version:\\s*)"[^"]*"`, 'g'), `$1"${version}"`));
}

/** One package's archive, its packages in the other languages and, for ours, the API's documentation in each. */
function publishable(folder) {
  pack(folder, join(dist, 'js'));
  run(bin('jsii-pacmak'), [folder, '--outdir', codeOnly ? join(dist, basename(folder)) : dist, '--no-npmignore', '--target', 'python', 'java', 'go', ...codeOnly ? ['--code-only'] : []]);
  if (folder.endsWith(name)) {
    // it looks for the peers below the package, nowhere else.
    mkdirSync(join(folder, 'node_modules'));
    Object.keys(peerDependencies).forEach((peer) => symlinkSync(resolve('node_modules', peer), join(folder, 'node_modules', peer)));
    run(bin('jsii-docgen'), ['--output', join(dist, 'docs', 'API'), ...LANGUAGES.flatMap((language) => ['--language', language])], folder);
  }
}
