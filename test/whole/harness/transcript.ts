import { appendFileSync, rmSync } from 'node:fs';

/** Where the right column begins. */
const COLUMN = 84;

/** What the reader of a demonstration sees: lines with the seconds since the start, in one column or beside one another, the same with and without a terminal. */
export class Transcript {
  private readonly start = Date.now();

  /** @param file a copy of it, without the seconds, which differ each time */
  constructor(private readonly file?: string) {
    if (file) {
      rmSync(file, { force: true });
    }
  }

  get seconds(): number {
    return (Date.now() - this.start) / 1000;
  }

  title(text: string): void {
    this.write(`\n${text}`, false);
  }

  line(text: string): void {
    text.split('\n').forEach((one) => this.write(`  ${one}`, true));
  }

  /** A line in the right column. */
  beside(text: string): void {
    this.write(`${' '.repeat(COLUMN)}│ ${text}`, true);
  }

  private write(text: string, timed: boolean): void {
    console.log(timed ? `${this.seconds.toFixed(0).padStart(4)} s ${text}` : text);
    if (this.file) {
      appendFileSync(this.file, `${text.trimEnd()}\n`);
    }
  }
}
