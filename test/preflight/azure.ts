import { chmodSync, existsSync, readFileSync, writeFileSync } from 'fs';
import { delimiter, join } from 'path';
import { Answer, firstDay } from './first-day';
import { command } from '../../command/command';
import { emptyFolder } from '../command/program';

export * from './first-day';

export const SUBSCRIPTION = '11111111-1111-1111-1111-111111111111';
export const TENANT = '22222222-2222-2222-2222-222222222222';

const SIGNED_IN: readonly Answer[] = [
  { call: ['account show'], answer: { id: SUBSCRIPTION, name: 'Pay-As-You-Go', tenantId: TENANT, user: { name: 'ada@example.com' } } },
  { call: ['account get-access-token'], answer: 1_800_000_000 },
];

/** What a run came to. */
export interface Run {
  readonly code: number;
  readonly told: readonly string[];
  readonly complained: readonly string[];
  /** Arguments of each call of `az`. */
  readonly calls: readonly string[];
}

/** Runs preflight with an `az` that answers as on the first day, but for what is given. */
export function preflight(folder: string, different: readonly Answer[] = [], ...args: string[]): Promise<Run> {
  return withAz(['preflight', folder, ...args], [...different, ...SIGNED_IN, ...firstDay(SUBSCRIPTION)]);
}

/** Runs a command with an `az` that gives these answers. */
export async function withAz(args: readonly string[], answers: readonly Answer[]): Promise<Run> {
  const bin = standIn(answers);
  const [told, complained]: string[][] = [[], []];
  const { PATH, ARM_SUBSCRIPTION_ID } = process.env;
  process.env.PATH = [bin, PATH].join(delimiter);
  delete process.env.ARM_SUBSCRIPTION_ID;
  try {
    const code = await command(args, (line) => told.push(line), (line) => complained.push(line));
    const log = join(bin, 'calls');
    return { code, told, complained, calls: existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : [] };
  } finally {
    Object.assign(process.env, { PATH }, ARM_SUBSCRIPTION_ID === undefined ? {} : { ARM_SUBSCRIPTION_ID });
  }
}

/** A script called az, in a folder of its own: the first answer that fits counts. */
function standIn(answers: readonly Answer[]): string {
  const bin = emptyFolder();
  const cases = answers.map(({ call, answer, text, error, firstError }, index) => {
    const file = join(bin, `answer-${index}`);
    writeFileSync(file, `${error ?? text ?? JSON.stringify(answer)}\n`);
    writeFileSync(`${file}-first`, `${firstError}\n`);
    const first = firstError === undefined ? '' : `if mkdir '${file}-asked' 2>/dev/null; then cat '${file}-first' >&2; exit 1; fi; `;
    return `*${call.map((part) => `'${part}'`).join('*')}*) ${first}${error === undefined ? `cat '${file}'` : `cat '${file}' >&2; exit 1`} ;;`;
  });
  const script = join(bin, 'az');
  writeFileSync(script, `#!/bin/sh\nprintf '%s\\n' "$*" >> '${join(bin, 'calls')}'\ncase "$*" in\n${cases.join('\n')}\n*) echo "ERROR: not in the stand-in: $*" >&2; exit 1 ;;\nesac\n`);
  chmodSync(script, 0o755);
  return bin;
}
