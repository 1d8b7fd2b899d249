import { execFileSync } from 'child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { TerraformLocal, TerraformOutput, Testing } from 'cdktf';
import { parse } from 'smol-toml';
import { hasToken, quoted, rubyQuoted, templateText } from '../../src/private/terraform-text';
import * as fc from '../fast-check';
import { newStack } from '../synth';
import { ruby, terraform, testWith } from '../tools';

const NASTY = ['${', '%{', '$${', '%%{', '$', '%', '"', '\\', '\n', '\r', '\t', '}', '{{', '#{', 'é', '𝄞', '\u2028', 'TfToken[TOKEN.0]', ' '];
const nastyText = fc.array(fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary-ascii', maxLength: 3 })), { maxLength: 8 })
  .map((parts) => parts.join('').replace(/\0/g, ''));

const SAMPLES = fc.sample(fc.record({ before: nastyText, unknown: nastyText, after: nastyText }), { numRuns: 500, seed: 7 });

/** Lets the real Terraform evaluate `before`, a value only it knows, and `after` in one string. */
function evaluate(render: (text: string) => string): string[] {
  const stack = newStack();
  SAMPLES.forEach(({ before, unknown, after }, i) => {
    const local = new TerraformLocal(stack, `local-${i}`, templateText(unknown));
    new TerraformOutput(stack, `o${i}`, { value: render(`${before}${local.asString}${after}`) }).overrideLogicalId(`o${i}`);
  });
  const folder = mkdtempSync(join(tmpdir(), 'terraform-text-'));
  try {
    writeFileSync(join(folder, 'main.tf.json'), Testing.synth(stack));
    execFileSync(terraform!, ['apply', '-auto-approve', '-no-color', '-input=false'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
    const { outputs } = JSON.parse(readFileSync(join(folder, 'terraform.tfstate'), 'utf8'));
    return SAMPLES.map((_, i) => outputs[`o${i}`].value);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const judged = testWith(terraform, 'terraform');

judged('any text around any unknown value reaches Terraform as it is', () => {
  expect(evaluate(templateText)).toEqual(SAMPLES.map(({ before, unknown, after }) => before + unknown + after));
});

judged('a quoted text is the same string to a JSON and to a TOML reader, whatever the unknown value holds', () => {
  const texts = evaluate((text) => templateText(quoted(text)));
  const expected = SAMPLES.map(({ before, unknown, after }) => before + unknown + after);
  expect(texts.map((text) => JSON.parse(text))).toEqual(expected);
  // TOML knows no raw DEL in a string; JSON does.
  const carried = expected.map((text, i) => ({ text, toml: texts[i] })).filter(({ text }) => !text.includes('\u007f'));
  expect(carried.map(({ toml }) => parse(`x = ${toml}`).x)).toEqual(carried.map(({ text }) => text));
});

testWith(terraform && ruby, 'terraform or ruby')('a text quoted for Ruby is the same string to Ruby, which would run what is in #{}', () => {
  const texts = evaluate((text) => templateText(rubyQuoted(text)));
  const program = `[${texts.join(',\n')}]`;
  const seen = execFileSync('ruby', ['-rjson', '-e', 'puts JSON.generate(eval($stdin.read))'], { input: program, encoding: 'utf8' });
  expect(JSON.parse(seen)).toEqual(SAMPLES.map(({ before, unknown, after }) => before + unknown + after));
});

test('text without tokens is left in peace', () => {
  expect(templateText('plain $x %y')).toBe('plain $x %y');
  expect(quoted('a"b')).toBe('"a\\"b"');
  expect(hasToken('${TfToken[')).toBe(false);
});
