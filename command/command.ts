import { readFileSync } from 'fs';
import { join } from 'path';
import { InputError } from './input-error';
import { DIAGRAM } from '../diagram/draw';
import { DOCTOR } from '../doctor/doctor';
import { PREFLIGHT } from '../preflight/preflight';
import { VERIFY } from '../verify/verify';

/** Where a command's lines go. */
export type Tell = (line: string) => void;

/** One of the things that the program can be asked to do. */
export interface Command {
  readonly usage: (program: string) => string;
  /** The exit code of a call that is wrong. */
  readonly wrongCall: number;
  /** @returns the exit code */
  readonly run: (args: readonly string[], tell: Tell, complain: Tell) => Promise<number>;
}

const COMMANDS: { readonly [name: string]: Command } = { diagram: DIAGRAM, doctor: DOCTOR, preflight: PREFLIGHT, verify: VERIFY };

/** Runs the command with its arguments; tells its exit code. */
export async function command(args: readonly string[], tell: Tell, complain: Tell): Promise<number> {
  const { name: program } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8'));
  const [action, ...more] = args;
  const chosen = Object.hasOwn(COMMANDS, action ?? '') ? COMMANDS[action] : undefined;
  if (args.includes('--help') || args.includes('-h')) {
    tell((chosen ? [chosen] : Object.values(COMMANDS)).map(({ usage }) => usage(program)).join('\n\n'));
    return 0;
  }
  try {
    if (!chosen) {
      const all = `there are: ${Object.keys(COMMANDS).join(', ')}`;
      throw new InputError(action === undefined ? `no command given; ${all}` : `${action}: no such command; ${all}`);
    }
    return await chosen.run(more, tell, complain);
  } catch (error) {
    complain(`${program}: ${explained(error, chosen ? `${program} ${action} --help` : `${program} --help`)}`);
    return chosen?.wrongCall ?? 1;
  }
}

function explained(error: unknown, help: string): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  // node's own words for a wrong option tell enough in their first sentence.
  if (code.startsWith('ERR_PARSE_ARGS')) {
    return `${message.split(/[.\n]/)[0]}; see ${help}`;
  }
  if (error instanceof InputError || code.startsWith('E')) {
    return message.split('\n')[0];
  }
  throw error;
}
