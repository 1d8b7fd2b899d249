// The blocks of pages that are not TypeScript: what reads them can read them, and what they name is what is synthesised.
import { execFileSync, spawnSync } from 'child_process';
import { readFileSync } from 'fs';
import { join } from 'path';
import { parseAllDocuments } from 'yaml';
import { blocks, blocksOf, PAGES, ROOT, text } from './pages';
import { AksCluster, KubernetesGitLabRunner, SelfHostedGitLab } from '../../src';
import { newStack, synth } from '../synth';
import { findTool, terraform, testWith } from '../tools';

const SHELL = blocksOf('sh');
const rows = (languages: readonly ReturnType<typeof blocks>[number][]) => languages.map(({ where, code }) => [where, code]);

test('there is no kind of block that nobody looks at', () => {
  // Mermaid is compared with what the diagram's command draws, Python is run in the languages tier, nginx in the first-boot tier, what a program prints is checked below,
  // and what preflight prints in test/preflight.
  // JSON, Ruby and TOML are what snippets give.
  // SQL is run in test/firstboot, by a PostgreSQL.
  expect([...new Set(PAGES.flatMap(blocks).map(({ language }) => language))].sort()).toEqual(['console', 'hcl', 'json', 'kusto', 'mermaid', 'nginx', 'python', 'ruby', 'sh', 'sql', 'text', 'toml', 'ts', 'yaml']);
});

test.each(rows(blocksOf('text')))('%s is what a warning of the article\'s program looks like', (_where, code) => {
  const stack = newStack('trial');
  new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral', sshAllowedCidrs: ['0.0.0.0/0'] });
  synth(stack);
  const [{ data }] = stack.node.findAll().flatMap(({ node }) => node.metadata).filter(({ type }) => type === '@cdktf/warn');
  const [, told, id] = /^(.*) (\[.*\])$/.exec(data)!;
  expect(code).toBe(`warning: ${told} (at trial/GitLab) ${id}\n`);
});

