import { mkdirSync, writeFileSync } from 'fs';
import { join } from 'path';
import { parseArgs } from 'util';
import { withoutRepeats } from './alike';
import { layOut } from './layout';
import { mermaid } from './mermaid';
import { picture } from './picture';
import { svg } from './svg';
import { readApp } from './synthesised-app';
import type { Command, Tell } from '../command/command';
import { folderOf } from '../command/folder';
import { InputError } from '../command/input-error';

const DEEPEST = 9;

/** Draws a synthesised program. */
export const DIAGRAM: Command = {
  what: 'draws what a synthesised program makes',
  wrongCall: 1,
  usage: (program) => `Usage: ${program} diagram [FOLDER] [--depth N] [--title TEXT] [--output FOLDER]

Draws what a synthesised program makes: its constructs, the resources in them, and which refer to which.
Writes diagram.svg and diagram.mmd (Mermaid).

  FOLDER           what the program was synthesised into; by default cdktf.out
  --depth N        how many levels of constructs are boxes, 1 to ${DEEPEST}; by default 2
  --title TEXT     by default the names of the stacks
  --output FOLDER  where the files go; by default the current folder

Exit code: 0 if both are written, 1 if not`,

  async run(args, tell) {
    const { positionals, values } = parsed(args);
    await draw(folderOf(positionals), values, tell);
    return 0;
  },
};

async function draw(folder: string, values: ReturnType<typeof parsed>['values'], tell: Tell): Promise<void> {
  const depth = Number(values.depth);
  if (!Number.isInteger(depth) || depth < 1 || depth > DEEPEST) {
    throw new InputError(`--depth: a whole number from 1 to ${DEEPEST}, got ${JSON.stringify(values.depth)}`);
  }
  const drawn = withoutRepeats(picture(readApp(folder), depth, values.title));
  const output = values.output!;
  mkdirSync(output, { recursive: true });
  for (const [file, text] of [['diagram.svg', svg(drawn, await layOut(drawn))], ['diagram.mmd', mermaid(drawn)]]) {
    writeFileSync(join(output, file), text);
    tell(join(output, file));
  }
}

function parsed(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      depth: { type: 'string', default: '2' },
      title: { type: 'string' },
      output: { type: 'string', default: '.' },
    },
  });
}
