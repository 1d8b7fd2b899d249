import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

const APP = process.env.SCANNERS_APP!;

/** The stacks that are scanned, by the names that docs/scanners.md has for them. */
export const STACKS: { readonly [name: string]: string } = {
  'complete': join(APP, 'complete/cdktf.out/stacks/gitlab'),
  'article': join(APP, 'article/cdktf.out/stacks/trial'),
  'landing-zone': join(APP, 'landing-zone/cdktf.out/stacks/landing-zone'),
  'everything': join(APP, 'everything/cdktf.out/stacks/everything'),
  'private': join(APP, 'everything/cdktf.out/stacks/private'),
};

export interface Block { readonly type: string; readonly name: string; readonly path: string }

/** The resources or data sources of a stack, with their construct paths less the stack's name. */
export function blocks(stack: string, kind: 'resource' | 'data'): Block[] {
  const json = JSON.parse(readFileSync(join(stack, 'cdk.tf.json'), 'utf8'));
  return Object.entries<any>(json[kind] ?? {}).flatMap(([type, all]) => Object.entries<any>(all).map(([name, block]) => ({
    type, name, path: block['//'].metadata.path.replace(/^[^/]+\/|\/Resource$/g, ''),
  })));
}

export function manifests(stack: string): string[] {
  return readdirSync(join(stack, 'manifests')).map((file) => join(stack, 'manifests', file));
}

/** The Kubernetes objects of a stack, as kind and name. */
export function objects(stack: string): string[] {
  return manifests(stack).flatMap((file) => parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJSON()))
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
}
