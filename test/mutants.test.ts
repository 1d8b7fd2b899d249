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
  const TIERS = ['apply/mutants', 'cluster/mutants', 'firstboot/mutants', 'whole/joints'];
  const app = mkdtempSync(join(tmpdir(), 'mutants-'));
  const lib = join(app, 'node_modules', NAME, 'lib');
  const wrong = [];
  let count = 0;
  for (const tier of TIERS) {
    const { FAULTS, breakJoint = (folder, { put }) => putFault(folder, ...put) } = await import(\`./test/\${tier}.mjs\`);
    for (const fault of FAULTS) {
      rmSync(lib, { recursive: true, force: true });
      mkdirSync(lib, { recursive: true });
      ['bundle.js', 'command.js'].forEach((file) => cpSync(join('lib', file), join(lib, file)));
      count += 1;
      try {
        breakJoint(app, fault);
      } catch (error) {
        wrong.push(\`\${tier}: \${fault.what}: \${error.message}\`);
      }
    }
  }
  rmSync(app, { recursive: true });
  console.log(JSON.stringify({ count, wrong }));
`;

/** Those of Jest's own that are not once in their files. */
const OWN = `
  import { readFileSync } from 'node:fs';
  import { MUTANTS } from './test/mutants.mjs';
  const times = ([, , , file, text]) => readFileSync(file, 'utf8').split(text).length - 1;
  console.log(JSON.stringify({ count: MUTANTS.length, wrong: MUTANTS.filter((mutant) => times(mutant) !== 1).map((mutant) => [mutant[0], times(mutant)]) }));
`;
const judged = (program: string) => JSON.parse(execFileSync(process.execPath, ['--input-type=module', '--eval', program], { cwd: ROOT, encoding: 'utf8' }));

test('each fault that Jest has to find has its text once', () => {
  const { count, wrong } = judged(OWN);
  expect(wrong).toEqual([]);
  expect(count).toBeGreaterThan(200);
});

test('each fault that a tier tries can still be put into the package', () => {
  const { count, wrong } = judged(PROGRAM);
  expect(wrong).toEqual([]);
  expect(count).toBeGreaterThan(90);
});
