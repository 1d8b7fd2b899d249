import * as fs from 'fs';
import { join } from 'path';
import { AssetType, Testing, TerraformAsset, TerraformStack } from 'cdktf';
import { assetPath, assetTexts } from '../../src/assets';
import { TextAsset } from '../../src/private/text-asset';
import { newStack } from '../synth';

const FOLDERS = ['gitlab', 'manifests-chart', 'runner'];

/** The asset's files in the output, by their paths in the stack's folder. */
function written(stack: TerraformStack): { [file: string]: string } {
  const folder = join(Testing.fullSynth(stack), 'stacks', stack.node.id);
  const files = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => fs.statSync(join(folder, file)).isFile() && file.startsWith('assets'));
  return Object.fromEntries(files.sort().map((file) => [file, fs.readFileSync(join(folder, file), 'utf8')]));
}

test.each(FOLDERS)('%s has the name and the files that cdktf gives the folder', (folder) => {
  const [ours, theirs] = [newStack(), newStack()];
  const asset = new TextAsset(ours, 'Scripts', assetTexts(folder));
  expect(asset.path).toBe(new TerraformAsset(theirs, 'Scripts', { path: assetPath(folder), type: AssetType.DIRECTORY }).path);
  expect(asset.path).toMatch(/^assets\/Scripts\/[0-9A-F]{32}$/);
  const files = written(ours);
  expect(Object.keys(files).length).toBe(Object.keys(assetTexts(folder)).length);
  expect(files).toEqual(written(theirs));
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
    return FOLDERS.map((folder) => Object.keys(assets.assetTexts(folder)));
  };
  const usual = names();
  expect(usual[1]).toEqual(['Chart.yaml', 'templates/manifests.yaml', 'values.yaml']);
  const list = fs.readdirSync;
  const shuffled = jest.spyOn(jest.requireActual<typeof fs>('fs'), 'readdirSync').mockImplementation(((path: string, options: any) => [...list(path, options)].reverse()) as any);
  expect(names()).toEqual(usual);
  expect(shuffled).toHaveBeenCalledTimes(FOLDERS.length);
  shuffled.mockRestore();
});
