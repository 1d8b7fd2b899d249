import { spawnSync } from 'child_process';
import { readFileSync } from 'fs';
import { join } from 'path';
import { preflight } from './azure';
import { emptyFolder } from '../command/program';

const ROOT = join(__dirname, '../..');

test('docs/preflight.md shows what is printed for the complete example on the first day of a subscription, and there it fits', async () => {
  const folder = emptyFolder();
  const example = spawnSync('node', ['--require', join(ROOT, 'node_modules/ts-node/register/transpile-only'), join(ROOT, 'examples/typescript/complete/main.ts')], {
    cwd: folder, encoding: 'utf8', env: { ...process.env, TS_NODE_PROJECT: join(ROOT, 'tsconfig.dev.json') },
  });
  expect(example).toMatchObject({ status: 0, stderr: '' });
  const { code, told } = await preflight(join(folder, 'cdktf.out'));
  expect(code).toBe(0);
  const [, shown] = /<!-- printed -->\n```console\n(.*?)^```$/ms.exec(readFileSync(join(ROOT, 'docs/preflight.md'), 'utf8'))!;
  expect(shown.split('\n')).toEqual([...told, '']);
});
