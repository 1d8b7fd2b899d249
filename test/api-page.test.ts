// API.md: made of the code as it is, each member told once, short enough that GitHub shows it.
import { execFileSync } from 'child_process';
import { mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { toSnakeCase } from 'codemaker';

const ROOT = join(__dirname, '..');
/** GitHub shows up to 512 kB of a page. */
const MAX_BYTES = 200_000;
const text = readFileSync(join(ROOT, 'API.md'), 'utf8');
const addresses = new Map([...text.matchAll(/^\[(\d+)\]: (.*)$/gm)].map(([, number, address]) => [number, address]));
/** The page with each address where it is linked. */
const page = text.replace(/\]\[(\d+)\]/g, (_, number) => `](${addresses.get(number)})`);
const types: any[] = Object.values(JSON.parse(readFileSync(join(ROOT, '.jsii'), 'utf8')).types);

const flat = (lines: string) => lines.replace(/\s+/g, ' ');
const sections = new Map(page.split(/^### /m).slice(1).map((section) => [section.slice(0, section.indexOf('\n')), section.split(/^## /m)[0]]));

const membersOf = (type: any): any[] => [...type.properties ?? [], ...type.methods ?? [], ...type.members ?? []];
const told = ({ summary, remarks, see }: any) => JSON.stringify([summary, remarks, see]);

/** What a class implements, and what that extends. */
const facesOf = ({ interfaces = [] }: any): string[] => interfaces.flatMap((fqn: string) =>
  [fqn, ...types.filter((type) => type.fqn === fqn).flatMap(facesOf)]);

/** A class tells of what its interface tells too, in the same words: it is left to the class. */
const isLeft = (type: any, member: any) => type.kind === 'interface' && types.some((other) => other.kind === 'class' && facesOf(other).includes(type.fqn)
  && membersOf(other).some(({ name, docs }) => name === member.name && told(docs) === told(member.docs)));

/** A struct names what it has in common with another one, which tells of it. */
const isShared = (type: any, member: any) => {
  const [, other, names = ''] = /^Members, described with \[(\w+)\]: (.*)\.$/m.exec(type.datatype ? sections.get(type.name)! : '') ?? [];
  const declared = ({ docs, optional, type: of }: any) => JSON.stringify([told(docs), docs.default, optional, of]);
  return names.includes(`\`${member.name}\``) && types.some(({ name, properties }) => name === other
    && properties.some((one: any) => one.name === member.name && declared(one) === declared(member)));
};

/** What a class of CDKTF's has already is told there. */
const isCdktfs = ({ overrides }: any) => /^(cdktf|constructs)\./.test(overrides ?? '');

const members = types.flatMap((type) => membersOf(type).filter((member) => !isLeft(type, member) && !isShared(type, member) && !isCdktfs(member))
  .map((member) => ({ type, member, name: member.static && !member.const ? `${type.name}.${member.name}` : `${member.name}${member.optional ? '?' : ''}` })));

/** The entries of a member in a section, each up to the next. */
const entries = (section: string, name: string) => section.split(/^(?=- \*\*|\*\*|#)/m).filter((entry) => [`${name}\``, `${name}:`].some((start) => entry.startsWith(`- **\`${start}`)));

test('is what the code has now', () => {
  const folder = mkdtempSync(join(tmpdir(), 'api-page-'));
  try {
    const file = join(folder, 'API.md');
    execFileSync('node', ['build/api.mjs', file], { cwd: ROOT });
    // made again by `npx projen docgen`.
    expect(text).toBe(readFileSync(file, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('is a page that can be read', () => {
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_BYTES);
  // its tables and lists need no HTML.
  expect(page.replace(/`[^`]*`/g, '')).not.toMatch(/<\/?[a-z]/i);
});

test('has each type once', () => {
  expect([...page.matchAll(/^### (.*)$/gm)].map(([, name]) => name).sort()).toEqual(types.map(({ name }) => name).sort());
  expect(types.filter(({ name, docs }) => !flat(sections.get(name)!).includes(flat(docs.summary))).map(({ name }) => name)).toEqual([]);
});

test('has each member once, with its summary, remarks, default and page', () => {
  const wrong = members.flatMap(({ type, member, name }) => {
    const found = entries(sections.get(type.name)!, name);
    const { summary, remarks, see, example } = member.docs;
    const fallback = member.docs.default?.replace(/^- /, '');
    const parameters = (member.parameters ?? []).flatMap(({ docs }: any) => [docs?.summary, docs?.remarks]);
    const missing = [summary, ...remarks?.split(/\n+/) ?? [], see, example, fallback, ...parameters].filter((part) => part && !flat(found.join('')).includes(flat(part)));
    return found.length === 1 && missing.length === 0 ? [] : [`${type.name}.${name}: ${found.length} times, without ${JSON.stringify(missing)}`];
  });
  expect(wrong).toEqual([]);
  expect(page.match(/^- \*\*`(?!new )/gm)!.length).toBe(members.length);
});

test('hands on parameters and examples of an interface to the class that tells of its methods', () => {
  const handedOn: { section: string; name: string; parts: string[] }[] = types.filter(({ kind }) => kind === 'interface').flatMap(({ fqn, methods }) => (methods ?? []).map((method: any) => ({
    section: sections.get(types.find(({ interfaces }) => interfaces?.includes(fqn)).name)!,
    name: method.name,
    parts: [method.docs.example, ...(method.parameters ?? []).map(({ docs }: any) => docs?.summary)].filter(Boolean),
  })));
  expect(handedOn.flatMap(({ parts }) => parts).length).toBeGreaterThan(handedOn.length);
  expect(handedOn.filter(({ section, name, parts }) => !parts.every((part) => flat(entries(section, name).join('')).includes(flat(part))))).toEqual([]);
});

test('says what a static method returns where that is no instance of its class, which the page says once', () => {
  expect(flat(page)).toContain('A static method returns an instance of its class where nothing else is said.');
  const wrong = members.filter(({ member }) => member.static && !member.const).filter(({ type, member, name }) => {
    const isOwn = member.returns?.type.fqn === type.fqn;
    return isOwn === /^[^\n]*\) → /.test(entries(sections.get(type.name)!, name).join(''));
  });
  expect(wrong.map(({ type, name }) => `${type.name}: ${name}`)).toEqual([]);
});

test('has each constructor once', () => {
  const constructors = types.filter(({ kind, abstract, initializer }) => kind === 'class' && !abstract && initializer && !initializer.protected).map(({ name }) => name);
  expect([...page.matchAll(/^- \*\*`new (\w+)`\*\*/gm)].map(([, name]) => name)).toEqual(constructors.sort((a, b) => a.localeCompare(b)));
});

test('each link within it leads to a heading', () => {
  const anchors = [...page.matchAll(/^#+ (.*)$/gm)].map(([, title]) => title.toLowerCase().replaceAll(' ', '-'));
  expect(new Set(anchors).size).toBe(anchors.length);
  const defined = new Map([...page.matchAll(/^\[(\w+)\]: #(.*)$/gm)].map(([, label, anchor]) => [label, anchor]));
  const labels = [...page.replace(/```[^]*?```|`[^`]*`/g, '').matchAll(/\[(\w+)\](?![:(])/g)].map(([, label]) => label);
  expect(labels.length).toBeGreaterThan(types.length);
  expect(labels.filter((label) => defined.get(label) !== label.toLowerCase())).toEqual([]);
  expect(page).not.toContain('](undefined)');
  const links = [...defined.values(), ...[...page.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor]) => anchor)];
  expect(links.filter((anchor) => !anchors.includes(anchor))).toEqual([]);
});

test('what it shows of other languages is of this API, as jsii spells it', () => {
  const rows = page.split('## Other languages')[1].split('## ')[0].split('\n').filter((line) => line.startsWith('| ')).slice(2)
    .map((line) => line.split(' | ').slice(1).map((cell) => cell.replace(/`| \|$/g, '')));
  const spelled = rows.map(([typescript, python, java, go]) => {
    const [, type, name] = /^(?:new )?(\w+(?=\.|\())?\W*(\w+)/.exec(typescript)!;
    return { type, name, python, java, go };
  });
  const known = [...members.map(({ member }) => member.name), ...types.map(({ name }) => name)];
  expect(spelled.filter(({ type, name }) => !known.includes(type === 'AksCluster' ? type : name))).toEqual([]);
  const upper = (name: string) => name[0].toUpperCase() + name.slice(1);
  expect(spelled.filter(({ name, python }) => /^[a-z]/.test(name) && name !== 'stack' && !python.includes(toSnakeCase(name)))).toEqual([]);
  expect(spelled.filter(({ name, go }) => name !== 'stack' && !go.includes(upper(name)))).toEqual([]);
});
