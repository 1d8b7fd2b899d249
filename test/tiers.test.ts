import { spawnSync } from 'child_process';
import { existsSync, readdirSync } from 'fs';
import { join } from 'path';

const TIERS = readdirSync(__dirname).filter((name) => existsSync(join(__dirname, name, 'run.mjs')) && name !== 'compare');

/** With a word that no test file has, so that nothing runs where a flag is taken. */
const call = (tier: string, flag: string) => spawnSync(process.execPath, [join(__dirname, tier, 'run.mjs'), flag, 'no-such-file'], { encoding: 'utf8' });

test.each(TIERS)('%s tells how to call it, and takes no flag that it does not know', (tier) => {
  const usage = `usage: node test/${tier}/run.mjs [flag…] [word…]`;
  const helped = call(tier, '--help');
  expect([helped.status, helped.stdout.split('\n')[0]]).toEqual([0, usage]);
  const refused = call(tier, '--mutant');
  expect([refused.status, ...refused.stdout.split('\n').slice(0, 2)]).toEqual([2, 'no such flag: --mutant', usage]);
  expect(call(tier, '--bench').stdout).toContain('no test file is called no-such-file');
});
