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
  const singles = new Map<string, OmnibusKey>();
  const sections = new Map<string, OmnibusSection>();
  let covers: [string, string] = ['', ''];
  let keys = singles;
  for (const line of text.split('\n').filter((one) => one !== '' && !one.startsWith('#'))) {
    const [first, ...words] = line.split(' ');
    const section = first.match(/^\[(\w+)\]$/)?.[1];
    if (section !== undefined) {
      keys = new Map();
      const [version, holder] = wordsAfter(words, 'moved', 2);
      sections.set(section, { ...nameOf(section, words), keys, ...holder === undefined ? {} : { moved: { version, holder } } });
    } else if (first === 'covers') {
      covers = [words[0], words[1]];
    } else {
      keys.set(first, keyOf(first, words));
    }
  }
  return { singles, sections, covers };
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
