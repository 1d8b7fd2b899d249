import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { TerraformLocal, TerraformOutput, TerraformVariable, Testing, Token } from 'cdktf';
import { parse } from 'smol-toml';
import { nearest } from '../../../src/private/nearest';
import { templateText } from '../../../src/private/terraform-text';
import { toToml } from '../../../src/runner/private/toml';
import * as fc from '../../fast-check';
import { newStack } from '../../synth';
import { terraform, testWith } from '../../tools';

const text = fc.string({ unit: 'grapheme', maxLength: 12 }).map((value) => value.replace(/\0/g, ''));
const nasty = fc.oneof(text, fc.constantFrom('${x}', '%{if}', '"', '\\', '\n', '\u007f', '\u0085', '\u2028', '\ufeff', '@text:/x@', '[[runners]]', '# no'));
const key = nasty.filter((name) => name !== '__proto__');
const scalar = fc.oneof(nasty, fc.boolean(), fc.integer());
const data = fc.dictionary(key, fc.oneof(scalar, fc.array(nasty, { maxLength: 3 }), fc.dictionary(key, scalar, { maxKeys: 3 }),
  fc.array(fc.dictionary(key, scalar, { minKeys: 1, maxKeys: 2 }), { minLength: 1, maxLength: 2 })), { maxKeys: 5 });

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('any data survives', () => {
  fc.assert(fc.property(data, (value) => {
    const toml = toToml(value);
    expect(plain(parse(toml))).toEqual(plain(value));
    // what YAML or Helm would change on the way is written as an escape.
    expect(toml).not.toMatch(/[\u007f-\u009f\u2028\u2029\ufeff]/);
  }), { numRuns: 500 });
});

test('what is undefined or null is left out', () => {
  expect(toToml({ a: undefined, b: null, c: { d: undefined }, e: 1 })).toBe('e = 1\n\n[c]\n');
});

testWith(terraform, 'terraform')('a value that only Terraform knows reads the same to a TOML reader, as key, text, number or list', () => {
  const stack = newStack();
  const value = 'q"\\\n${x} é <&>';
  const local = new TerraformLocal(stack, 'Text', templateText(value));
  const number = new TerraformVariable(stack, 'Number', { type: 'number', default: 42 });
  const list = new TerraformVariable(stack, 'List', { type: 'list(string)', default: ['a"b', 'c'] });
  const flag = new TerraformVariable(stack, 'Flag', { type: 'bool', default: true });
  const toml = toToml({
    text: `<${local.asString}>`,
    number: number.numberValue,
    list: list.listValue,
    flag: flag.booleanValue,
    table: { [`k ${local.asString}`]: Token.asString(local.asString), plain: '${y}' },
    tables: [{ [local.asString]: 1 }],
  });
  new TerraformOutput(stack, 'Toml', { value: templateText(toml) }).overrideLogicalId('toml');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'toml-'));
  try {
    fs.writeFileSync(path.join(folder, 'main.tf.json'), Testing.synth(stack));
    execFileSync(terraform!, ['apply', '-auto-approve', '-no-color', '-input=false'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
    const { outputs } = JSON.parse(fs.readFileSync(path.join(folder, 'terraform.tfstate'), 'utf8'));
    expect(plain(parse(outputs.toml.value))).toEqual({
      text: `<${value}>`, number: 42, list: ['a"b', 'c'], flag: true, table: { [`k ${value}`]: value, plain: '${y}' }, tables: [{ [value]: 1 }],
    });
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test('the nearest name is the one with the fewest changes', () => {
  expect(nearest('cpu_limits', ['cpu_request', 'cpu_limit', 'memory_limit'])).toBe('cpu_limit');
  expect(nearest('', ['abc', 'a'])).toBe('a');
});
