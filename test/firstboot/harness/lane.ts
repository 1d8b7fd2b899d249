import { execFileSync } from 'node:child_process';

/** Where one machine at a time lives: names and folders that no other machine of the same moment shares. `run.mjs` makes them and sweeps them away. */
export interface Lane {
  /** The name of the network namespace, in which this process runs too, of the cgroups, and of the machine. */
  readonly name: string;
  readonly folder: string;
  /** The loop device that is the data disk. */
  readonly device: string;
  /** The unpacked root file system, below every machine's own changes. */
  readonly root: string;
  readonly packages: string;
  /** An application with the packed package. */
  readonly app: string;
  readonly terraform: string;
}

const given = (name: string) => {
  const value = process.env[`FIRSTBOOT_${name}`];
  if (!value) {
    throw new Error(`FIRSTBOOT_${name} is not set; start the tests with run.mjs`);
  }
  return value;
};

export const lane: Lane = {
  name: given('LANE'),
  folder: given('FOLDER'),
  device: given('DEVICE'),
  root: given('ROOT'),
  packages: given('PACKAGES'),
  app: given('APP'),
  terraform: given('TERRAFORM'),
};

/** A time of day that does not come while tests run, whenever they run: what a timer does then is not done by chance. */
export const AWAY = new Date(Date.now() + 12 * 3_600_000).toISOString().slice(11, 16);

export function host(program: string, ...args: string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

export const sleep = (ms: number) => new Promise<void>((resolve) => {
  setTimeout(resolve, ms);
});

/** Asks again and again until it is so, and lets nobody else do anything meanwhile. */
export function waitUntil(what: string, isSo: () => boolean, seconds = 300): void {
  const end = Date.now() + seconds * 1000;
  while (!isSo()) {
    if (Date.now() > end) {
      throw new Error(`${what}: not within ${seconds} seconds`);
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  }
}

/** Asks again and again until the answer is not undefined or false. */
export async function until<T>(what: string, ask: () => T | undefined | false | Promise<T | undefined | false>, seconds = 300): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) {
      return answer;
    }
    if (Date.now() > end) {
      throw new Error(`${what}: not within ${seconds} seconds`);
    }
    await sleep(100);
  }
}
