import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { ApiObject, App, Chart, Yaml } from 'cdk8s';
import { TerraformVariable, Token } from 'cdktf';
import { parse } from 'yaml';
import { AksCluster } from '../../src';
import { checkData, terraformData } from '../../src/delivery/private/manifest-values';
import * as fc from '../fast-check';
import { newStack, resource, synth } from '../synth';
import { terraform, testWith } from '../tools';

/** Each run is a Terraform apply of 150 random manifests. */
const RUNS = Number(process.env.MANIFEST_RUNS ?? 3);

/** Text that means something to one of the languages on the way. */
const NASTY = [
  '${', '%{', '$${', '$$${', '%%{', '$', '%', '}', '{{', '}}', '"', '\'', '\\', '\\n', '\n', '\r\n', '\t', '\u0007', '\u0000', '---', '...', '- ', ': ', '#', ' ',
  '<<EOT', '~', 'null', 'true', 'yes', 'no', 'on', '0x1F', '1e3', '012', '1_000', '.inf', '2026-11-24', '!!binary', '&a', '*a', '|', '>', '@', '`', '\u2028',
  '\u00e9', '\ud55c\uad6d\uc5b4', '\ud83d\ude00', '\ufffd', '//', '<<', '=', '//comment', '${var.name}', '%{ if true }', 'TfToken[TOKEN.0]', '',
];

/** What an earlier way lost: Terraform drops a key `//`, its yamlencode breaks on blank first lines. */
const ONCE_LOST = [
  { '//': { '//': '//' } }, ' \n', { ' \n': ' \n' }, ...NASTY, Object.fromEntries(NASTY.filter((key) => key !== '<<').map((key) => [key, key])),
];

const text = fc.array(fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary', maxLength: 6 }), fc.string({ maxLength: 6 })), { maxLength: 6 })
  .map((parts) => parts.join(''));
const number = fc.oneof(fc.integer(), fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -(2 ** 53) + 1, max: 2 ** 53 - 1 }));
const { json } = fc.letrec((tie) => ({
  json: fc.oneof({ depthSize: 'small' }, text, number, fc.boolean(), fc.constant(null),
    fc.array(tie('json'), { maxLength: 5 }), fc.dictionary(text, tie('json'), { maxKeys: 5 })),
}));

function carries(value: unknown): boolean {
  try {
    checkData({ where: 'test', prop: 'value' }, value);
    return true;
  } catch {
    return false;
  }
}

/** What JSON itself makes of a value (it has no -0). */
function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** Has Terraform itself evaluate the values of the one Helm release of a stack. */
function evaluate(stackJson: any): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'manifest-values-'));
  try {
    const { locals, variable } = stackJson;
    const [yaml] = resource(stackJson, 'helm_release').values;
    fs.writeFileSync(path.join(folder, 'main.tf.json'), JSON.stringify({ locals, variable, output: { yaml: { value: yaml } } }));
    execFileSync(terraform!, ['apply', '-auto-approve', '-no-color', '-input=false'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
    return JSON.parse(fs.readFileSync(path.join(folder, 'terraform.tfstate'), 'utf8')).outputs.yaml.value;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

const judged = testWith(terraform, 'terraform');

describe('any manifest through Terraform', () => {
  judged('arrives value for value', () => {
    fc.assert(fc.property(fc.array(json.filter(carries), { minLength: 150, maxLength: 150, size: 'max' }), (values) => {
      const manifests = values.map((data, index) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `m${index}` }, data }));
      const stack = newStack();
      const cluster = new AksCluster(stack, 'Cluster', { location: 'koreacentral' });
      cluster.addManifest('Manifests', ...manifests);
      expect(parse(evaluate(synth(stack)))).toEqual({ manifests: asJson(manifests) });
    }), { numRuns: RUNS, endOnFailure: true, examples: [[ONCE_LOST]] });
  });

  judged('leaves tokens of every kind to Terraform, and quotes nothing of what stands beside them', () => {
    const stack = newStack();
    const value = 'a "quoted" \\ ${b} %{c} \n line';
    const name = new TerraformVariable(stack, 'name', { type: 'string', default: value });
    const count = new TerraformVariable(stack, 'count_', { type: 'number', default: 3 });
    const names = new TerraformVariable(stack, 'names', { type: 'list(string)', default: ['x', 'y'] });
    const labels = new TerraformVariable(stack, 'labels', { type: 'map(string)', default: { k: 'v' } });
    const cluster = new AksCluster(stack, 'Cluster', { location: 'koreacentral' });
    const around = ['"', '\\', '$', '$$', '%', '${', '%{', '}', '\n', '$${', '{{ x }}', ''];
    cluster.addManifest('Manifests', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'm' },
      data: {
        alone: name.stringValue,
        number: count.numberValue,
        list: names.listValue,
        map: Token.asAnyMap(labels.value),
        any: labels.value,
        [`key-${name.stringValue}-\${x}`]: 1,
        mixed: around.flatMap((before) => around.map((after) => `${before}${name.stringValue}${after}${name.stringValue}${before}`)),
      },
    });
    const [manifest] = parse(evaluate(synth(stack))).manifests;
    expect(manifest.data).toEqual({
      alone: value,
      number: 3,
      list: ['x', 'y'],
      map: { k: 'v' },
      any: { k: 'v' },
      [`key-${value}-\${x}`]: 1,
      mixed: around.flatMap((before) => around.map((after) => `${before}${value}${after}${value}${before}`)),
    });
  });

  judged('takes objects that were added to a chart after it was delivered', () => {
    const stack = newStack();
    const cluster = new AksCluster(stack, 'Cluster', { location: 'koreacentral' });
    const chart = new Chart(new App(), 'late', { namespace: 'ci' });
    cluster.addCdk8sChart('Late', chart);
    new ApiObject(chart, 'Object', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'late' }, data: { a: '${b}' } } as any);
    expect(parse(evaluate(synth(stack))).manifests).toEqual([
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'late', namespace: 'ci' }, data: { a: '${b}' } },
    ]);
  });
});

test('any manifest survives the YAML file value for value', () => {
  fc.assert(fc.property(json.filter(carries), (value) => {
    expect(parse(Yaml.stringify({ value }))).toEqual(asJson({ value }));
  }), { numRuns: 500 });
});

test('text without marks of Terraform\'s is left as it is', () => {
  expect(terraformData({ 'a.b/c': ['x', 1, null, true, { d: 'é' }] })).toEqual({ 'a.b/c': ['x', 1, null, true, { d: 'é' }] });
});
