import { assetTexts } from '../../assets';

export type OmnibusKind = 'text' | 'int' | 'bool' | 'list' | 'map';

/** What is known of a name of gitlab.rb: of a section, of a key in one, or of a single key. Versions are `major.minor`. */
export interface OmnibusName {
  readonly name: string;
  readonly since?: string;
  readonly deprecated?: string;
  readonly removed?: string;
  /** What does its work now, as `section.key`. */
  readonly by?: string;
  /** Read by the Enterprise Edition's package only. */
  readonly enterprise: boolean;
}

export interface OmnibusKey extends OmnibusName {
  /** What it takes; empty where that is only guessed, so that nothing is refused. */
  readonly kinds: readonly OmnibusKind[];
  /** Whether the names below it are free. */
  readonly open: boolean;
  /** For GitLab's own use: taken, but never suggested. */
  readonly internal: boolean;
  /** Of the sections that hold nginx's settings: whether it is read at the section's new place, or at both. */
  readonly place: 'stays' | 'moved' | 'shared';
}

export interface OmnibusSection extends OmnibusName {
  /** By names; those of maps within maps have dots. */
  readonly keys: ReadonlyMap<string, OmnibusKey>;
  /** The section whose `nginx` holds its keys since the given version. */
  readonly moved?: { readonly version: string; readonly holder: string };
}

interface Table {
  readonly singles: ReadonlyMap<string, OmnibusKey>;
  readonly sections: ReadonlyMap<string, OmnibusSection>;
  /** The first and the last minor version that it covers. */
  readonly covers: readonly [string, string];
}

let table: Table | undefined;

/** All names of gitlab.rb; read when first asked for, since most programs set none. */
export function omnibusKeys(): Table {
  return table ??= read(assetTexts('gitlab-rb')['keys.txt']);
}

function read(text: string): Table {
  const [head, ...parts] = text.split(/\n(?=\[)/);
  const [covers, ...singles] = head.split('\n').filter((line) => !line.startsWith('#'));
  const [, first, last] = covers.split(' ');
  const logging = parts.find((part) => part.startsWith('[logging]'))!.split('\n');
  return { singles: keysOf(singles), sections: new Map(parts.map((part) => sectionOf(part, logging))), covers: [first, last] };
}

/** What a service may have of `logging`'s keys for its own logs, by the word at its section: Omnibus lays one over the other. */
const OWN_LOGS: readonly (readonly [string, string])[] = [['logged', 'svlogd_'], ['rotated', 'logrotate_']];

/** Its keys are read when first asked for: every server asks a few sections where they are, and hardly any for all keys. */
function sectionOf(text: string, logging: readonly string[]): [string, OmnibusSection] {
  const [head, ...lines] = text.split('\n');
  const [, name, rest] = head.match(/^\[(\w+)\] ?(.*)$/)!;
  const words = rest.split(' ');
  const [version, holder] = wordsAfter(words, 'moved', 2);
  let keys: ReadonlyMap<string, OmnibusKey> | undefined;
  return [name, {
    ...nameOf(name, words),
    get keys() {
      const own = logging.filter((line) => OWN_LOGS.some(([word, start]) => words.includes(word) && line.startsWith(start)));
      return keys ??= keysOf([...own, ...lines]);
    },
    ...holder === undefined ? {} : { moved: { version, holder } },
  }];
}

function keysOf(lines: readonly string[]): ReadonlyMap<string, OmnibusKey> {
  return new Map(lines.filter((line) => line !== '').map((line) => {
    const [name, ...words] = line.split(' ');
    return [name, keyOf(name, words)];
  }));
}

function nameOf(name: string, words: readonly string[]): OmnibusName {
  const [since, deprecated, removed, by] = ['since', 'deprecated', 'removed', 'by'].map((word) => wordsAfter(words, word, 1)[0]);
  return { name, since, deprecated, removed, by, enterprise: words.includes('ee') };
}

function keyOf(name: string, [kind, ...words]: readonly string[]): OmnibusKey {
  return {
    ...nameOf(name, words),
    kinds: kind.includes('?') ? [] : kind.replace('*', '').split('|') as OmnibusKind[],
    open: kind.endsWith('*'),
    internal: words.includes('internal'),
    place: words.includes('shared') ? 'shared' : words.includes('moved') ? 'moved' : 'stays',
  };
}

function wordsAfter(words: readonly string[], word: string, count: number): string[] {
  const index = words.indexOf(word);
  return index < 0 ? [] : words.slice(index + 1, index + 1 + count);
}
