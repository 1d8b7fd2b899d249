import { Interrupted, Refuted } from './outcome';
import type { Tell } from '../command/command';
import { duration } from '../doctor/server-look';

const EVERY_MS = 5_000;
const TELL_EVERY_MS = 30_000;

/** There is no answer yet. */
export class NotYet extends Error {}

/** Waits for what takes its time: as long as is said, with a word now and then, and until Ctrl-C. */
export class Patience {
  constructor(private readonly tell: Tell, private readonly signal: AbortSignal, private readonly everyMs = EVERY_MS) {}

  /** Asks again and again until there is an answer. Where `ask` throws NotYet, its message tells what the wait is for. */
  async until<T>(what: string, minutes: number, ask: () => Promise<T | undefined>): Promise<T> {
    const start = Date.now();
    let toldAt = start;
    for (;;) {
      this.stopIfInterrupted();
      const answer = await ask().catch((error) => {
        if (error instanceof NotYet) {
          return error;
        }
        throw error;
      });
      if (answer !== undefined && !(answer instanceof NotYet)) {
        return answer;
      }
      const [now, state] = [Date.now(), answer instanceof NotYet ? ` (${answer.message})` : ''];
      if (now - start > minutes * 60_000) {
        throw new Refuted(`${what}: not within ${minutes} minutes${state}`);
      }
      if (now - toldAt >= TELL_EVERY_MS) {
        toldAt = now;
        this.tell(`    waiting for ${what}, for ${since(start)} of at most ${minutes} minutes${state}`);
      }
      await this.sleep();
    }
  }

  stopIfInterrupted(): void {
    if (this.signal.aborted) {
      throw new Interrupted();
    }
  }

  private sleep(): Promise<void> {
    const { signal, everyMs } = this;
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, everyMs);
      signal.addEventListener('abort', done);
    });
  }
}

/** How long it has been, for a person. */
export function since(start: number): string {
  const seconds = Math.round((Date.now() - start) / 1000);
  return seconds < 60 ? `${seconds} seconds` : duration(seconds);
}
