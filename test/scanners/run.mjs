// The scanner tier: the real Checkov and kube-score on what programs with the packed package synthesise. Each finding is accepted in docs/scanners.md, with its
// reason, or is a failure. `node test/scanners/run.mjs [name…]` runs the test files whose name holds one of the words. Environment: SCANNERS_TESTS, a pattern of
// test names; SCANNERS_CACHE, where the scanners are kept; SCANNERS_FINDINGS, a file for all that they found.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkov, kubeScore } from './build.mjs';
import { bundle, install, lacking, pack, ROOT, runTests, scratchFolder } from '../tier.mjs';

const HERE = import.meta.dirname;
/** What each file of tests needs on the machine besides Node, and the scanner that it runs. */
const SCANNERS = {
  'checkov': { needs: { python3: '--version' }, variable: 'SCANNERS_CHECKOV', build: checkov },
  'kube-score': { needs: { go: 'version' }, variable: 'SCANNERS_KUBE_SCORE', build: kubeScore },
};
const PROGRAMS = { complete: 'examples/typescript/complete/main.ts', article: 'examples/typescript/article/main.ts', everything: 'test/scanners/everything.ts' };

const words = process.argv.slice(2);
const names = Object.keys(SCANNERS).filter((name) => words.length === 0 || words.some((word) => name.includes(word)));
const missing = new Map(names.map((name) => [name, lacking(SCANNERS[name].needs)]).filter(([, programs]) => programs.length > 0));
missing.forEach((programs, name) => console.log(`SKIPPED, there is no ${programs.join(' and no ')}: ${name} scanned nothing`));
const ready = names.filter((name) => !missing.has(name));
if (ready.length === 0 || (missing.size > 0 && process.env.CI)) {
  process.exit(process.env.CI ? 1 : 0);
}

const cache = resolve(process.env.SCANNERS_CACHE ?? join(ROOT, '.cache/scanners'));
ready.forEach((name) => {
  process.env[SCANNERS[name].variable] = SCANNERS[name].build(cache, console.log);
});
const app = scratchFolder('scanners');
install(app, pack(app));
for (const [name, source] of Object.entries(PROGRAMS)) {
  const folder = join(app, name);
  mkdirSync(folder);
  bundle(join(ROOT, source), join(folder, 'main.cjs'));
  execFileSync(process.execPath, ['main.cjs'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
}
Object.assign(process.env, { SCANNERS_APP: app, SCANNERS_ROOT: ROOT });
const files = readdirSync(HERE).filter((file) => ready.some((name) => file === `${name}.scanners.ts`)).map((file) => {
  const target = join(app, file.replace(/\.ts$/, '.cjs'));
  bundle(join(HERE, file), target);
  return target;
});
process.exit(await runTests('scanner', files, { testNamePatterns: process.env.SCANNERS_TESTS }));
