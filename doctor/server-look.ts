/** What `server.sh` told of a server: lines of a word and what belongs to it. */
export class ServerLook {
  /** @returns undefined if Azure has cut the beginning off, or the script came to no end. */
  static read(output: string): ServerLook | undefined {
    const lines = output.split('\n').map((line) => line.trim()).filter((line) => line !== '').map((line) => line.split(/\s+/));
    const [first, last] = [lines[0] ?? [], lines.at(-1) ?? []];
    return first.join(' ') === 'look 1' && last.join(' ') === 'end' ? new ServerLook(lines) : undefined;
  }

  private constructor(private readonly lines: readonly (readonly string[])[]) {}

  /** What each line of a word holds behind it. */
  all(word: string): readonly (readonly string[])[] {
    return this.lines.filter(([first]) => first === word).map(([, ...rest]) => rest);
  }

  has(word: string): boolean {
    return this.all(word).length > 0;
  }

  /** What the first line of a word holds. */
  one(word: string): readonly string[] | undefined {
    return this.all(word)[0];
  }

  /** The age of a time in seconds since 1970, by the server's own clock. */
  ageSeconds(time: string): number {
    return Number(this.one('now')![0]) - Number(time);
  }
}

const UNITS: readonly (readonly [number, string])[] = [[86_400, 'day'], [3600, 'hour'], [60, 'minute']];

/** A time span in its largest unit, as somebody would say it. */
export function duration(seconds: number): string {
  const [length, unit] = UNITS.find(([one]) => seconds >= one) ?? [60, 'minute'];
  const amount = Math.floor(Math.max(0, seconds) / length);
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}
