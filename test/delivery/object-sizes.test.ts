import { randomBytes } from 'node:crypto';
import { TerraformVariable } from 'cdktf';
import { CONFIG_MAP } from './charts';
import { make } from '../aks/made';
import { synth } from '../synth';

const MEBIBYTE = 2 ** 20;
const SECRET = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' } };
const text = (length: number) => 'a'.repeat(length);
const base64 = (length: number) => Buffer.alloc(length).toString('base64');

test.each([
  ['data', { ...CONFIG_MAP, data: { a: text(MEBIBYTE), b: 'b' } }, 'manifests[0].data: more than a ConfigMap can hold, got 1025 KiB; keep to 1024 KiB: divide it, or keep '
    + 'the content where pods fetch it'],
  ['text beyond ASCII', { ...CONFIG_MAP, data: { a: 'é'.repeat(MEBIBYTE / 2 + 1) } }, /^manifests\[0\]\.data: more than a ConfigMap can hold, got 1025 KiB; /],
  ['data and binary data together', { ...CONFIG_MAP, data: { a: text(MEBIBYTE / 2) }, binaryData: { b: base64(MEBIBYTE / 2 + 1) } }, /more than a ConfigMap can hold/],
  ['a Secret', { ...SECRET, data: { a: base64(MEBIBYTE + 1) } }, /more than a Secret can hold, got 1025 KiB; /],
  ['text of a Secret', { ...SECRET, stringData: { a: text(MEBIBYTE + 1) } }, /more than a Secret can hold/],
  ['annotations', { ...CONFIG_MAP, metadata: { name: 'x', annotations: { a: text(MEBIBYTE / 4) } } }, 'manifests[0].metadata.annotations: more than an object can carry, '
    + 'got 257 KiB; keep to 256 KiB: keep the content in a ConfigMap'],
] as [string, any, string | RegExp][])('too large: %s', (_, manifest, message) => {
  expect(() => make().cluster.addManifest('Manifest', manifest)).toThrow(typeof message === 'string' ? new Error(`${message} (at Test/Cluster)`) : message);
});

test.each([
  ['1 MiB to the byte', { ...CONFIG_MAP, data: { a: text(MEBIBYTE) } }],
  ['a Secret whose base64 is more', { ...SECRET, data: { a: base64(MEBIBYTE) } }],
  ['text in the place of data, which counts once', { ...SECRET, data: { a: base64(MEBIBYTE / 2 + 1) }, stringData: { a: text(MEBIBYTE / 2) } }],
  ['an object of another kind', { apiVersion: 'example.com/v1', kind: 'ConfigMap', metadata: { name: 'x' }, data: { a: text(MEBIBYTE + 1) } }],
  ['annotations that fit', { ...CONFIG_MAP, metadata: { name: 'x', annotations: { a: text(MEBIBYTE / 4 - 1) } } }],
  ['no data', { ...CONFIG_MAP, data: null }],
] as [string, any][])('large enough: %s', (_, manifest) => {
  const { stack, cluster } = make();
  cluster.addManifest('Manifest', manifest);
  expect(() => synth(stack)).not.toThrow();
});

test('what only the apply knows counts nothing', () => {
  const { stack, cluster } = make();
  const script = new TerraformVariable(stack, 'script', { type: 'string' });
  cluster.addManifest('Manifest', { ...CONFIG_MAP, data: { a: text(MEBIBYTE), b: script.stringValue } });
  expect(() => synth(stack)).not.toThrow();
});

/** Objects whose content does not compress, each of a size that is fine. */
const incompressible = () => [1, 2, 3].map((number) => ({
  apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `x${number}` }, data: { a: randomBytes(150_000).toString('base64') },
}));

test('a release whose record Helm cannot store is refused', () => {
  const { stack, cluster } = make();
  cluster.addManifest('Manifest', ...incompressible());
  expect(() => synth(stack)).toThrow(/chart: more than Helm can store as the record of one release, got 1\d{3} KiB; keep to 1024 KiB after compression: divide it into /);
});

test('a large one that compresses well is not', () => {
  const { stack, cluster } = make();
  cluster.addManifest('Manifest', ...incompressible().map((object) => ({ ...object, data: { a: text(900_000) } })));
  expect(() => synth(stack)).not.toThrow();
});
