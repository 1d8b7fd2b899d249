// The languages tier: the packed package in every language that it is published in, made and built with that language's own tools.
// `node test/languages/run.mjs [name…]` runs the test files whose name holds one of the words. Environment: LANGUAGES_TESTS, a pattern of test
// names; LANGUAGES_CACHE, where packages are kept.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundle, install, lacking, pack, ROOT, runTests, scratchFolder } from '../tier.mjs';

const HERE = import.meta.dirname;
/** What each file of tests needs on the machine besides Node. */
const PROGRAMS = {
  cdktn: { python3: '--version' },
  go: { go: 'version' },
  java: { java: '-version', mvn: '--version' },
  python: { python3: '--version' },
};

const words = process.argv.slice(2);
const names = readdirSync(HERE).map((file) => file.match(/^(.*)\.languages\.ts$/)?.[1])
  .filter((name) => name && (words.length === 0 || words.some((word) => name.includes(word))));
const missing = new Map(names.map((name) => [name, lacking(PROGRAMS[name] ?? {})]).filter(([, programs]) => programs.length > 0));
missing.forEach((programs, name) => console.log(`SKIPPED, there is no ${programs.join(' and no ')}: ${name} was not tried`));
const ready = names.filter((name) => !missing.has(name));
if (ready.length === 0 || (missing.size > 0 && process.env.CI)) {
  process.exit(process.env.CI ? 1 : 0);
}
if (!existsSync(join(ROOT, 'lib/bundle.js'))) {
  throw new Error('no lib/bundle.js: run `npx projen compile` and `npx projen bundle` first');
}

const app = scratchFolder('languages');
// the translated snippets are part of the package.
execFileSync(join(ROOT, 'node_modules/.bin/jsii-rosetta'), ['extract', '--strict', '.jsii'], {
  cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' },
});
const archive = pack(app);
install(app, archive);
const cache = resolve(process.env.LANGUAGES_CACHE ?? join(ROOT, '.cache/languages'));
mkdirSync(cache, { recursive: true });
// by links: some tools of the languages do not take every path.
const [linkToCache, linkToRoot] = [['cache', cache], ['repository', ROOT]].map(([name, folder]) => {
  symlinkSync(folder, join(app, name));
  return join(app, name);
});
Object.assign(process.env, {
  JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20',
  LANGUAGES_APP: app,
  LANGUAGES_ARCHIVE: archive,
  LANGUAGES_CACHE: linkToCache,
  LANGUAGES_ROOT: linkToRoot,
});
bundle(join(ROOT, 'examples/typescript/complete/main.ts'), join(app, 'complete.cjs'));
bundle(join(HERE, 'programs/typescript/chart.ts'), join(app, 'chart.cjs'));
const files = ready.map((name) => {
  const target = join(app, `${name}.languages.cjs`);
  bundle(join(HERE, `${name}.languages.ts`), target);
  return target;
});
process.exit(await runTests('languages', files, { testNamePatterns: process.env.LANGUAGES_TESTS }));
