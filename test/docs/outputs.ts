// What a page shows below a snippet is cut out of what the snippet gives. A comment that readers do not see says what to cut:
//
//   <!-- shows azurerm_public_ip Egress: name, sku -->       Terraform: the type, a part of the id, arguments
//   <!-- shows NetworkPolicy jobs: spec.egress -->           Kubernetes: the kind, a part of the name, fields
//   <!-- shows config.toml [runners.cache]: Type, Path -->   gitlab-runner: a table of its configuration, keys
//   <!-- shows gitlab.rb Trial: external_url -->             Omnibus: a part of the server's id, beginnings of lines
//
// All but the first word may be left out. `…` stands for what is left out, with how much that is. `npm run docs:outputs` writes the blocks again.
import { parseAllDocuments, stringify } from 'yaml';
import { Block, blocks, text } from './pages';
import { Run } from './snippets';

const LONGEST_TEXT = 110;
/** A comment with its block, which a new one does not have yet. */
const COMMENT = /^<!-- shows (\S+?)(?: ([^:\n]+))?(?:: ([^\n]+))? -->(?:\n+```(\w+)\n(.*?)^```)?$/gms;

type Files = { [path: string]: string };
/** Everything of one kind that a snippet gives, by id or name. */
type Found = { [name: string]: any };

/** The page as it has to be. */
export function withOutputs(page: string, run: Run): string {
  const snippets = blocks(page).filter(({ language }) => language === 'ts');
  const whole = text(page);
  return whole.replace(COMMENT, (block, what, name = '', fields = '', _language, _code, offset) => {
    const line = whole.slice(0, offset).split('\n').length;
    const snippet = snippets.filter(({ where }) => lineOf(where) < line).at(-1);
    if (!snippet) {
      throw new Error(`${page}:${line}: there is no snippet above this output`);
    }
    const paths = fields.split(/, */).filter(Boolean);
    const shown = show(what, name.trim(), paths, run, snippet);
    if (shown === undefined) {
      throw new Error(`${page}:${line}: ${snippet.where} gives no ${what} ${name}`);
    }
    return `${block.split('\n')[0]}\n\n\`\`\`${shown.language}\n${shown.code.trimEnd()}\n\`\`\``;
  });
}

/** The languages of a page's outputs. */
export const outputLanguages = (page: string) => [...text(page).matchAll(COMMENT)].map((match) => match[4]);

const lineOf = (where: string) => Number(where.split(':')[1]);

/** Fails on a path that leads nowhere in all of the values. */
function allPicked(values: readonly any[], paths: readonly string[]): any[] {
  const has = (value: any, path: string) => path.split('.').reduce((inner, part) => inner?.[keyIn(inner, part)], value) !== undefined;
  const lost = paths.filter((path) => !values.some((value) => has(value, path)));
  if (values.length > 0 && lost.length > 0) {
    throw new Error(`${lost.join(', ')} is in none of ${JSON.stringify(values)}`);
  }
  return values.map((value) => short(picked(value, paths)));
}

interface Shown { readonly language: string; readonly code: string }

/** What a comment asks for; nothing if the snippet does not give it. */
function show(what: string, name: string, paths: readonly string[], run: Run, { where }: Block): Shown | undefined {
  const [files, before] = [run.files(where), run.files(where, true)];
  const [language, cutOut] = what === 'config.toml' ? ['toml', () => runnerTables(files, name, paths)] as const
    : what === 'gitlab.rb' ? ['ruby', () => rubyLines(files, before, name, paths)] as const
      : /^[A-Z]/.test(what) ? ['yaml', () => objects(files, before, what, name, paths)] as const
        : ['json', () => resources(files, before, what, name, paths)] as const;
  const code = cutOut();
  return code ? { language, code } : undefined;
}

function runnerTables(files: Files, header: string, keys: readonly string[]): string {
  const configs = objectsOf(files, 'ConfigMap').map(({ data }) => data['config.template.toml'] ?? data['config.toml']).filter(Boolean);
  return configs.map((toml) => tables(toml, header, keys)).filter(Boolean).join('\n\n');
}

function rubyLines(files: Files, before: Files, name: string, beginnings: readonly string[]): string {
  const known = Object.keys(gitlabRb(before));
  const servers = Object.entries(gitlabRb(files)).filter(([id]) => id.includes(name) && !known.includes(id))
    .map(([id, lines]) => [`# ${id.split('_')[0]}`, ...lines.filter((line) => beginnings.some((beginning) => line.startsWith(beginning)))]);
  return servers.filter(({ length }) => length > 1).map((lines) => lines.join('\n')).join('\n\n');
}

function objects(files: Files, before: Files, kind: string, name: string, paths: readonly string[]): string {
  const known = objectsOf(before, kind).map((object) => JSON.stringify(object));
  const found = objectsOf(files, kind).filter((object) => object.metadata.name.includes(name) && !known.includes(JSON.stringify(object)));
  return allPicked(found, paths.length > 0 ? ['kind', 'metadata.name', ...paths] : []).map((object) => stringify(object, { lineWidth: 0 })).join('---\n');
}

