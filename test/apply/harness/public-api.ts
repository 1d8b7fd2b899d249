import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const FOLDER = dirname(require.resolve('cdktf-azure-gitlab/package.json'));

function assembly(): any {
  const json = JSON.parse(readFileSync(join(FOLDER, '.jsii'), 'utf8'));
  return json.schema === 'jsii/file-redirect' ? JSON.parse(gunzipSync(readFileSync(join(FOLDER, json.filename))).toString()) : json;
}

const { types } = assembly();

/** The props of a public struct, inherited ones too, in the order of the alphabet. */
export function propsOf(struct: string): string[] {
  const all = (fqn: string): string[] => [
    ...(types[fqn].interfaces ?? []).flatMap(all), ...(types[fqn].properties ?? []).map(({ name }: any) => name),
  ];
  return all(`cdktf-azure-gitlab.${struct}`).sort();
}
