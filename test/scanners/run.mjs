// The scanner tier: the real Checkov and kube-score on what programs with the packed package synthesise. Each finding is accepted in docs/scanners.md, with its
// reason, or is a failure. And the queries of alerts, on an engine for KQL. See ../define-tier.mjs. Environment: SCANNERS_FINDINGS, a file for all that they found.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkov, kql, kubeScore } from './build.mjs';
import { cacheOf, defineTier } from '../define-tier.mjs';
import { bundle, lacking, ROOT } from '../tier.mjs';

/** What each file of tests needs on the machine besides Node, and the scanner that it runs. */
const SCANNERS = {
  'checkov': { needs: { python3: '--version' }, variable: 'SCANNERS_CHECKOV', build: checkov },
  'queries': { needs: { python3: '--version' }, variable: 'SCANNERS_QUERIES', build: kql },
  'kube-score': { needs: { go: 'version' }, variable: 'SCANNERS_KUBE_SCORE', build: kubeScore },
};
const PROGRAMS = {
  'complete': 'examples/typescript/complete/main.ts',
  'article': 'examples/typescript/article/main.ts',
  'landing-zone': 'examples/typescript/landing-zone/main.ts',
  'everything': 'test/scanners/everything.ts',
};

await defineTier({
  program: fileURLToPath(import.meta.url),
  name: 'scanners',
  nothing: 'nothing was scanned',
  missingFor: (file) => lacking(SCANNERS[file].needs),
  prepare: ({ files }) => Object.fromEntries(files.map((file) => [SCANNERS[file].variable, SCANNERS[file].build(cacheOf('scanners'), console.log)])),
  furnish(app) {
    for (const [name, source] of Object.entries(PROGRAMS)) {
      const folder = join(app, name);
      mkdirSync(folder);
      bundle(join(ROOT, source), join(folder, 'main.cjs'));
      execFileSync(process.execPath, ['main.cjs'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
    }
    return { SCANNERS_APP: app, SCANNERS_ROOT: ROOT };
  },
});
