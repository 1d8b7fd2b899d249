import { existsSync, readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { toSnakeCase } from 'codemaker';
import * as ts from 'typescript';

const ROOT = join(__dirname, '..');
const ASSEMBLY = join(ROOT, '.jsii');
if (!existsSync(ASSEMBLY)) {
  throw new Error('no .jsii: run `npx projen compile` first');
}
const assembly = JSON.parse(readFileSync(ASSEMBLY, 'utf8'));

interface Member { readonly owner: any; readonly member: any; readonly path: string }

const types: any[] = Object.values(assembly.types);
const members: Member[] = types.flatMap((owner) => [...owner.properties ?? [], ...owner.methods ?? [], ...owner.members ?? []]
  .filter((member: any) => !member.overrides)
  .map((member: any) => ({ owner, member, path: `${owner.name}.${member.name}` })));
const optionalProps = members.filter(({ owner, member }) => owner.kind === 'interface' && owner.datatype && member.optional);

/** Everything that a program names in lower case: members, and parameters, which Python has as keywords. */
const callables = [
  ...members.filter(({ owner }) => owner.kind !== 'enum').map(({ member, path }) => ({ name: member.name as string, path })),
  ...types.flatMap((owner) => [...owner.initializer ? [owner.initializer] : [], ...owner.methods ?? []].flatMap((method: any) =>
    (method.parameters ?? []).map(({ name }: any) => ({ name: name as string, path: `${owner.name}.${method.name ?? 'constructor'}(${name})` })))),
].filter(({ name }) => !/^[A-Z][A-Z0-9_]*$/.test(name));

const RESERVED = [
  'and', 'as', 'assert', 'async', 'await', 'break', 'class', 'continue', 'def', 'del', 'elif', 'else', 'except', 'finally', 'for', 'from', 'global', 'if', 'import',
  'in', 'is', 'lambda', 'nonlocal', 'not', 'or', 'pass', 'raise', 'return', 'try', 'while', 'with', 'yield', 'abstract', 'boolean', 'byte', 'case', 'catch', 'char', 'const',
  'default', 'do', 'double', 'enum', 'extends', 'final', 'float', 'goto', 'implements', 'instanceof', 'int', 'interface', 'long', 'native', 'new', 'null', 'package',
  'private', 'protected', 'public', 'short', 'static', 'super', 'switch', 'synchronized', 'this', 'throw', 'throws', 'transient', 'void', 'volatile', 'chan', 'defer',
  'fallthrough', 'func', 'go', 'map', 'range', 'select', 'struct', 'type', 'var', 'build', 'equals', 'getClass', 'hashCode', 'notify', 'toString', 'wait',
];

describe('docs', () => {
  test('every exported type and member has a summary', () => {
    const silent = [...types.map((type) => ({ member: type, path: type.name })), ...members].filter(({ member }) => !member.docs?.summary);
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  test('every optional prop tells its default: a literal, or "- " and what happens', () => {
    const wrong = optionalProps.filter(({ member }) => !/^(- \S.*|true|false|-?\d[\d_.]*|'.*'|\[.*\]|\{.*\}|[A-Z]\w*(\.\w+(\(.*\))?)?)$/s.test(member.docs?.default ?? ''));
    expect(wrong.map(({ member, path }) => `${path}: ${member.docs?.default}`)).toEqual([]);
  });

  test('no required prop has a default', () => {
    const wrong = members.filter(({ owner, member }) => owner.datatype && !member.optional && member.docs?.default !== undefined);
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  test('every literal default is the one in the code', () => {
    expect(wrongDefaults()).toEqual([]);
  });
});

describe('names', () => {
  test('read well in Python, Java and Go', () => {
    const bad = [/[A-Z]{2,}s?($|[A-Z])/, /gitLab/, /vCpu/i];
    const names = [...types.map(({ name }) => ({ name, path: name })), ...members.map(({ member, path }) => ({ name: member.name, path }))]
      .filter(({ name }) => !/^[A-Z][A-Z0-9_]*$/.test(name));
    expect(names.filter(({ name }) => bad.some((pattern) => pattern.test(name.replace(/^I(?=[A-Z])/, '')))).map(({ path }) => path)).toEqual([]);
  });

  test('are whole words in Python, as the generator writes them', () => {
    const broken = callables.filter(({ name }) => /git_lab|_$|(^|_)[a-z](_|$)/.test(toSnakeCase(name)));
    expect(broken.map(({ name, path }) => `${path}: ${toSnakeCase(name)}`)).toEqual([]);
  });

  test('need no escape in Python, Java or Go', () => {
    expect(callables.filter(({ name }) => RESERVED.includes(name) || RESERVED.includes(toSnakeCase(name))).map(({ path }) => path)).toEqual([]);
  });

  test('do not meet in Python or Go', () => {
    const twice = types.flatMap((type) => {
      const names: string[] = [...type.properties ?? [], ...type.methods ?? []].map(({ name }: any) => name);
      return [toSnakeCase, (name: string) => name[0].toUpperCase() + name.slice(1)].flatMap((spell) =>
        names.filter((name) => !/^[A-Z]/.test(name) && names.some((other) => other !== name && spell(other) === spell(name))).map((name) => `${type.name}.${name}`));
    });
    expect(twice).toEqual([]);
  });

  test('use no word that another language or jsii itself needs', () => {
    const taken = ['id', 'scope', 'build', 'equals', 'hashcode', 'from', 'import', 'global', 'class', 'lambda', 'pass', 'default', 'type', 'range', 'map'];
    const props = members.filter(({ owner, member }) => owner.datatype && taken.includes(member.name));
    expect(props.map(({ path }) => path)).toEqual([]);
  });

  test('sizes and times carry their unit', () => {
    const bare = members.filter(({ owner, member }) => owner.datatype && member.type?.primitive === 'number'
      && /(size|timeout|interval|period|delay|age|duration)$/i.test(member.name));
    expect(bare.map(({ path }) => path)).toEqual([]);
  });
});

describe('surface', () => {
  test('depends on the three peers alone', () => {
    expect(Object.keys(assembly.dependencies).sort()).toEqual(['cdk8s', 'cdktf', 'constructs']);
  });

  test('no file imports a provider\'s barrel', () => {
    const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const barrel = /from '(@cdktf\/provider-[a-z]+|cdk8s-plus-28)'/;
    expect(files.filter((file) => barrel.test(readFileSync(join(ROOT, 'src', file), 'utf8')))).toEqual([]);
  });
});

describe('interfaces', () => {
  // typescript lets a class leave out an optional member; Python's type checkers then say that it does not implement the interface (aws/jsii#3555).
  test('a class declares every member of its interfaces, alike', () => {
    const classes = types.filter(({ kind, interfaces }) => kind === 'class' && interfaces);
    expect(classes.length).toBeGreaterThan(0);
    const wrong = classes.flatMap((type) => interfacesOf(type.fqn).flatMap((face) => membersOf(face).flatMap((member) => {
      const own = lineage(type.fqn).flatMap(membersOf).find(({ name }) => name === member.name);
      return JSON.stringify(shape(own)) === JSON.stringify(shape(member)) ? [] : [`${type.name}.${member.name}: ${JSON.stringify(shape(own))}, not as in ${face.name}`];
    })));
    expect(wrong).toEqual([]);
  });
});

/** A type of this package or of a peer. */
function typeOf(fqn: string): any {
  const [module] = fqn.split('.');
  return module === assembly.name ? assembly.types[fqn] : JSON.parse(readFileSync(join(ROOT, 'node_modules', module, '.jsii'), 'utf8')).types[fqn];
}

const membersOf = (type: any): any[] => [...type.properties ?? [], ...type.methods ?? []];

/** A class and the classes that it extends, nearest first. */
function lineage(fqn: string): any[] {
  const type = typeOf(fqn);
  return [type, ...type.base ? lineage(type.base) : []];
}

/** The interfaces of a class, with those that they extend. */
function interfacesOf(fqn: string): any[] {
  return (typeOf(fqn).interfaces ?? []).flatMap((face: string) => [typeOf(face), ...interfacesOf(face)]);
}

/** What a type checker of any language asks of a member. */
function shape(member: any): unknown {
  return member && {
    type: member.type, optional: member.optional, immutable: member.immutable,
    returns: member.returns && [member.returns.type, member.returns.optional],
    parameters: member.parameters?.map(({ name, type, optional, variadic }: any) => [name, type, optional, variadic]),
  };
}

/** Compares each literal `@default` with the right side of every `props.x ?? …` on that very prop. */
function wrongDefaults(): string[] {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (file) => ts.sys.readFile(file));
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const program = ts.createProgram(fileNames, options);
  const checker = program.getTypeChecker();
  const fallbacks = new Map<ts.Declaration, string[]>();

  const constant = (node: ts.Expression): string => {
    if (ts.isIdentifier(node)) {
      let symbol = checker.getSymbolAtLocation(node);
      symbol = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol; // eslint-disable-line no-bitwise
      const declaration = symbol?.valueDeclaration;
      if (declaration && ts.isVariableDeclaration(declaration) && declaration.initializer) {
        return constant(declaration.initializer);
      }
    }
    return ts.isAsExpression(node) ? constant(node.expression) : node.getText().replace(/\s+/g, ' ');
  };
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) {
      const left = node.left;
      if (ts.isPropertyAccessExpression(left)) {
        const declaration = checker.getSymbolAtLocation(left.name)?.declarations?.[0];
        if (declaration) {
          fallbacks.set(declaration, [...fallbacks.get(declaration) ?? [], constant(node.right)]);
        }
      }
    }
    if (ts.isBindingElement(node) && node.initializer) {
      const name = (node.propertyName ?? node.name).getText();
      const declaration = checker.getTypeAtLocation(node.parent).getProperty(name)?.declarations?.[0];
      if (declaration) {
        fallbacks.set(declaration, [...fallbacks.get(declaration) ?? [], constant(node.initializer)]);
      }
    }
    ts.forEachChild(node, visit);
  };
  const sources = program.getSourceFiles().filter((file) => file.fileName.startsWith(join(ROOT, 'src')));
  sources.forEach(visit);

  const wrong: string[] = [];
  for (const { owner, member, path } of optionalProps) {
    const documented: string = member.docs?.default ?? '';
    const source = sources.find((file) => file.fileName === join(ROOT, owner.locationInModule.filename));
    const struct = source?.statements.find((statement): statement is ts.InterfaceDeclaration =>
      ts.isInterfaceDeclaration(statement) && statement.name.text === owner.name);
    const declaration = struct?.members.find((candidate) => candidate.name?.getText() === member.name);
    const used = (declaration && fallbacks.get(declaration)) ?? [];
    const literal = !documented.startsWith('- ');
    const normal = (text: string) => text.replace(/_(?=\d)/g, '').replace(/\s/g, '');
    // a prop that is off unless set needs no fallback: undefined is false.
    if (literal && !(used.length === 0 && documented === 'false') && (used.length === 0 || used.some((text) => normal(text) !== normal(documented)))) {
      wrong.push(`${path}: documented ${documented}, code ${used.length > 0 ? used.join(' | ') : 'has no fallback'}`);
    }
  }
  return wrong;
}
