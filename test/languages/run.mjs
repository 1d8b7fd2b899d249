// The languages tier: the package as users of each language get it, in the language that it is used in, made and built with that language's own tools.
// See ../define-tier.mjs.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheOf, defineTier } from '../define-tier.mjs';
import { bundle, lacking, ROOT } from '../tier.mjs';

const HERE = import.meta.dirname;
/** What each file of tests needs on the machine besides Node. */
const PROGRAMS = {
  cdktn: { python3: '--version' },
  go: { go: 'version' },
  java: { java: '-version', mvn: '--version' },
  python: { python3: '--version' },
};
const QUIET = { JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' };

if (!existsSync(join(ROOT, 'lib/bundle.js'))) {
  throw new Error('no lib/bundle.js: run `npx projen compile` and `npx projen bundle` first');
}

await defineTier({
  program: fileURLToPath(import.meta.url),
  name: 'languages',
  nothing: 'the package was not used',
  missingFor: (file) => lacking(PROGRAMS[file] ?? {}),
  beforePacking() {
    // the translated snippets are part of the package.
    execFileSync(join(ROOT, 'node_modules/.bin/jsii-rosetta'), ['extract', '--strict', '.jsii'], {
      cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...QUIET },
    });
  },
  prepare: ({ scratch }) => ({ ...QUIET, LANGUAGES_SCRATCH: scratch }),
  furnish(app) {
    const cache = cacheOf('languages');
    mkdirSync(cache, { recursive: true });
    // by links: some tools of the languages do not take every path.
    const [linkToCache, linkToRoot] = [['cache', cache], ['repository', ROOT]].map(([name, folder]) => {
      symlinkSync(folder, join(app, name));
      return join(app, name);
    });
    bundle(join(ROOT, 'examples/typescript/complete/main.ts'), join(app, 'complete.cjs'));
    bundle(join(HERE, 'programs/typescript/chart.ts'), join(app, 'chart.cjs'));
    return { LANGUAGES_APP: app, LANGUAGES_CACHE: linkToCache, LANGUAGES_ROOT: linkToRoot };
  },
});
