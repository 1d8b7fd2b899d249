import * as fs from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { AssetType, Testing, TerraformAsset, TerraformStack } from 'cdktf';
import { assetTexts, scriptTexts, SCRIPT_ROOMS, Texts } from '../../src/assets';
import { TextAsset } from '../../src/private/text-asset';
import { newStack } from '../synth';

const ALL: [string, () => Texts][] = [
  ['the chart', () => assetTexts('manifests-chart')],
  ...SCRIPT_ROOMS.map((room): [string, () => Texts] => [`the scripts of ${room}`, () => scriptTexts(room)]),
];

/** The asset's files in the output, by their paths in the stack's folder. */
function written(stack: TerraformStack): { [file: string]: string } {
  const folder = join(Testing.fullSynth(stack), 'stacks', stack.node.id);
  const files = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => fs.statSync(join(folder, file)).isFile() && file.startsWith('assets'));
  return Object.fromEntries(files.sort().map((file) => [file, fs.readFileSync(join(folder, file), 'utf8')]));
}

test.each(ALL)('%s have the name and the files that cdktf gives a folder of them', (_, texts) => {
  const folder = fs.mkdtempSync(join(tmpdir(), 'text-asset-'));
  for (const [file, text] of Object.entries(texts())) {
    fs.mkdirSync(dirname(join(folder, file)), { recursive: true });
    fs.writeFileSync(join(folder, file), text);
  }
  const [ours, theirs] = [newStack(), newStack()];
  const asset = new TextAsset(ours, 'Scripts', texts());
  expect(asset.path).toBe(new TerraformAsset(theirs, 'Scripts', { path: folder, type: AssetType.DIRECTORY }).path);
  expect(asset.path).toMatch(/^assets\/Scripts\/[0-9A-F]{32}$/);
  const files = written(ours);
  expect(Object.keys(files).length).toBe(Object.keys(texts()).length);
  expect(files).toEqual(written(theirs));
  fs.rmSync(folder, { recursive: true });
});

test('what an earlier synthesis left is gone', () => {
  const before = newStack('Earlier');
  new TextAsset(before, 'Scripts', { 'a.sh': 'one', 'deep/b.sh': 'two' });
  const outdir = Testing.fullSynth(before);
  const after = new TerraformStack(Testing.app({ outdir }), 'Earlier');
  const asset = new TextAsset(after, 'Scripts', { 'a.sh': 'other' });
  (after.node.root as any).synth();
  expect(fs.readdirSync(join(outdir, 'stacks/Earlier/assets/Scripts'))).toEqual([asset.path.split('/')[2]]);
});

test('the order in which a disk lists files changes no name', () => {
  const names = () => {
    jest.resetModules();
    const assets = jest.requireActual('../../src/assets');
    return [assets.assetTexts('manifests-chart'), ...SCRIPT_ROOMS.map(assets.scriptTexts)].map((texts) => Object.keys(texts));
  };
  const usual = names();
  expect(usual[0]).toEqual(['Chart.yaml', 'templates/manifests.yaml', 'values.yaml']);
  const list = fs.readdirSync;
  const shuffled = jest.spyOn(jest.requireActual<typeof fs>('fs'), 'readdirSync').mockImplementation(((path: string, options: any) => [...list(path, options)].reverse()) as any);
  expect(names()).toEqual(usual);
  expect(shuffled).toHaveBeenCalledTimes(ALL.length);
  shuffled.mockRestore();
});
