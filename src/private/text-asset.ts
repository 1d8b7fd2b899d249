import { createHash } from 'crypto';
import { mkdirSync, rmSync, writeFileSync } from 'fs';
import { dirname, join, posix } from 'path';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { writeAtSynthesis } from './stack-folder';

const FOLDER = 'assets';
const HASH_LENGTH = 32;

/**
 * A folder of files in the stack's output, under the name that cdktf's `TerraformAsset` would give it. That one copies from a disk, where
 * the files of a bundled program are not, and makes the name of them in the order in which that disk happens to list them.
 */
export class TextAsset extends Construct {
  private readonly stack: TerraformStack;
  private readonly hash: string;

  /** @param files their texts by their paths, in the order that the hash is made in. */
  constructor(scope: Construct, id: string, private readonly files: { readonly [path: string]: string }) {
    super(scope, id);
    this.stack = TerraformStack.of(this);
    const hash = Object.values(files).reduce((made, text) => made.update(text), createHash('md5'));
    this.hash = hash.digest('hex').slice(0, HASH_LENGTH).toUpperCase();
    writeAtSynthesis(this, (stackFolder) => this.write(stackFolder));
  }

  /** The folder's path in the stack's one. */
  get path(): string {
    return posix.join(this.folder, this.hash);
  }

  private get folder(): string {
    return posix.join(FOLDER, this.stack.getLogicalId(this.node));
  }

  private write(stackFolder: string): void {
    // what an earlier synthesis left has another hash.
    rmSync(join(stackFolder, this.folder), { recursive: true, force: true });
    for (const [file, text] of Object.entries(this.files)) {
      const path = join(stackFolder, this.path, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
  }
}