test.each(rows(SHELL))('%s is what a shell can read', (_where, code) => {
  expect(spawnSync('bash', ['-n'], { input: code, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
});

test.each(rows(blocksOf('yaml')))('%s is what a YAML reader can read', (_where, code) => {
  expect(parseAllDocuments(code).flatMap((document) => document.errors)).toEqual([]);
});

testWith(terraform, 'terraform or tofu').each(rows(blocksOf('hcl')))('%s is what Terraform can read', (_where, code) => {
  const filled = code.replace(/(?<!")<\w+>(?!")/g, 'azurerm_managed_disk.one');
  expect(spawnSync(terraform!, ['fmt', '-'], { input: filled, encoding: 'utf8' })).toMatchObject({ status: 0, stdout: filled });
});

testWith(findTool('python3'), 'python3')('Python is what Python can read, and all that it calls and names is of the API', () => {
  const types: any[] = Object.values(JSON.parse(readFileSync(join(ROOT, '.jsii'), 'utf8')).types);
  const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const props = types.flatMap(({ properties }) => (properties ?? []).map(({ name }: any) => snake(name)));
  const program = `import ast, json, sys
calls = [node for node in ast.walk(ast.parse(sys.stdin.read())) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
print(json.dumps([[call.func.id, [keyword.arg for keyword in call.keywords]] for call in calls]))`;
  const calls: [string, string[]][] = blocksOf('python').flatMap(({ code }) => JSON.parse(execFileSync('python3', ['-c', program], { input: code, encoding: 'utf8' })));
  expect(calls.length).toBeGreaterThan(0);
  const frameworks = ['App', 'TerraformStack'];
  expect(calls.map(([name]) => name).filter((name) => !frameworks.includes(name) && !types.some((type) => type.name === name))).toEqual([]);
  expect(calls.flatMap(([, keywords]) => keywords).filter((keyword) => !props.includes(keyword))).toEqual([]);
});

describe('Azure and Kubernetes', () => {
  const stack = newStack('gitlab');
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral', backup: {}, dataDiskBackup: {} });
  const cluster = new AksCluster(stack, 'Cluster', { location: 'koreacentral' });
  const runner = new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, tags: ['aks'] });
  const json = synth(stack);

  /** All names that resources have, as patterns: the digits of a local are the subscription's. A run command has one that no page can know. */
  const names = Object.values(json.resource).flatMap((all) => Object.values(all)).map(({ name }) => name)
    .filter((name) => typeof name === 'string' && !name.includes('${substr('))
    .map((name) => new RegExp(`^${name.replaceAll('.', '\\.').replace(/\$\{local[^}]*\}/g, '[a-z0-9]+')}$`));

  // azurerm names the rule of a policy by itself.
  const NOT_SYNTHESISED = ['BackupIntervals', 'RunShellScript', 'name-from-the-list', 'Premium_LRS', 'koreacentral', ''];

  test.each(['docs/operate.md', 'docs/restore-disk.md', 'docs/restore.md'])('what the commands of %s name is what the quick start makes', (page) => {
    const commands = text(page).replaceAll('\\\n', ' ').replaceAll('`', ' ');
    const variables = new Map([...commands.matchAll(/(?:export |(?<=export .*) )([A-Z]+)=([\w-]*)(?=\s|$)/g)].map(([, name, value]) => [name, value]));
    const filled = commands.replace(/\$\{?(GROUP|VM|SNAPSHOTS|ACCOUNT)\}?/g, (_, name) => variables.get(name)!).replaceAll('"', '');
    const values = [...filled.matchAll(/ --(?:resource-group|name|vm-name|vault-name|backup-instance-name|account-name|container-name|source) ([\w.-]+)(?= |\n|$)/g)]
      .map(([, value]) => value);
    expect(values.length).toBeGreaterThan(0);
    const made = [...filled.matchAll(/ create (?:--resource-group \S+ )?--name ([\w.-]+)/g)].map(([, value]) => value);
    const known = [...NOT_SYNTHESISED, ...made];
    expect(values.filter((value) => !known.includes(value) && !names.some((name) => name.test(value)))).toEqual([]);
  });

  test('what the queries ask for is recorded, and by the names that it has', () => {
    /** The tables that Azure puts each log into. */
    const tables: { [category: string]: string } = {
      'AuditEvent': 'AzureDiagnostics', 'kube-audit-admin': 'AKSAuditAdmin', 'guard': 'AKSControlPlane',
      'StorageRead': 'StorageBlobLogs', 'StorageWrite': 'StorageBlobLogs', 'StorageDelete': 'StorageBlobLogs',
    };
    const sent = Object.values<any>(json.resource.azurerm_monitor_diagnostic_setting)
      .flatMap((setting) => setting.enabled_log.map(({ category }: any) => tables[category]));
    const queries = blocksOf('kusto').map(({ code }) => code);
    expect([...new Set(queries.map((code) => code.split('\n')[0]))].sort()).toEqual([...new Set([...sent, 'Usage'])].sort());
    const asked = [...queries.join('\n').matchAll(/(?:has|startswith|Category ==) "(?!system:)([^"]+)"/g)].map(([, name]) => name);
    expect(asked).toEqual(['gitlab-root-password', 'guard', 'gitlabbackup']);
    expect(json.output[Object.keys(json.output).find((name) => name.includes('RootPasswordCommand'))!].value).toContain(' --name gitlab-root-password ');
    expect(Object.values<any>(json.resource.azurerm_storage_account)[0].name).toMatch(/^gitlabbackup\$\{/);
  });

  test('what kubectl is asked for is there', () => {
    const objects: any[] = runner.chart.toJson();
    const asked = PAGES.flatMap((page) => [...text(page).matchAll(/kubectl [^`\n]*?-n ([\w-]+)(?: deploy\/([\w-]+))?/g)]);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter(([, namespace, deployment]) => !objects.some(({ kind, metadata }) => kind === 'Deployment' && metadata.namespace === namespace
      && (deployment === undefined || metadata.name === deployment))).map(([command]) => command)).toEqual([]);
  });
});
