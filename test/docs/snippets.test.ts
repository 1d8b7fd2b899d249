import { readFileSync } from 'fs';
import { join } from 'path';
import * as ts from 'typescript';
import { outputLanguages, withOutputs } from './outputs';
import { blocksOf, PAGES, ROOT, text } from './pages';
import { Run, runSnippets, Snippet, snippetOf, SNIPPETS, typedProgram } from './snippets';

const types: any[] = Object.values(JSON.parse(readFileSync(join(ROOT, '.jsii'), 'utf8')).types);
/** The examples in doc comments, which an override repeats. */
const EXAMPLES: readonly Snippet[] = types.flatMap((type) => [
  { where: type.name, docs: type.docs },
  ...[...type.properties ?? [], ...type.methods ?? []].filter((member: any) => !member.overrides).map(({ name, docs }: any) => ({ where: `${type.name}.${name}`, docs })),
]).filter(({ docs }) => docs?.example).map(({ where, docs }) => snippetOf({ where: `API: ${where}`, code: docs.example }));
const ALL = [...SNIPPETS, ...EXAMPLES];

describe('as a compiler sees them', () => {
  const { program, files } = typedProgram(ALL);

  test('every TypeScript snippet of pages and doc comments compiles strictly', () => {
    expect(SNIPPETS.length).toBeGreaterThan(0);
    expect(EXAMPLES.length).toBeGreaterThan(0);
    const problems = [...files.keys()].flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)));
    expect(problems.map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`)).toEqual([]);
  });

  test('the headline constructs, and all that adds or grants something, have an example in their doc comment', () => {
    const HEADLINES = ['SelfHostedGitLab', 'AksCluster', 'KubernetesGitLabRunner', 'GitLabRunnerChart'];
    const verbs = types.flatMap(({ name, methods }) => (methods ?? []).filter((method: any) => !method.overrides && /^(add|grant)[A-Z]/.test(method.name))
      .map((method: any) => `${name}.${method.name}`));
    expect(verbs.length).toBeGreaterThan(0);
    const wanted = [...HEADLINES, ...verbs];
    expect(wanted.filter((name) => !EXAMPLES.some(({ where }) => where === `API: ${name}`))).toEqual([]);
  });

  test('every constructor and method of the API is called in a page', () => {
    const called = new Set([...files].filter(([, { where }]) => where.includes('.md:')).flatMap(([file]) => calls(program.getSourceFile(file)!)));
    const isPublic = (type: any) => type.kind === 'class' && !type.abstract && type.initializer && !type.initializer.protected;
    const wanted = types.flatMap((type) => [
      ...isPublic(type) ? [`new ${type.name}`] : [],
      ...type.kind === 'class' ? (type.methods ?? []).filter((method: any) => !method.protected).map(({ name }: any) => `${type.name}.${name}`) : [],
    ]);
    expect(wanted.length).toBeGreaterThan(0);
    expect(wanted.filter((name) => !called.has(name))).toEqual([]);
  });

  /** What a file calls, each with the class that it is declared in, and with those that implement the interface that it is declared in. */
  function calls(file: ts.SourceFile): string[] {
    const checker = program.getTypeChecker();
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isNewExpression(node)) {
        found.push(`new ${checker.getTypeAtLocation(node).symbol?.name}`);
      } else if (ts.isCallExpression(node)) {
        const declaration = checker.getResolvedSignature(node)?.declaration;
        if (declaration && (ts.isMethodDeclaration(declaration) || ts.isMethodSignature(declaration))) {
          const name = declaration.name.getText();
          // what a private class declares is called on the public one that extends it, and what an interface declares on one that implements it.
          const receiver = ts.isPropertyAccessExpression(node.expression) && checker.getTypeAtLocation(node.expression.expression).symbol?.name;
          const owner = (declaration.parent as ts.ClassDeclaration | ts.InterfaceDeclaration).name?.text;
          const has = ({ methods }: any) => methods?.some((method: any) => method.name === name);
          const isOf = (type: any) => [owner, receiver].includes(type.name) || type.interfaces?.some((face: string) => face.endsWith(`.${owner}`));
          found.push(...types.filter((type) => isOf(type) && has(type)).map((type) => `${type.name}.${name}`));
        }
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
    return found;
  }
});

describe('run with the package as it is published', () => {
  let run: Run;
  beforeAll(() => { run = runSnippets(ALL); });
  afterAll(() => run?.remove());

  /** All files that come out, one after the other. */
  const synthesised = (where: string, without = false) => Object.values(run.files(where, without)).join('\n');

  test.each(ALL.map(({ where }) => [where]))('%s', (where) => {
    expect(run.error(where)).toBeUndefined();
    const out = synthesised(where);
    expect(Object.keys(run.files(where)).join()).toMatch(/cdk\.tf\.json|\.k8s\.yaml/);
    expect(out).not.toContain('@cdktf/error');
    expect(out).not.toBe(synthesised(where, true));
  });

  const showing = PAGES.filter((page) => outputLanguages(page).length > 0);

  test.each(showing)('%s shows what its snippets give', (page) => {
    // written again by `npm run docs:outputs`.
    expect(text(page)).toBe(withOutputs(page, run));
  });

  test('no block of JSON, Ruby or TOML is written by hand', () => {
    const LANGUAGES = ['json', 'ruby', 'toml'];
    expect(PAGES.flatMap(outputLanguages).filter((language) => LANGUAGES.includes(language)).length).toBe(blocksOf(...LANGUAGES).length);
  });

  test('each snippet of the three subjects\' pages has an output', () => {
    const SUBJECTS = ['docs/cluster.md', 'docs/gitlab.md', 'docs/runner.md'];
    expect(showing).toEqual(expect.arrayContaining(SUBJECTS));
    const without = SUBJECTS.flatMap((page) => text(page).split(/^```ts\b.*$/m).slice(1)).filter((after) => !after.includes('<!-- shows '));
    expect(without).toEqual([]);
  });

  test.each([
    ['microsoft_defender', /"microsoft_defender": \{\s+"log_analytics_workspace_id": "\/subscriptions\//],
    ['VirtualMachine', /"azurerm_linux_virtual_machine": [^]*"license_type": "UBUNTU_PRO"/],
    ['cost-center', /"azurerm_managed_disk": [^]*"tags": \{\s+"cost-center": "ci"/],
    ['omnibusSettings', /gitlab_rails\[\\"time_zone\\"\] = \\"Asia\/Seoul\\"/],
    ['kubernetesSettings', /dns_policy = \\"cluster-first\\"/],
    ['JsonPatch', /"priorityClassName": "system-cluster-critical"[^]*"kind": "ResourceQuota"/],
    ['addHelmChart', /"chart": "ingress-nginx"/],
  ])('the escape hatch %s changes what is synthesised', (hatch, expected) => {
    const [found, ...more] = SNIPPETS.filter(({ where, code }) => where.startsWith('docs/escape-hatches.md') && code.includes(hatch));
    expect(more).toEqual([]);
    expect(synthesised(found.where)).toMatch(expected);
  });
});
