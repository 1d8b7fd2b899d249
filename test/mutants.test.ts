import { execFileSync } from 'child_process';
import { existsSync } from 'fs';
import { join } from 'path';

const ROOT = join(__dirname, '..');
if (!existsSync(join(ROOT, 'lib', 'bundle.js'))) {
  throw new Error('no lib/bundle.js: run `npx projen compile` and `npx projen bundle` first');
}

/** What is the matter with the faults of the tiers: those that cannot be put into the package. */
const PROGRAM = `
  import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
  import { tmpdir } from 'node:os';
  import { join } from 'node:path';
  import { NAME, putFault } from './test/tier.mjs';
  const TIERS = { apply: 'mutants', cluster: 'mutants', firstboot: 'mutants', whole: 'joints' };
  const app = mkdtempSync(join(tmpdir(), 'mutants-'));
  const lib = join(app, 'node_modules', NAME, 'lib');
  const wrong = [];
  let count = 0;
  for (const [tier, module] of Object.entries(TIERS)) {
    const { MUTANTS, JOINTS, mutate, breakJoint } = await import(\`./test/\${tier}/\${module}.mjs\`);
    for (const fault of MUTANTS ?? JOINTS) {
      rmSync(lib, { recursive: true, force: true });
      mkdirSync(lib, { recursive: true });
      cpSync('lib/bundle.js', join(lib, 'bundle.js'));
      count += 1;
      try {
        mutate ? mutate(app, fault) : breakJoint ? breakJoint(app, fault) : putFault(app, ...fault.slice(3));
      } catch (error) {
        wrong.push(\`\${tier}: \${fault[0]}: \${error.message}\`);
      }
    }
  }
  rmSync(app, { recursive: true });
  console.log(JSON.stringify({ count, wrong }));
`;

test('each fault that a tier tries can still be put into the package', () => {
  const { count, wrong } = JSON.parse(execFileSync(process.execPath, ['--input-type=module', '--eval', PROGRAM], { cwd: ROOT, encoding: 'utf8' }));
  expect(wrong).toEqual([]);
  expect(count).toBeGreaterThan(90);
});
