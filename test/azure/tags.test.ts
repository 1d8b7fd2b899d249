import { spawnSync } from 'child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { Fn, TerraformVariable, Token } from 'cdktf';
import { AksCluster, AzureProvider, GitLab, KubernetesGitLabRunner, RunnerCache, RunnerToken, SelfHostedGitLab } from '../../src';
import { joinedTags } from '../../src/azure/private/tags';
import { newStack, resource, resources, synth } from '../synth';

const ROOT = join(__dirname, '..', '..');
const BINDINGS = join(dirname(require.resolve('@cdktf/provider-azurerm/package.json')), 'lib');
const PLACE = { location: 'koreacentral' };

/**
 * Where a resource type takes tags by the provider's schema, which the bindings are made from: the empty text for the resource
 * itself, else the name of a block.
 */
function tagged(type: string): string[] {
  const name = type.replace('azurerm_', '');
  const declarations = readFileSync(join(BINDINGS, name.replaceAll('_', '-'), 'index.d.ts'), 'utf8');
  const camel = name.replace(/(^|_)(\w)/g, (...[, , letter]) => letter.toUpperCase());
  return [...declarations.matchAll(/^export interface (\w+)[^{]*\{([^]*?)^\}/gm)]
    .filter(([, , body]) => /^ {4}readonly tags\?:/m.test(body))
    .map(([, owner]) => (owner === `${camel}Config` ? '' : owner.slice(camel.length).replace(/(?<=.)[A-Z]/g, '_$&').toLowerCase()));
}

/** All stacks of the program that has everything switched on. */
function everything(): any[] {
  const folder = mkdtempSync(join(tmpdir(), 'tags-'));
  try {
    const { status, stderr } = spawnSync('node', ['--require', join(ROOT, 'node_modules/ts-node/register/transpile-only'), join(ROOT, 'test/scanners/everything.ts')], {
      cwd: folder, encoding: 'utf8', env: { ...process.env, TS_NODE_PROJECT: join(ROOT, 'tsconfig.dev.json') },
    });
    expect(status === 0 ? '' : stderr).toBe('');
    const stacks = join(folder, 'cdktf.out', 'stacks');
    return readdirSync(stacks).map((stack) => JSON.parse(readFileSync(join(stacks, stack, 'cdk.tf.json'), 'utf8')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('everything that the provider lets bear tags has those of its construct', () => {
  const bare: string[] = [];
  const types = new Set<string>();
  for (const { resource: all } of everything()) {
    for (const [type, some] of Object.entries<any>(all).filter(([name]) => name.startsWith('azurerm_'))) {
      for (const [name, one] of Object.entries<any>(some)) {
        for (const block of tagged(type)) {
          const place = block === '' ? one : [one[block] ?? []].flat()[0];
          types.add(block === '' ? type : `${type}.${block}`);
          // Azure gives a maintenance configuration's names back in lower case.
          if (place && place.tags?.team !== 'platform') {
            bare.push(`${type}.${name} ${block}`);
          }
        }
      }
    }
  }
  expect(bare).toEqual([]);
  expect([...types]).toEqual(expect.arrayContaining([
    'azurerm_kubernetes_cluster', 'azurerm_kubernetes_cluster.default_node_pool', 'azurerm_kubernetes_cluster_node_pool', 'azurerm_virtual_machine_run_command',
    'azurerm_user_assigned_identity', 'azurerm_storage_account', 'azurerm_key_vault', 'azurerm_managed_disk', 'azurerm_monitor_data_collection_rule',
    'azurerm_public_ip', 'azurerm_nat_gateway', 'azurerm_private_dns_zone', 'azurerm_private_dns_zone_virtual_network_link', 'azurerm_private_dns_a_record',
    'azurerm_private_endpoint',
  ]));
  expect(types.size).toBeGreaterThanOrEqual(22);
});

const runner = (tags: any, pool: any = undefined) => {
  const stack = newStack();
  const cluster = new AksCluster(stack, 'Cluster', { ...PLACE, tags, systemNodePool: { tags: pool }, jobNodePool: { tags: pool } });
  new KubernetesGitLabRunner(stack, 'Runner', {
    gitlab: GitLab.fromAttributes(stack, 'Com', { gitlabUrl: 'https://gitlab.com' }), cluster, token: RunnerToken.kubernetesSecret('token'),
    cache: RunnerCache.azureBlob(),
  });
  return { stack, cluster };
};

test('a pool\'s own tags join the cluster\'s and win, whatever their case; the cluster keeps its own', () => {
  const json = synth(runner({ Team: 'platform', stage: 'prod' }, { team: 'ci', note: '${x}' }).stack);
  const pool = { stage: 'prod', team: 'ci', note: '$${x}' };
  expect(resource(json, 'azurerm_kubernetes_cluster_node_pool').tags).toEqual(pool);
  const cluster = resource(json, 'azurerm_kubernetes_cluster');
  expect(cluster.default_node_pool.tags).toEqual(pool);
  expect(cluster.tags).toEqual({ Team: 'platform', stage: 'prod' });
  for (const identity of Object.values(resources(json, 'azurerm_user_assigned_identity'))) {
    expect(identity.tags).toEqual({ Team: 'platform', stage: 'prod' });
  }
  expect(resource(json, 'azurerm_storage_account').tags).toEqual({ Team: 'platform', stage: 'prod' });
});

test('tags that only the apply knows are joined by it', () => {
  const stack = newStack();
  const cost = new TerraformVariable(stack, 'cost', { type: 'map(string)' });
  const cluster = new AksCluster(stack, 'Cluster', { ...PLACE, tags: cost.value, jobNodePool: { tags: { team: 'ci' } }, systemNodePool: { tags: Fn.merge([cost.value]) } });
  cluster.addWorkloadIdentity('Reader', { namespace: 'tools', serviceAccountName: 'reader' });
  const json = synth(stack);
  expect(resource(json, 'azurerm_kubernetes_cluster_node_pool').tags).toBe('${merge(var.cost, {"team" = "ci"})}');
  expect(resource(json, 'azurerm_kubernetes_cluster').default_node_pool.tags).toBe('${merge(var.cost, merge(var.cost))}');
  expect(Object.values(resources(json, 'azurerm_user_assigned_identity')).map(({ tags }) => tags)).toEqual(['${var.cost}', '${var.cost}']);
});

test('what is added to a cluster that exists has the tags that its attributes name', () => {
  const stack = newStack();
  const cluster = AksCluster.fromAksClusterAttributes(stack, 'Shared', { clusterName: 'shared', resourceGroupName: 'shared-rg', tags: { team: 'ci' } });
  cluster.addNodePool('Gpu');
  cluster.addWorkloadIdentity('Reader', { namespace: 'tools', serviceAccountName: 'reader' });
  const json = synth(stack);
  expect(resource(json, 'azurerm_kubernetes_cluster_node_pool').tags).toEqual({ team: 'ci' });
  expect(resource(json, 'azurerm_user_assigned_identity').tags).toEqual({ team: 'ci' });
});

test('without tags no argument is written', () => {
  const json = synth(runner(undefined).stack);
  Object.values(json.resource).flatMap((all) => Object.values(all)).forEach((one) => expect(one).not.toHaveProperty('tags'));
  expect(joinedTags(undefined, undefined)).toBeUndefined();
  expect(joinedTags({ a: 'b' }, undefined)).toEqual({ a: 'b' });
});

describe('nodes have the tags of the cluster and of their pool', () => {
  const many = (letter: string, count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`${letter}${index}`, 'x']));
  const made = (props: object) => () => new AksCluster(newStack(), 'Cluster', { ...PLACE, tags: many('a', 40), ...props });

  test.each([
    ['jobNodePool', 'tags', 'Test/Cluster/Jobs'], ['systemNodePool', 'systemNodePool.tags', 'Test/Cluster'],
  ])('more than Azure takes fail, of %s', (pool, prop, path) => {
    expect(made({ [pool]: { tags: many('b', 11) } })).toThrow(new Error(
      `${prop}: too many together with those of the cluster, which its pools have too, got 51; give at most 50 in both (at ${path})`));
    expect(made({ [pool]: { tags: many('b', 10) } })).not.toThrow();
    // the pool's are in the place of the cluster's.
    expect(made({ [pool]: { tags: many('A', 20) } })).not.toThrow();
  });
});

test('a run command that has run keeps the tags it was made with', () => {
  const stack = newStack();
  new SelfHostedGitLab(stack, 'GitLab', { ...PLACE, tags: { team: Token.asString(new TerraformVariable(stack, 'team', {}).stringValue) } });
  for (const command of Object.values(resources(synth(stack), 'azurerm_virtual_machine_run_command'))) {
    expect(command).toMatchObject({ tags: { team: '${var.team}' }, lifecycle: { ignore_changes: ['tags'] } });
  }
});

describe('tags that a policy adds', () => {
  const ignored = (json: any) => Object.fromEntries(Object.entries<any>(json.resource).flatMap(([type, all]) => Object.entries<any>(all)
    .map(([name, { lifecycle }]) => [`${type}.${name}`, lifecycle?.ignore_changes])));

  test('stay on everything that can bear tags, of this library or not', () => {
    const stack = newStack();
    new AzureProvider(stack, 'Azure', { policyTags: ['Cost-Center', 'createdBy'] });
    new SelfHostedGitLab(stack, 'GitLab', { ...PLACE, backup: {} });
    new AksCluster(stack, 'Cluster', PLACE);
    new ResourceGroup(stack, 'Own', { name: 'own', location: 'koreacentral', lifecycle: { ignoreChanges: ['managed_by'] } });
    const found = ignored(synth(stack));
    const two = ['tags["Cost-Center"]', 'tags["createdBy"]'];
    expect(found['azurerm_resource_group.Own']).toEqual(['managed_by', ...two]);
    const those = (type: string) => Object.entries(found).filter(([address]) => address.startsWith(`${type}.`)).map(([, value]) => value);
    ['azurerm_key_vault', 'azurerm_storage_account', 'azurerm_kubernetes_cluster', 'azurerm_virtual_network', 'azurerm_public_ip'].forEach((type) => {
      expect(those(type).length).toBeGreaterThan(0);
      those(type).forEach((value) => expect(value.slice(-2)).toEqual(two));
    });
    expect(those('azurerm_kubernetes_cluster_node_pool')).toEqual([['node_count', ...two]]);
    expect(those('azurerm_maintenance_configuration')).toEqual([['tags["cost-center"]', 'tags["createdby"]']]);
    expect(those('azurerm_virtual_machine_run_command').every((value) => `${value}` === 'tags')).toBe(true);
    ['azurerm_role_assignment', 'azurerm_network_security_rule'].forEach((type) => those(type).forEach((value) => expect(`${value}`).not.toContain('tags')));
  });

  test('stay where their provider works, and nowhere else', () => {
    const stack = newStack();
    const governed = new AzureProvider(stack, 'Governed', { alias: 'governed', policyTags: ['team'] });
    new SelfHostedGitLab(stack, 'GitLab', { ...PLACE, provider: governed });
    new AksCluster(stack, 'Cluster', PLACE);
    const found = ignored(synth(stack));
    const [inside, outside] = ['azurerm_resource_group.GitLab_', 'azurerm_resource_group.Cluster_']
      .map((start) => Object.entries(found).find(([address]) => address.startsWith(start))![1]);
    expect([inside, outside]).toEqual([['tags["team"]'], undefined]);
  });

  test('have names that can be told to Terraform', () => {
    expect(() => new AzureProvider(newStack(), 'Azure', { policyTags: ['a"b'] })).toThrow(/^policyTags\[0\]: not a valid value, got "a\\"b"; give a tag's name: at most 512/);
    expect(() => new AzureProvider(newStack(), 'Azure', { policyTags: ['Team', 'team'] })).toThrow(/^policyTags\[1\]: given twice, got "team"; name it once/);
  });
});

describe('fails when', () => {
  test('a tag is there twice for Azure, which does not tell capitals from small letters', () => {
    expect(() => new AksCluster(newStack(), 'Cluster', { ...PLACE, tags: { Team: 'a', team: 'b' } }))
      .toThrow(new Error('tags["team"]: the same name as "Team", got "team"; give it once (at Test/Cluster)'));
  });

  test('the name of a tag is too long for a storage account', () => {
    const long = 'x'.repeat(129);
    expect(() => runner({ [long]: 'y' })).toThrow(new Error(
      `tags: a storage account takes no tag with a name of more than 128 characters, got "${long}"; give a shorter name (at Test/Runner/Cache)`));
    expect(() => new SelfHostedGitLab(newStack(), 'GitLab', { ...PLACE, backup: {}, tags: { [long]: 'y' } })).toThrow(/^tags: a storage account takes no tag/);
    expect(() => new SelfHostedGitLab(newStack(), 'GitLab', { ...PLACE, tags: { [long]: 'y' } })).not.toThrow();
  });
});
