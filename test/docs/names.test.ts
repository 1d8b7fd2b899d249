// What pages name exists: props and classes, scripts, programs with their options, files, environment variables, outputs.
import { spawnSync } from 'child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { PAGES, ROOT, text, TIER_PAGES } from './pages';
import { AksCluster, AlertReceiver, GitLabEndpoint, GitLabSignIn, PlatformAlerts, SelfHostedGitLab } from '../../src';
import { newStack, synth } from '../synth';

/** The page whose tables hold in their first column what is no longer of the API. */
const UPGRADING = 'docs/upgrading.md';
/** The pages whose tables hold there what is not of the API. */
const OTHERS_FIRST = [UPGRADING, 'docs/from-the-chart.md'];
const SOMEBODY = '00000000-0000-0000-0000-000000000001';
const ALL = [...PAGES, ...TIER_PAGES];
/** The text between backquotes, less that of code blocks. */
const spans = (page: string) => spansOf(text(page).replace(/^ *```.*?^ *```$/gms, '').replace(OTHERS_FIRST.includes(page) ? /^\| .*? \|/gm : /$^/, ''));
const spansOf = (prose: string) => [...prose.matchAll(/`([^`\n]+)`/g)].map(([, span]) => span);

/** What does not hold of what is found in pages, each with its page. */
function wrong(
  pages: readonly string[], find: (page: string) => Iterable<readonly string[]>, holds: (found: readonly string[], page: string) => boolean,
): string[] {
  const found = pages.flatMap((page) => [...find(page)].map((match) => ({ page, match })));
  expect(found.length).toBeGreaterThan(0);
  return found.filter(({ page, match }) => !holds(match, page)).map(({ page, match }) => `${page}: ${match[0]}`);
}

describe('the API', () => {
  const types: any[] = Object.values(JSON.parse(readFileSync(join(ROOT, '.jsii'), 'utf8')).types);
  const named = (list: any[] | undefined) => (list ?? []).map(({ name }) => name as string);
  const members = new Map<string, string[]>(types.map((type) => [type.name, [type.properties, type.methods, type.members].flatMap(named)]));
  const parameters = types.flatMap(({ methods }) => (methods ?? []).flatMap((method: any) => named(method.parameters)));
  const anyMember = new Set([...members.values(), parameters].flat());
  /** Names of others, and of what is inside. */
  const OTHERS = [
    'Annotations', 'Aspects', 'AzurermBackend', 'AzurermProvider', 'DataTerraformRemoteStateAzurerm', 'Fn', 'TerraformLocal', 'Testing', 'addOverride', 'hclOutput', 'skipValidation', // cdktf, its bindings
    'RequestDisallowedByPolicy', 'LinkedAuthorizationFailed', 'ScopeLocked', 'CanNotDelete', 'ReadOnly', 'postBuild', // Azure Resource Manager's errors and locks, Flux
    'Symbol', 'ValidationError', // JavaScript, src/private
    'certsSecretName', 'runnerToken', 'toYaml', // Helm, GitLab's chart
    'CrashLoopBackOff', 'CriticalAddonsOnly', 'FailedCreate', 'FailedPreStopHook', 'FailedScheduling', 'ImagePullBackOff', 'KataVmIsolation',
    'hostNetwork', 'podSelector', 'resourceVersion', 'restartPolicy', 'securityContext', 'toEntities', // Kubernetes, Cilium
    'AuditEvent', 'AzureDiagnostics', 'Critical', 'Dedicated', 'EncryptionAtHost', 'InGuestPatch', 'appRoleAssignmentRequired', 'ProtectionError', 'Security',
    'AzureFrontDoor', 'AzureKubernetesService', 'GatewayManager', 'StorageDelete', 'StorageRead', 'StorageWrite', 'allLogs', 'RoleAssignmentExists', 'UserErrorDppPolicyObjectInUse', // Azure
    'Authorization', 'Connection', 'Host', 'NameID', 'Upgrade', // HTTP, SAML
    'RoleARN', // Amazon
    'Cluster', 'Resource', // constructs' ids
  ];
  const outputs = outputNames();

  test('each class with its member, and each prop, is of the API', () => {
    expect(wrong(PAGES, (page) => spans(page).flatMap((span) => [...span.matchAll(/^(?:new )?([A-Z][a-z][A-Za-z]*)(?=$|\(|\.)|^([a-z]+[A-Z]\w*)(?=$|\(|: )/g)]), ([, type, member]) => (
      type ? members.has(type) || OTHERS.includes(type) || outputs.includes(type) : anyMember.has(member) || OTHERS.includes(member)
    ))).toEqual([]);
    expect(wrong(PAGES, (page) => spans(page).flatMap((span) => [...span.matchAll(/\b([A-Z]\w+)\.(\w+)/g)]), ([, type, member]) => (
      !members.has(type) || members.get(type)!.includes(member)
    ))).toEqual([]);
  });

  test('no type or member that the page on upgrading calls gone is there', () => {
    const gone = [...text(UPGRADING).matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell]) => spansOf(cell)).map((span) => span.split(/[(=:]/)[0]);
    expect(gone.length).toBeGreaterThan(0);
    expect(gone.filter((name) => {
      const [type, member] = name.split('.');
      return member === undefined ? members.has(type) : (members.get(type) ?? []).includes(member);
    })).toEqual([]);
  });

  test('each output that a page names is there', () => {
    expect(wrong(PAGES, (page) => text(page).matchAll(/\boutputs? `(\w+)`/g), ([, output]) => outputs.includes(output))).toEqual([]);
  });

  /** The outputs of a stack with everything in it, without the construct's name and the digest. */
  function outputNames(): string[] {
    const stack = newStack('gitlab');
    const signIn = [GitLabSignIn.entraIdSaml({ tenantId: SOMEBODY, applicationId: SOMEBODY })];
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', {
      location: 'koreacentral', endpoint: GitLabEndpoint.customDomain('gitlab.example.com'), pages: { domain: 'pages.example.com' }, backup: {}, dataDiskBackup: {}, signIn,
    });
    new AksCluster(stack, 'Cluster', { location: 'koreacentral' });
    new PlatformAlerts(stack, 'Alerts', { gitlab, receivers: [AlertReceiver.owners()] });
    return Object.keys(synth(stack).output).map((name) => name.split('_')[1]);
  }
});

describe('the repository', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const { tasks } = JSON.parse(readFileSync(join(ROOT, '.projen/tasks.json'), 'utf8'));

  const TIERS = readFileSync(join(ROOT, 'test/define-tier.mjs'), 'utf8');
  const isOption = (option: string, program: string) => ['\'', '='].some((end) => program.includes(`'${option}${end}`));

  test('each script is one of package.json', () => {
    expect(wrong(ALL, (page) => text(page).matchAll(/(?:\bnpm |`)run ([a-z][\w:-]*)/g), ([, script]) => script in scripts)).toEqual([]);
    expect(wrong(ALL, (page) => text(page).matchAll(/\bnpx projen ([a-z][\w:-]*)/g), ([, task]) => task in tasks)).toEqual([]);
  });

  test('each program is there, and knows the options that it is called with', () => {
    const program = (command: string) => (/^npm/.test(command) ? tasks[command.split(' ')[2]].steps[0].exec.split(' ')[1] : command.split(' ')[1]);
    expect(wrong(ALL, (page) => text(page).matchAll(/\b(?:node|bash) [\w.-][\w./-]*\/[\w.-]+\b[^`\n#]*|\bnpm run [\w:]+ -- [^`\n#]*/g), ([command]) => {
      const file = join(ROOT, program(command));
      const options = [...command.matchAll(/(?<= )--[a-z][\w-]*/g)].map(([option]) => option);
      // what all tiers know stands where they are defined.
      return existsSync(file) && options.every((option) => isOption(option, readFileSync(file, 'utf8')) || file.endsWith('/run.mjs') && isOption(option, TIERS));
    })).toEqual([]);
  });

  test('each option that stands alone is one of a program of ours', () => {
    const sources = ['build', 'test'].flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.mjs')).map((file) => readFileSync(join(ROOT, folder, file), 'utf8'))).join('\n');
    // these tell of options of `az` and `tar`, and of commands that have a test of their own.
    const pages = ALL.filter((page) => !['docs/decisions/0016-backups.md', 'docs/diagram.md', 'docs/doctor.md', 'docs/preflight.md', 'docs/verify.md', 'docs/from-the-article.md', 'test/firstboot/README.md'].includes(page));
    expect(wrong(pages, (page) => spans(page).flatMap((span) => [...span.matchAll(/^(--[a-z][\w-]*)(?:=|$)/g)]), ([, option]) => isOption(option, sources))).toEqual([]);
  });

  test.each(['diagram', 'doctor', 'preflight', 'verify'])('the options of the command %s are those that its page tells', (name) => {
    const { stdout } = spawnSync('node', [join(ROOT, 'lib/command.js'), name, '--help'], { encoding: 'utf8' });
    const options = (page: string, line: RegExp) => [...page.matchAll(line)].map(([, option]) => option);
    expect(options(stdout, /^ {2}(--[a-z]+(?: [A-Z]+)?)/gm)).toEqual(options(text(`docs/${name}.md`), /^\| `(--[a-z]+(?: [A-Z]+)?)`/gm));
  });

  test('each path that begins with a folder of the repository, or of the tier that the page is about, leads to something', () => {
    const made = ['.cache', 'cdktf.out', 'dist', 'lib', 'node_modules'];
    const begins = (folder: string, path: string) => readdirSync(join(ROOT, folder)).filter((name) => !made.includes(name)).includes(path.split('/')[0]);
    expect(wrong(ALL, (page) => spans(page).flatMap((span) => [...span.matchAll(/^[\w.-]+\/[\w./-]*$/g)]), ([path], page) => {
      const folders = ['.', TIER_PAGES.includes(page) ? dirname(page) : 'docs'].filter((folder) => begins(folder, path));
      return folders.length === 0 || folders.some((folder) => existsSync(join(ROOT, folder, path)));
    })).toEqual([]);
  });

  test('each test file that a tier\'s page has a row for is there, and each has one', () => {
    for (const page of ['test/apply/README.md', 'test/cluster/README.md']) {
      const rows = text(page).split(/^\| file \| asks \|\n.*\n/m)[1].split('\n\n')[0];
      const files = readdirSync(join(ROOT, dirname(page))).flatMap((file) => /^(.*)\.(?:apply|cluster)\.ts$/.exec(file)?.[1] ?? []);
      expect([...rows.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name).sort()).toEqual(files.sort());
    }
  });

  test('the versions in the tiers\' pages are those that are built', () => {
    const versions = (file: string) => [...text(file).matchAll(/^export const (?!AZURERM_MODULE)\w+_VERSION = 'v?([\d.]+)'/gm)].map(([, version]) => version);
    const kubernetes = versions('test/programs/go.mjs');
    // ours takes the arguments of a minor version of Helm's provider.
    const built = { 'test/apply/README.md': versions('test/apply/build/versions.mjs'), 'test/cluster/README.md': versions('test/cluster/build/programs.mjs') };
    expect(Object.entries(built).flatMap(([page, own]) => [...own, ...kubernetes].filter((version) => !text(page).includes(version.replace(/^(3\.1)\.1$/, '$1')))))
      .toEqual([]);
    expect(Object.values(built).flat().length).toBeGreaterThan(4);
  });

  test('the demo shows the resources that the example has', () => {
    const folder = mkdtempSync(join(tmpdir(), 'demo-'));
    const { status, stderr } = spawnSync('node', ['--require', join(ROOT, 'node_modules/ts-node/register/transpile-only'), join(ROOT, 'examples/typescript/complete/main.ts')], {
      cwd: folder, encoding: 'utf8', env: { ...process.env, TS_NODE_PROJECT: join(ROOT, 'tsconfig.dev.json') },
    });
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    const { resource, data } = JSON.parse(readFileSync(join(folder, 'cdktf.out/stacks/gitlab/cdk.tf.json'), 'utf8'));
    rmSync(folder, { recursive: true });
    const made = [resource, data].flatMap((kinds) => Object.entries<any>(kinds)).flatMap(([type, all]) => (
      Object.values<any>(all).map((one) => `${type} ${one['//'].metadata.path.split('/').slice(1).join('/')}`)));
    const shown = [...text('docs/demo.txt').matchAll(/^ {2}\+ (\w+) +(\S+)/gm)].map(([, type, path]) => `${type} ${path}`);
    expect([...new Set(shown)].sort()).toEqual(made.map((name) => name.replace(/\/Resource$/, '')).sort());
  });

  test('each environment variable of a tier is one that its programs read', () => {
    const sources = new Map(['apply', 'cluster', 'firstboot', 'languages', 'scanners', 'whole'].map((tier) => [tier.toUpperCase(), readdirSync(join(ROOT, 'test', tier), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(mjs|ts)$/.test(file)).map((file) => readFileSync(join(ROOT, 'test', tier, file), 'utf8')).join('\n')]));
    sources.set('TIER', TIERS);
    expect(wrong(ALL, (page) => text(page).matchAll(/\b(APPLY|CLUSTER|FIRSTBOOT|LANGUAGES|SCANNERS|TIER|WHOLE)_[A-Z_]+\b/g),
      ([name, tier]) => sources.get(tier)!.includes(`env.${name}`))).toEqual([]);
  });
});
