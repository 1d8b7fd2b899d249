import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { TerraformStack } from 'cdktf';
import { CASES } from './warning-cases';
import { AksCluster, SelfHostedGitLab, Warnings } from '../../src';
import { WARNING_IDS } from '../../src/warnings/private/warning-ids';
import { newStack, synth } from '../synth';

const ROOT = join(__dirname, '..', '..');
const ALL = Object.entries(CASES).flatMap(([id, cases]) => cases.map(([make, text], index) => [id, index, make, text] as const));

/** Every warning of a stack that has been prepared and validated, by its id. */
function given(stack: TerraformStack): { [id: string]: string[] } {
  const found: { [id: string]: string[] } = {};
  for (const { type, data } of stack.node.findAll().flatMap(({ node }) => node.metadata)) {
    if (type === '@cdktf/warn') {
      const [, text, id] = /^(.*) \[([a-z0-9-]+)\]$/s.exec(data)!;
      (found[id] ??= []).push(text);
    }
  }
  return found;
}

test.each(ALL)('%s is given (%i)', (id, _index, make, text) => {
  const stack = newStack();
  make(stack);
  synth(stack);
  expect(given(stack)[id]).toEqual([text]);
});

test.each(ALL)('%s is not given once it is acknowledged (%i)', (id, _index, make) => {
  const stack = newStack();
  Warnings.of(stack).acknowledge(id, 'tried here');
  make(stack);
  synth(stack);
  expect(given(stack)).not.toHaveProperty(id);
});

test('each tells prop, reason and remedy', () => {
  for (const [, , make] of ALL) {
    const stack = newStack();
    make(stack);
    synth(stack);
    for (const text of Object.values(given(stack)).flat()) {
      expect(text).toMatch(/^[\w."()-]+: [^;]+[^;.]; [^;]+[^;.]$/);
    }
  }
});

test('what has no relaxation gives none', () => {
  const stack = newStack();
  new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral' });
  new AksCluster(stack, 'Aks', { location: 'koreacentral' });
  synth(stack);
  expect(given(stack)).toEqual({});
});

test('none is given past the one function', () => {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const direct = files.filter((file) => /\.add(Warning|Info|Error|Message)\(|@cdktf\/warn/.test(readFileSync(join(ROOT, 'src', file), 'utf8')));
  expect(direct).toEqual([join('warnings', 'private', 'warn.ts')]);
});

test('docs/warnings.md has every one, and no other', () => {
  const page = readFileSync(join(ROOT, 'docs', 'warnings.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([a-z0-9-]+)` \| (.+) \| (.+) \| (.+) \|$/gm)];
  expect(rows.map(([, id]) => id).sort()).toEqual([...WARNING_IDS].sort());
});

test('the props that docs/warnings.md names are those that the warnings tell', () => {
  const page = readFileSync(join(ROOT, 'docs', 'warnings.md'), 'utf8');
  const rows = new Map([...page.matchAll(/^\| `([a-z0-9-]+)` \| (.+) \| (.+) \| (.+) \|$/gm)].map(([, id, props]) => [id, props]));
  const missing = ALL.filter(([, , , text]) => typeof text === 'string')
    .filter(([id, , , text]) => !rows.get(id)!.includes(`\`${text.split(/[:(]/)[0]}\``)).map(([id, , , text]) => `${id}: ${text.split(/[:(]/)[0]}`);
  expect(missing).toEqual([]);
});
