import { spawnSync } from 'child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { parseAllDocuments } from 'yaml';

const ROOT = join(__dirname, '..');
const EXAMPLES = join(ROOT, 'examples', 'typescript');
if (!existsSync(join(ROOT, 'lib', 'bundle.js'))) {
  throw new Error('no lib/bundle.js: run `npx projen compile` and `npx projen bundle` first');
}

/** What one stack of an example came to, and what its program told. */
interface Synthesised { readonly json: any; readonly objects: any[]; readonly told: string[] }

/** Runs an example as a user does, in an empty folder, from the package as it is published. */
function synthesise(example: string, stack: string): Synthesised {
  const folder = mkdtempSync(join(tmpdir(), 'example-'));
  try {
    const { FORCE_COLOR: _, ...env } = process.env;
    const { status, stdout, stderr } = spawnSync('node', ['--require', join(ROOT, 'node_modules/ts-node/register/transpile-only'), join(EXAMPLES, example, 'main.ts')], {
      cwd: folder, encoding: 'utf8', env: { ...env, TS_NODE_PROJECT: join(ROOT, 'tsconfig.dev.json') },
    });
    expect({ status, stdout, errors: status === 0 ? '' : stderr }).toEqual({ status: 0, stdout: '', errors: '' });
    const out = join(folder, 'cdktf.out', 'stacks', stack);
    const manifests = join(out, 'manifests');
    const files = existsSync(manifests) ? readdirSync(manifests) : [];
    return {
      told: stderr.split('\n').filter(Boolean),
      json: JSON.parse(readFileSync(join(out, 'cdk.tf.json'), 'utf8')),
      objects: files.flatMap((file) => parseAllDocuments(readFileSync(join(manifests, file), 'utf8')).map((document) => document.toJSON())),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const addresses = (json: any) => Object.entries<any>(json.resource).flatMap(([type, all]) => Object.keys(all).map((name) => `${type}.${name}`)).sort();
const kinds = (objects: any[]) => objects.map(({ kind }) => kind).sort();

test('there is a test for each example', () => {
  expect(readdirSync(EXAMPLES).sort()).toEqual(['article', 'complete', 'existing-gitlab', 'landing-zone']);
});

describe('complete', () => {
  let complete: Synthesised;
  beforeAll(() => { complete = synthesise('complete', 'gitlab'); });

  test('what holds data stays at its address: a changed one would be made anew', () => {
    const sacred = /^azurerm_(key_vault|kubernetes_cluster|linux_virtual_machine|managed_disk|public_ip|resource_group|virtual_machine_data_disk_attachment)\./;
    expect(addresses(complete.json).filter((address) => sacred.test(address))).toEqual([
      'azurerm_key_vault.GitLab_RunnerVault_A95F4633',
      'azurerm_key_vault.GitLab_ServerVault_93E3949B',
      'azurerm_kubernetes_cluster.Cluster_EB0386A7',
      'azurerm_linux_virtual_machine.GitLab_VirtualMachine_D18F70F0',
      'azurerm_managed_disk.GitLab_VirtualMachine_DataDisk_06CA1804',
      'azurerm_public_ip.Cluster_Network_EgressIp_B2A652E3',
      'azurerm_public_ip.GitLab_Network_PublicIp_B7EB4614',
      'azurerm_resource_group.Cluster_ResourceGroup_CFE37354',
      'azurerm_resource_group.GitLab_ResourceGroup_38EEE2BC',
      'azurerm_virtual_machine_data_disk_attachment.GitLab_VirtualMachine_DataDiskAttachment_3C5278B3',
    ]);
  });

  test('the cluster and the server do not wait for each other, the runner waits for both', () => {
    const references = new Map(addresses(complete.json).map((address) => {
      const [type, name] = address.split('.');
      const text = JSON.stringify(complete.json.resource[type][name]);
      const locals = [...text.matchAll(/local\.(\w+)/g)].map(([, local]) => JSON.stringify(complete.json.locals[local]));
      return [address, addresses(complete.json).filter((other) => other !== address && [text, ...locals].some((part) => part.includes(other)))];
    }));
    const reach = (from: string, seen = new Set<string>()): Set<string> => {
      references.get(from)!.filter((next) => !seen.has(next)).forEach((next) => reach(next, seen.add(next)));
      return seen;
    };
    const [cluster, machine, release] = ['azurerm_kubernetes_cluster.', 'azurerm_linux_virtual_machine.', 'helm_release.']
      .map((start) => addresses(complete.json).find((address) => address.startsWith(start))!);
    expect([...reach(cluster)].filter((address) => address.includes('.GitLab_'))).toEqual([]);
    expect([...reach(machine)].filter((address) => address.includes('.Cluster_'))).toEqual([]);
    expect([...reach(release)]).toEqual(expect.arrayContaining([cluster, machine]));
  });

  test('is synthesised without a word', () => {
    expect(complete.told).toEqual([]);
  });

  test('the runner\'s objects are there to read', () => {
    expect(kinds(complete.objects)).toEqual(['ConfigMap', 'Deployment', 'Namespace', 'NetworkPolicy', 'NetworkPolicy', 'Role', 'RoleBinding',
      'SecretProviderClass', 'ServiceAccount', 'ServiceAccount']);
  });

  test('nothing that looks like a secret is in it', () => {
    expect(JSON.stringify(complete)).not.toMatch(/glrt-[\w-]{8}|BEGIN [A-Z ]*PRIVATE KEY|"(admin_password|custom_data|client_secret)"/);
  });
});

test('article: its choices, one for one', () => {
  const { json, told } = synthesise('article', 'trial');
  expect(told.map((line) => line.replace(/^warning: .* \(at (.*)\) \[(.*)\]$/, '$1 $2'))).toEqual([
    'trial/GitLab burstable-vm-size', 'trial/GitLab retiring-vm-size', 'trial/GitLab ssh-open-to-internet', 'trial/GitLab plain-http',
    expect.stringMatching(/^Warnings\.of\(construct\)\.acknowledge\(/),
  ]);
  const only = (type: string): any => Object.values(json.resource[type])[0];
  expect(only('azurerm_linux_virtual_machine')).toMatchObject({
    name: 'gitlab-vm', size: 'Standard_B2ms', admin_username: 'azureuser', os_disk: { disk_size_gb: 64 },
    source_image_reference: { offer: '0001-com-ubuntu-server-jammy', sku: '22_04-lts-gen2' },
  });
  const rules = Object.entries<any>(json.resource.azurerm_network_security_rule)
    .filter(([name, { access }]) => name.startsWith('GitLab_') && access === 'Allow').map(([, rule]) => rule);
  expect(rules.map((rule) => [rule.destination_port_range, rule.source_address_prefix]).sort()).toEqual([['22', '*'], ['443', '*'], ['80', '*']]);
  expect(Object.values<any>(json.resource.azurerm_resource_group).map(({ name }) => name).sort()).toEqual(['gitlab-aks-rg', 'gitlab-rg']);
  expect(only('azurerm_kubernetes_cluster')).toMatchObject({ name: 'gitlab-aks-cluster', default_node_pool: { node_count: 2 }, oms_agent: {} });
  expect(only('helm_release').namespace).toBe('default');
  const outputs = Object.values<any>(json.output).map(({ value }) => value);
  expect(outputs).toContain('http://${azurerm_public_ip.GitLab_Network_PublicIp_B7EB4614.ip_address}');
});

test('existing-gitlab: a runner and no more', () => {
  const { json, objects, told } = synthesise('existing-gitlab', 'runners');
  expect(told).toEqual([]);
  expect(Object.keys(json.resource).sort()).toEqual(
    ['azurerm_federated_identity_credential', 'azurerm_role_assignment', 'azurerm_user_assigned_identity', 'helm_release']);
  expect(objects.find(({ kind }) => kind === 'ConfigMap').data['config.template.toml']).toContain('url = "https://gitlab.com"');
});

describe('landing-zone', () => {
  let zone: Synthesised;
  beforeAll(() => { zone = synthesise('landing-zone', 'landing-zone'); });

  test('is synthesised without a word', () => {
    expect(zone.told).toEqual([]);
  });

  test('nothing of it is public, and all but the roles at what the hub has is in one of two subscriptions', () => {
    const { resource, provider } = zone.json;
    expect(Object.keys(resource).filter((type) => /public_ip|nat_gateway|virtual_network$|private_dns/.test(type))).toEqual([]);
    expect(provider.azurerm.map(({ alias }: any) => alias).sort()).toEqual(['ci', 'gitlab']);
    const closed = ['azurerm_key_vault', 'azurerm_storage_account'].flatMap((type) => Object.values<any>(resource[type]));
    expect(closed.map((one) => one.public_network_access_enabled)).toEqual(Array(4).fill(false));
    expect(Object.keys(resource.azurerm_private_endpoint)).toHaveLength(closed.length);
    expect(Object.values(resource.azurerm_kubernetes_cluster)).toMatchObject([{ private_cluster_enabled: true, network_profile: { outbound_type: 'userDefinedRouting' } }]);
  });

  test('whoever applies needs no way into it: no Helm, no sign-in to the cluster, no data plane', () => {
    expect(Object.keys(zone.json.provider)).toEqual(['azurerm']);
    expect(Object.keys(zone.json.terraform.required_providers).sort()).toEqual(['azurerm', 'time']);
    expect(Object.keys(zone.json.resource).filter((type) => /helm_release|key_vault_(secret|certificate)|storage_blob/.test(type))).toEqual([]);
    const commands = Object.values<any>(zone.json.resource.azurerm_virtual_machine_run_command);
    expect([...new Set(commands.map((command) => command.provider))]).toEqual(['azurerm.gitlab']);
    expect(commands.filter(({ name }) => /^(deliver|sweep)-/.test(name))).toHaveLength(2);
  });
});
