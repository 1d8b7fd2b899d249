import { Fn, Lazy, TerraformStack, TerraformVariable, Token } from 'cdktf';
import { Kind, Prop, STRUCTS } from './structs';
import { newStack, synth } from '../synth';

/** How a struct is used, and what is valid for it. */
export interface Use {
  /** The required props, and what else lets all others have an effect. */
  readonly base: { readonly [prop: string]: any } | ((stack: TerraformStack) => { readonly [prop: string]: any });
  /** What some props need beside them. */
  readonly beside?: { readonly [prop: string]: { readonly [prop: string]: any } };
  /** Where the struct's props stand in a message, before their own names; such as `backup.`. */
  readonly prefix?: string;
  /** A construct with the struct in it, in a stack. */
  readonly make: (stack: TerraformStack, struct: any) => void;
}

type Reference = (variable: TerraformVariable) => unknown;

const TEXTS: readonly [string, Reference][] = [
  ['.stringValue', ({ stringValue }) => stringValue],
  ['.value', ({ value }) => value],
  ['Fn', ({ value }) => Fn.lower(value)],
  ['Lazy', ({ stringValue }) => Lazy.stringValue({ produce: () => stringValue })],
];
const NUMBERS: readonly [string, Reference][] = [
  ['.numberValue', ({ numberValue }) => numberValue],
  ['.value', ({ value }) => value],
  ['.stringValue', ({ stringValue }) => stringValue],
  ['Lazy', ({ numberValue }) => Lazy.numberValue({ produce: () => numberValue })],
];
const ANYTHING: readonly [string, Reference][] = [
  ['.value', ({ value }) => value],
  ['.stringValue', ({ stringValue }) => stringValue],
  ['Fn', ({ value }) => Fn.merge([value])],
  ['Lazy', ({ value }) => Lazy.anyValue({ produce: () => value })],
];
const REFERENCES: { readonly [kind in Kind]: readonly [string, Reference][] } = {
  string: TEXTS,
  enum: TEXTS,
  number: NUMBERS,
  boolean: [['.booleanValue', ({ booleanValue }) => booleanValue], ['.value', ({ value }) => value], ['.stringValue', ({ stringValue }) => stringValue]],
  list: [
    ['.listValue', ({ listValue }) => listValue], ['.value', ({ value }) => value], ['[.stringValue]', ({ stringValue }) => [stringValue]],
    ['[.value]', ({ value }) => [value]], ['Fn', ({ value }) => Fn.distinct(value)], ['Lazy', ({ listValue }) => Lazy.listValue({ produce: () => listValue })],
  ],
  map: [
    ...ANYTHING, ['{.stringValue}', ({ stringValue }) => ({ FF_A: stringValue })], ['{.value}', ({ value }) => ({ FF_A: value })],
    ['asStringMap', ({ value }) => Token.asStringMap(value)],
  ],
  data: [...ANYTHING, ['asAnyMap', ({ value }) => Token.asAnyMap(value)]],
  struct: ANYTHING,
  object: ANYTHING,
};

/** A value of a wrong kind, and what is said of it. */
export const WRONG: { readonly [kind in Kind]: readonly [unknown, string] } = {
  string: [Symbol.for('x'), 'not text'],
  enum: ['no such thing', 'not supported'],
  number: ['seven', 'not a number'],
  boolean: ['yes', 'not true or false'],
  list: ['one', 'not a list'],
  map: ['one', 'not a map'],
  data: ['one', 'not a map'],
  struct: ['one', 'not an object'],
  object: ['one', 'not a'],
};

/** Values of the right kind that no prop means, and those that an editor or a variable of the shell leaves behind. */
const BROKEN: { readonly [kind in Kind]?: readonly unknown[] } = {
  string: ['', ' ', '\n'],
  number: [NaN, Infinity, -7, 1e21],
  list: [[null], [NaN], [{}], ['']],
  map: [{ FF_A: NaN }, { FF_A: {} }],
};

/** Where no text at all has a meaning: no request or limit, every taint. */
const EMPTY_MEANS = /^(?:cpu|memory|ephemeralStorage)(?:Request|Limit)$|^(?:managerT|t)olerations$/;
/** Whose value means nothing but that it differs from the one before. */
const ANY_TEXT = 'rerun';
const isEmpty = (value: unknown) => value === '' || (Array.isArray(value) && value[0] === '');

