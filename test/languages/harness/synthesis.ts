import { deepEqual, equal } from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { tool } from './tool';
import { APP, emptyFolder } from './workplace';

/** What a program left behind: each file's text by its path. */
export interface Synthesised { readonly [path: string]: string }

/** Runs a program in an empty folder. */
export function synthesise(out: string, command: string, ...args: string[]): Synthesised {
  const folder = emptyFolder();
  tool(command, args, { cwd: folder });
  return synthesised(join(folder, out), folder);
}

/** The files below a folder; the program's own folder, should one name it, is `.`. */
export function synthesised(out: string, folder: string): Synthesised {
  const files = readdirSync(out, { recursive: true, encoding: 'utf8' }).sort().filter((path) => statSync(join(out, path)).isFile());
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(out, path), 'utf8').replaceAll(folder, '.')]));
}

/** The Terraform JSON of a stack. */
export const terraformJson = (files: Synthesised, stack: string): any => JSON.parse(files[`stacks/${stack}/cdk.tf.json`]);

/** What TypeScript makes of the `complete` example. */
export const typescript = (): Synthesised => synthesise('cdktf.out', 'node', join(APP, 'complete.cjs'));

/** The same files, and the same in each, but for cdktf's own comments, which hold stack traces of the language. */
export function assertSame(ours: Synthesised, theirs: Synthesised): void {
  deepEqual(Object.keys(ours), Object.keys(theirs));
  for (const [path, text] of Object.entries(theirs).filter(([file]) => file !== 'manifest.json')) {
    if (path.endsWith('.json')) {
      deepEqual(withoutComments(JSON.parse(ours[path])), withoutComments(JSON.parse(text)), path);
    } else {
      equal(ours[path], text, path);
    }
  }
}

function withoutComments(value: any): any {
  if (Array.isArray(value)) {
    return value.map(withoutComments);
  }
  return value && typeof value === 'object'
    ? Object.fromEntries(Object.entries(value).filter(([key]) => key !== '//').map(([key, item]) => [key, withoutComments(item)]))
    : value;
}
