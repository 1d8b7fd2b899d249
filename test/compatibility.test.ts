import { spawnSync } from 'child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

const ROOT = join(__dirname, '..');

/** What the comparison with the last release says of an API that was changed on purpose. */
function compare(change: (types: any) => void): { status: number | null; output: string } {
  const folder = mkdtempSync(join(tmpdir(), 'changed-api-'));
  try {
    const assembly = JSON.parse(readFileSync(join(ROOT, '.jsii'), 'utf8'));
    change(assembly.types);
    writeFileSync(join(folder, '.jsii'), JSON.stringify(assembly));
    const { status, stdout } = spawnSync('node', ['build/compatibility.mjs', join(folder, '.jsii')], { cwd: ROOT, encoding: 'utf8' });
    return { status, output: stdout };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('no program that the last release ran is broken by today\'s API', () => {
  expect(compare(() => undefined)).toEqual({ status: 0, output: '' });
});

test('fails when an optional prop becomes a required one', () => {
  const { status, output } = compare((types) => {
    types['cdktf-azure-gitlab.AksClusterProps'].properties.find(({ name }: any) => name === 'preset').optional = undefined;
  });
  expect(status).toBe(1);
  expect(output).toContain('newly required property \'preset\' used to be optional');
});

test('fails when a type is gone', () => {
  const { status, output } = compare((types) => { delete types['cdktf-azure-gitlab.RunnerLogFormat']; });
  expect(status).toBe(1);
  expect(output).toContain('[removed:cdktf-azure-gitlab.RunnerLogFormat]');
});
