import { mkdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { parseArgs } from 'util';
import { withoutRepeats } from './alike';
import { layOut } from './layout';
import { mermaid } from './mermaid';
import { picture } from './picture';
import { svg } from './svg';
import { InputError, readApp } from './synthesised-app';

const DEEPEST = 9;

/** Runs the command with its arguments; tells its exit code. */
export async function command(args: readonly string[], tell: (line: string) => void, complain: (line: string) => void): Promise<number> {
  const { name } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8'));
  try {
    const { positionals: [action, folder = 'cdktf.out', ...more], values } = parsed(args);
    if (values.help) {
      tell(usage(name));
      return 0;
    }
    if (action !== 'diagram') {
      throw new InputError(action === undefined ? 'no command given; there is one: diagram' : `${action}: no such command; there is one: diagram`);
    }
    if (more.length > 0) {
      throw new InputError(`${more[0]}: one folder at a time`);
    }
    await draw(folder, values, tell);
    return 0;
  } catch (error) {
    complain(`${name}: ${explained(error)}`);
    return 1;
  }
}

async function draw(folder: string, values: ReturnType<typeof parsed>['values'], tell: (line: string) => void): Promise<void> {
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
      help: { type: 'boolean', short: 'h' },
    },
  });
}

function explained(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  // node's own words for a wrong option or a folder that cannot be written tell enough in their first line.
  if (error instanceof InputError || code.startsWith('E')) {
    return message.split('\n')[0];
  }
  throw error;
}

function usage(name: string): string {
  return `Usage: ${name} diagram [FOLDER] [--depth N] [--title TEXT] [--output FOLDER]

Draws what a synthesised program makes: its constructs, the resources in them, and which refer to which.
Writes diagram.svg and diagram.mmd (Mermaid).

  FOLDER           what the program was synthesised into; by default cdktf.out
  --depth N        how many levels of constructs are boxes, 1 to ${DEEPEST}; by default 2
  --title TEXT     by default the names of the stacks
  --output FOLDER  where the files go; by default the current folder`;
}
