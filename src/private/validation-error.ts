import { Token } from 'cdktf';
import { IConstruct } from 'constructs';
import { className } from './own-class';
import { isPrivateText, namesSecret } from './secret-values';
import { startAtUser } from './user-stack';

const MARK = Symbol.for('cdktf-azure-gitlab.ValidationError');
const LONGEST_VALUE = 500;
const LONGEST_PATH = 200;
/** cdktf's marks for what only the apply knows, which tell nobody anything. */
const REFERENCE = /[$#&]\{TfToken\[[^\]]*\]\}/g;

/** One mistake in a user's input, told so that it can be mended without reading our code. */
export interface Mistake {
  /** The prop as the user wrote it, with dots and indexes for nested ones (`nodePools[0].vmSize`). */
  readonly prop: string;
  /** What is wrong, lower case, without a final period. */
  readonly problem: string;
  /** The value that was given; left out where nothing was. */
  readonly got?: unknown;
  /** What to do instead, lower case, without a final period. */
  readonly remedy: string;
}

/** What a message says of a value that would be pages long, or hold secrets: without the quotes that text has. */
export class InWords {
  constructor(public readonly words: string) {}
}

/**
 * The one error this library throws for bad input. An error's class is lost on the way to Python, Java and Go,
 * so the message holds everything: prop, problem, value, remedy and where in the tree.
 */
export class ValidationError extends Error {
  /** True for one that any copy of the library made. */
  static is(error: unknown): error is ValidationError {
    return typeof error === 'object' && error !== null && MARK in error;
  }

  /**
   * @param where the construct the prop was given to, or the name of a factory (`KubernetesVersion.of`) that has no construct.
   */
  constructor(where: IConstruct | string, mistake: Mistake) {
    const path = typeof where === 'string' ? where : where.node.path;
    super(`${shortPath(withoutMarks(mistake.prop))}: ${mistake.problem}, got ${show(mistake.got)}; ${mistake.remedy} (at ${path})`);
    Object.defineProperties(this, { name: { value: 'ValidationError' }, [MARK]: { value: true } });
    startAtUser(this);
  }
}

function show(value: unknown): string {
  if (value === undefined) {
    return 'nothing';
  }
  if (value instanceof InWords) {
    return value.words;
  }
  if (typeof value !== 'string' && Token.isUnresolved(value)) {
    return 'a reference';
  }
  if (typeof value === 'number') {
    return String(value);
  }
  if (typeof value === 'function') {
    return /^class\b/.test(String(value)) ? `the class ${value.name}` : 'a function';
  }
  const kind = kindOf(value);
  if (typeof value === 'object' && value !== null && !['Array', 'Object'].includes(kind) && !('toJSON' in value)) {
    // as JSON it is empty: a Map, a Promise, an Error.
    return withArticle(kind);
  }
  try {
    const text = JSON.stringify(value, withoutSecrets) ?? String(value);
    return isPrivateText(text) ? '"(hidden)"' : shortened(withoutMarks(text));
  } catch {
    // a big integer, or a value that holds itself.
    return typeof value === 'object' ? namedByClass(value as object) : `a ${typeof value}`;
  }
}

/** All that can be told of a construct, which refers to its whole tree, is its class. */
export function namedByClass(value: object): string {
  const name = value.constructor && className(value.constructor) || 'Object';
  return { Object: 'an object', Array: 'a list' }[name] ?? withArticle(name);
}

/** The members of an object are not to be read that are called like secrets. */
function withoutSecrets(name: string, member: unknown): unknown {
  return typeof member === 'string' && namesSecret(name) ? '(hidden)' : member;
}

/** What JavaScript calls a value: `Object` for those with members, instances of classes too, and `Map`, `Promise` and others by their names. */
export function kindOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

/** A name as a sentence has it: "an AzureSubnet", "a Map". */
export function withArticle(name: string): string {
  return `${/^(?:[AEIO]|Http|Ssh|Ubuntu)/.test(name) ? 'an' : 'a'} ${name}`;
}

function withoutMarks(text: string): string {
  return text.replace(REFERENCE, '${…}');
}

/** The way into data that hold themselves has no end; where it begins and where it leads tell enough. */
function shortPath(path: string): string {
  return path.length > LONGEST_PATH ? `${path.slice(0, LONGEST_PATH / 2)}…${path.slice(-LONGEST_PATH / 4)}` : path;
}

/** A whole file or a whole construct, given by mistake, would push the rest of the message off the screen. */
function shortened(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}… (${text.length} characters)` : text;
}