/** The tests of everything that holds for each prop of a struct, whatever it means. */
export function lawOf(structName: string, use: Use): void {
  const props = STRUCTS.get(structName);
  if (!props) {
    throw new Error(`no struct of the name ${structName}`);
  }
  describe(structName, () => {
    const optional = props.filter((prop) => prop.optional);
    const required = props.filter((prop) => !prop.optional);

    test('the base is valid', () => {
      expect(outcome(use, () => ({}))).toEqual({ json: expect.any(String) });
    });

    const references = props.flatMap((prop) =>
      REFERENCES[prop.kind].map(([form, reference]): [string, string, Prop, Reference] => [prop.name, form, prop, reference]));
    test.each(references)(
      '%s takes the reference %s, or says what to do', (_, __, prop, reference) => {
        const { json, error } = outcome(use, (variable) => ({ ...use.beside?.[prop.name], [prop.name]: reference(variable) }));
        const said = error ?? json!;
        // without its sign: what escapes the sign of a reference loses the reference.
        expect(said).not.toMatch(/TfToken\[/);
        if (error === undefined) {
          expect(said).toContain('var.reference');
        } else {
          expect(error).toMatch(new RegExp(`(^|- )\\W*${escaped(use.prefix ?? '')}${prop.name}[^:]*: [^\\n]+, got [^]+; [^\\n]+ \\(at [\\w./]+\\)`, 'm'));
        }
      });

    if (optional.length > 0) {
      test.each(optional.map(({ name }) => name))('%s: null is left out', (name) => {
        expect(outcome(use, () => ({ [name]: null }))).toEqual(outcome(use, () => ({ [name]: undefined })));
      });
    }

    // jest takes an empty table for a failure.
    if (required.length > 0) {
      test.each(required.map(({ name }) => name))('%s is missed', (name) => {
        const { error } = outcome(use, () => ({ [name]: undefined }));
        expect(error).toMatch(new RegExp(`^${escaped(use.prefix ?? '')}${name}: missing, got nothing; give [^\\n]+ \\(at [\\w./]+\\)$`));
        expect(outcome(use, () => ({ [name]: null }))).toEqual({ error });
      });
    }

    test.each(props.map((prop): [string, Prop] => [prop.name, prop]))('%s: another kind of value is refused in the same words everywhere', (name, prop) => {
      const [value, problem] = WRONG[prop.kind];
      const { error } = outcome(use, () => ({ ...use.beside?.[name], [name]: value }));
      expect(error).toMatch(new RegExp(`^${escaped(use.prefix ?? '')}${name}: ${problem}[^,]*, got [^]+; [^\\n]+ \\(at [\\w./]+\\)$`));
    });

    const breakable = props.filter(({ name, kind }) => name !== ANY_TEXT && BROKEN[kind] !== undefined);
    if (breakable.length > 0) {
      test.each(breakable.map((prop): [string, Prop] => [prop.name, prop]))('%s: a broken value is refused, by its place', (name, prop) => {
        for (const value of BROKEN[prop.kind]!.filter((one) => !isEmpty(one) || !EMPTY_MEANS.test(name))) {
          const { error } = outcome(use, () => ({ ...use.beside?.[name], [name]: value }));
          expect(error ?? `${name} took ${JSON.stringify(value)} ${String(value)}`).toMatch(new RegExp(`^${escaped(use.prefix ?? '')}${name}[^ ]*: [^\\n]+, got [^]*; [^\\n]+ \\(at [\\w./]+\\)$`));
        }
      });
    }

    test.each(props.map(({ name }) => name))('%s in another spelling is refused, and named', (name) => {
      const wrong = `${name.toLowerCase()}_`;
      const { error } = outcome(use, () => ({ [wrong]: 1 }));
      expect(error).toMatch(new RegExp(`^${escaped(use.prefix ?? '')}${wrong}: no such prop, got [^]+; write \\w+, or leave it out \\(at [\\w./]+\\)$`));
    });
  });
}

/** What a program comes to: its Terraform JSON, or what the library says of it. */
function outcome(use: Use, change: (variable: TerraformVariable) => object): { json?: string; error?: string } {
  const stack = newStack();
  const variable = new TerraformVariable(stack, 'reference', {});
  try {
    const base = typeof use.base === 'function' ? use.base(stack) : use.base;
    use.make(stack, { ...base, ...change(variable) });
    return { json: JSON.stringify(synth(stack)) };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
