import { InputError } from './input-error';
import { PROGRAM, VERSION } from './package';
import { DIAGRAM } from '../diagram/draw';
import { DOCTOR } from '../doctor/doctor';
import { AzureError } from '../preflight/az-errors';
import { PREFLIGHT } from '../preflight/preflight';
import { VERIFY } from '../verify/verify';

/** Where a command's lines go. */
export type Tell = (line: string) => void;

/** One of the things that the program can be asked to do. */
export interface Command {
  /** For the list of all. */
  readonly what: string;
  readonly usage: (program: string) => string;
  /** The exit code of a call that is wrong. */
  readonly wrongCall: number;
  /** @returns the exit code */
  readonly run: (args: readonly string[], tell: Tell, complain: Tell) => Promise<number>;
}

const COMMANDS: { readonly [name: string]: Command } = { preflight: PREFLIGHT, doctor: DOCTOR, verify: VERIFY, diagram: DIAGRAM };
/** As of most of them. */
const NO_COMMAND = 2;
const STACK_LINES = 5;

/** Runs the command with its arguments; tells its exit code. */
export async function command(args: readonly string[], tell: Tell, complain: Tell): Promise<number> {
  const [action, ...more] = args[0] === 'help' ? [...args.slice(1), '--help'] : args;
  const chosen = Object.hasOwn(COMMANDS, action ?? '') ? COMMANDS[action] : undefined;
  if ([action, ...more].some((one) => one === '--help' || one === '-h') && (chosen || !/^[^-]/.test(action))) {
    tell(chosen ? chosen.usage(PROGRAM) : overview());
    return 0;
  }
  if (action === '--version') {
    tell(VERSION);
    return 0;
  }
  try {
    if (!chosen) {
      const all = `there are: ${Object.keys(COMMANDS).join(', ')}`;
      throw new InputError(action === undefined ? `no command given; ${all}` : `${action}: no such command; ${all}`);
    }
    return await chosen.run(more, tell, complain);
  } catch (error) {
    complain(`${PROGRAM}: ${explained(error, chosen ? `${PROGRAM} ${action} --help` : `${PROGRAM} --help`)}`);
    return chosen?.wrongCall ?? NO_COMMAND;
  }
}

function overview(): string {
  const width = Math.max(...Object.keys(COMMANDS).map(({ length }) => length));
  return `Usage: ${PROGRAM} COMMAND [FOLDER] [OPTION]...

${Object.entries(COMMANDS).map(([name, { what }]) => `  ${name.padEnd(width)}  ${what}`).join('\n')}

${PROGRAM} COMMAND --help tells more of one, ${PROGRAM} --version the version.`;
}

function explained(error: unknown, help: string): string {
  const { code = '', message, stack } = error as NodeJS.ErrnoException;
  // node's own words for a wrong option tell enough in their first sentence.
  if (code.startsWith('ERR_PARSE_ARGS')) {
    return `${message.split(/[.\n]/)[0]}; see ${help}`;
  }
  if (error instanceof AzureError) {
    return [message, ...error.remedy ? [error.remedy] : []].join('; ');
  }
  // the system's own codes are one word.
  if (error instanceof InputError || /^E[A-Z0-9]+$/.test(code)) {
    return message.split('\n')[0];
  }
  return `a fault of this command, version ${VERSION}; please report it with these lines:\n${stack?.split('\n').slice(0, STACK_LINES).join('\n')}`;
}