function resources(files: Files, before: Files, type: string, name: string, paths: readonly string[]): string {
  const known = terraform(before, type);
  const isNew = ([id, value]: [string, any]) => JSON.stringify(known[id]) !== JSON.stringify(value);
  const found = Object.entries(terraform(files, type)).filter((entry) => entry[0].includes(name) && isNew(entry));
  const values = allPicked(found.map(([, { '//': _, ...value }]) => value), paths);
  return found.length > 0 ? json({ [type]: Object.fromEntries(found.map(([id], index) => [id, values[index]])) }) : '';
}

const stacksIn = (files: Files): any[] => Object.entries(files).filter(([path]) => path.endsWith('cdk.tf.json')).map(([, stack]) => JSON.parse(stack));

/** JSON with short lists in one line each. */
const json = (value: any) => JSON.stringify(value, null, 2).replace(/\[\s+([^[\]{}]*?)\s+\](?=,?$)/gm, (list, items) => (
  items.length > LONGEST_TEXT ? list : `[${items.replace(/\s*\n\s*/g, ' ')}]`));

/** The resources of a type, or the settings of providers or outputs, in all stacks. */
function terraform(files: Files, what: string): Found {
  return Object.assign({}, ...stacksIn(files).map(({ resource, provider, output }) => (
    resource?.[what] ?? { output, ...Object.fromEntries(Object.entries<any>(provider ?? {}).map(([name, all]) => [`provider.${name}`, byAlias(all)])) }[what])));
}

const byAlias = (all: readonly any[]): Found => Object.fromEntries(all.map((one) => [one.alias ?? 'default', one]));

/** The Kubernetes objects of a kind, wherever they are written. */
function objectsOf(files: Files, kind: string): any[] {
  const manifests = Object.entries(files).filter(([path]) => /(^|\/)manifests\/[^/]*\.yaml$|\.k8s\.yaml$/.test(path)).map(([, yaml]) => yaml);
  return manifests.flatMap((yaml) => parseAllDocuments(yaml).map((document) => document.toJS())).filter((object) => object?.kind === kind);
}

/** The tables of a header; TOML itself does not read the template, in which there is Terraform. */
function tables(toml: string, header: string, keys: readonly string[]): string {
  const all = toml.split(/\n(?=\[)|\n\n/).filter((table) => header === '' ? !table.startsWith('[') : table.startsWith(`${header}\n`));
  return all.map((table) => {
    const lines = table.trimEnd().split('\n');
    const kept = lines.filter((line) => keys.length === 0 || line.startsWith('[') || keys.some((key) => line.startsWith(`${key} = `)));
    return [...kept.map(cut), ...kept.length < lines.length ? [`# … ${lines.length - kept.length} more`] : []].join('\n');
  }).join('\n\n');
}

/** The lines of each server's gitlab.rb. */
function gitlabRb(files: Files): { [id: string]: string[] } {
  return Object.fromEntries(stacksIn(files).flatMap(({ locals }) => Object.entries<any>(locals ?? {})).filter(([, { GITLAB_RB }]) => GITLAB_RB)
    .map(([id, { GITLAB_RB }]) => [id, GITLAB_RB.split('\n').map(cut)]));
}

/** Where a part of a path leads to: a key, or in a list an index or the name of an element. */
const keyIn = (value: any, part: string) => (Array.isArray(value) && !/^\d+$/.test(part) ? `${value.findIndex((element) => element?.name === part)}` : part);

/** An object less all but some paths; what is left out is counted. */
function picked(value: any, paths: readonly string[]): any {
  if (paths.length === 0 || typeof value !== 'object' || value === null) {
    return value;
  }
  const heads = [...new Set(paths.map((path) => path.split('.')[0]))].filter((head) => keyIn(value, head) in value);
  const below = (head: string) => paths.filter((path) => path.startsWith(`${head}.`)).map((path) => path.slice(head.length + 1));
  const left = Object.keys(value).length - heads.length;
  const kept = heads.map((head) => [head, picked(value[keyIn(value, head)], paths.includes(head) ? [] : below(head))]);
  if (Array.isArray(value)) {
    return [...kept.map(([, element]) => element), ...left > 0 ? [`… ${left} more`] : []];
  }
  // what leads to an inner part only is a way, not a part that is shown.
  const isWay = !heads.some((head) => paths.includes(head));
  return { ...Object.fromEntries(kept), ...left > 0 && !isWay ? { '…': `${left} more` } : {} };
}

/** A value whose texts fit a page. */
function short(value: any): any {
  if (typeof value === 'string') {
    return cut(value);
  }
  if (Array.isArray(value)) {
    return value.map(short);
  }
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, short(inner)])) : value;
}

function cut(line: string): string {
  const [first, ...more] = line.split('\n');
  const tooLong = first.length > LONGEST_TEXT;
  return tooLong || more.join('') !== '' ? `${first.slice(0, LONGEST_TEXT)}…` : line;
}
