import { existsSync, readdirSync, readFileSync } from 'fs';
import { dirname, join, relative } from 'path';

const ROOT = join(__dirname, '..');
if (!existsSync(join(ROOT, 'lib', 'index.js'))) {
  throw new Error('no lib/index.js: run `npx projen compile` first');
}

/** The rooms of src/, each with those that it may know. */
const ROOMS: { readonly [room: string]: readonly string[] } = {
  private: [],
  warnings: ['private'],
  kubernetes: ['private'],
  azure: ['private', 'warnings'],
  delivery: ['private', 'warnings', 'kubernetes', 'azure'],
  aks: ['private', 'warnings', 'kubernetes', 'azure', 'delivery'],
  gitlab: ['private', 'warnings', 'azure'],
  alerts: ['private', 'warnings', 'azure', 'delivery', 'aks', 'gitlab', 'runner'],
  runner: ['private', 'warnings', 'kubernetes', 'azure', 'delivery', 'aks', 'gitlab'],
};
/** What all rooms may read: the texts of the scripts. */
const TEXTS = 'assets';

const files = (folder: string, ending: string): string[] => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith(ending) && !file.endsWith('.d.ts')).map((file) => join(folder, file));
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
/** The modules beside it that a file names, as paths without an ending. */
const named = (file: string, pattern: RegExp) => [...read(file).matchAll(pattern)].map(([, name]) => join(dirname(file), name));

test('each room of src is one of these, and knows no others', () => {
  const sources = files('src', '.ts').filter((file) => file.split('/').length > 2);
  const roomOf = (file: string) => file.split('/')[1];
  expect([...new Set(sources.map(roomOf))].sort()).toEqual(Object.keys(ROOMS).sort());
  const wrong = sources.flatMap((file) => named(file, /\bfrom '(\.[^']+)'/g)
    .filter((other) => ![roomOf(file), TEXTS, ...ROOMS[roomOf(file)]].includes(roomOf(other))).map((other) => `${file} knows ${other}`));
  expect(wrong).toEqual([]);
});

describe('src/gitlab', () => {
  /** What every server has, and each feature may ask. All other folders are features. */
  const CORE = ['private', 'machine', 'set-up', 'gitlab-rb', 'endpoint', 'runners'];
  const LIST = 'src/gitlab/private/features.ts';
  /** Who names features: the list, and what users name. */
  const MAY_NAME = [LIST, 'src/gitlab/index.ts', 'src/gitlab/self-hosted-gitlab-props.ts'];

  const sources = files('src/gitlab', '.ts');
  const folderOf = (file: string) => (file.split('/').length > 3 ? file.split('/')[2] : '');
  const imports = (file: string) => named(file, /\bfrom '(\.[^']+)'/g);
  const features = [...new Set(sources.map(folderOf))].filter((folder) => folder !== '' && !CORE.includes(folder));

  test('each feature is in the list, by one file', () => {
    expect(features).toContain('backup');
    const listed = imports(LIST).filter((file) => features.includes(folderOf(file)));
    expect(listed.sort()).toEqual(features.map((feature) => `src/gitlab/${feature}/${feature}-feature`).sort());
  });

  test('nothing else knows a feature, not even another feature', () => {
    const wrong = sources.filter((file) => !MAY_NAME.includes(file)).flatMap((file) => imports(file)
      .filter((other) => features.includes(folderOf(other)) && folderOf(other) !== folderOf(file)).map((other) => `${file} knows ${other}`));
    expect(wrong).toEqual([]);
  });

  test('no script of a step calls a function of a feature\'s', () => {
    const defined = (file: string) => [...read(file).matchAll(/^([a-z_]+)\(\)/gm)].map(([, name]) => name);
    const scripts = files('src/gitlab', '.sh');
    const core = scripts.filter((file) => ['set-up', 'machine', 'runners'].includes(folderOf(file)));
    const own = new Set(core.flatMap(defined));
    const theirs = scripts.filter((file) => !core.includes(file)).flatMap(defined).filter((name) => name.includes('_') && !own.has(name));
    expect(theirs).toContain('write_update_timer');
    const wrong = core.flatMap((file) => theirs.filter((name) => new RegExp(`^[^#]*(?<![-\\w])${name}(?![-\\w])`, 'm').test(read(file))).map((name) => `${file} calls ${name}`));
    expect(wrong).toEqual([]);
  });
});

test('no file of src needs itself over however many others, not even for a type', () => {
  const needs = new Map(files('src', '.ts').map((file) => [file.replace(/\.ts$/, ''), named(file, /\bfrom '(\.[^']+)'/g)]));
  expect(needs.size).toBeGreaterThan(100);
  expect(circles(needs, 'src')).toEqual([]);
});

test('no file needs itself at run time, over however many others', () => {
  const needs = new Map(files('lib', '.js').filter((file) => !/^lib\/(bundle|command)\.js$/.test(file))
    .map((file) => [file.replace(/\.js$/, ''), named(file, /require\("(\.[^"]+)"\)/g)]));
  expect(needs.size).toBeGreaterThan(100);
  expect(circles(needs, 'lib')).toEqual([]);
});

describe('test/', () => {
  /** What is about more than one room: the laws of all props, pages, and what is beside src. */
  const NO_ROOM = ['command', 'diagram', 'docs', 'doctor', 'law', 'preflight', 'verify'];
  const lines = (file: string) => read(file).split('\n').length - 1;

  test('each light test lies in the folder of src that it is about', () => {
    const tests = files('test', '.test.ts').map((file) => dirname(relative('test', file)));
    expect(tests).toContain('gitlab/backup');
    const wrong = [...new Set(tests)].filter((folder) => !NO_ROOM.includes(folder.split('/')[0]) && !existsSync(join(ROOT, 'src', folder)));
    expect(wrong).toEqual([]);
  });

  test('no file is longer than 400 lines', () => {
    const long = files('test', '.ts').filter((file) => lines(file) > 400).map((file) => `${file} has ${lines(file)} lines`);
    expect(long).toEqual([]);
  });
});

/** The ways on which a file comes back to itself. */
function circles(needs: ReadonlyMap<string, readonly string[]>, root: string): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, way: readonly string[]) => {
    if (way.includes(file)) {
      found.push([...way.slice(way.indexOf(file)), file].map((one) => relative(root, one)).join(' -> '));
    } else if (!done.has(file)) {
      (needs.get(file) ?? needs.get(join(file, 'index')) ?? []).forEach((next) => visit(next, [...way, file]));
      done.add(file);
    }
  };
  [...needs.keys()].forEach((file) => visit(file, []));
  return found;
}
