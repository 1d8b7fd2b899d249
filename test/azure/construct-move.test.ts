import { TerraformResource, TerraformStack, TerraformVariable } from 'cdktf';
import { Construct } from 'constructs';
import { AksCluster, AzureNaming, AzureRole, ConstructMove, GitLabNetwork, GitLabEndpoint, KubernetesGitLabRunner, RunnerCache, SelfHostedGitLab } from '../../src';
import { newStack, synth, testApp, TerraformJson } from '../synth';

const PLACE = { location: 'koreacentral' };
const SCOPE = '/subscriptions/s/resourceGroups/g';

/** Everything that has a name made from its path, with the construct ids that the program has. */
function platform(scope: Construct, ids: { gitlab: string; cluster: string; runner: string; pool: string }): void {
  const gitlab = new SelfHostedGitLab(scope, ids.gitlab, { ...PLACE, backup: {}, dataDiskBackup: {}, objectStorage: {}, webAllowedCidrs: ['203.0.113.0/24'] });
  const cluster = new AksCluster(scope, ids.cluster, PLACE);
  cluster.addNodePool(ids.pool);
  cluster.addServiceAccount('Reader', { namespace: 'tools', serviceAccountName: 'reader' });
  cluster.addManifest('Tools', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'others' } });
  const runner = new KubernetesGitLabRunner(scope, ids.runner, { gitlab, cluster, cache: RunnerCache.azureBlob(), tags: ['ci'] });
  runner.grantJobs('Read', AzureRole.of('Reader'), SCOPE);
  runner.addRunner('Deploy', { tags: ['deploy'] });
}

const OLD = { gitlab: 'GitLab', cluster: 'Cluster', runner: 'Runner', pool: 'Gpu' };
const NEW = { gitlab: 'Server', cluster: 'Ci', runner: 'Builds', pool: 'Big' };

/** A program with the addresses that its resources had before they moved, without the names of locals and of folders for scripts, which nobody keeps. */
function asBefore({ resource, locals, moved = [] }: TerraformJson): { resource: any; locals: string[] } {
  const text = JSON.stringify({ resource, locals: Object.values(locals) }, (key, value) => (key === '//' ? undefined : value));
  const old = moved.reduce((all, { from, to }) => all.replaceAll(to.split('.')[1], from.split('.')[1]), text).replace(/\blocal\.\w+/g, 'local').replace(/\/assets\/\w+\//g, '/assets/');
  const parsed = JSON.parse(old);
  return { ...parsed, locals: parsed.locals.map((value: any) => JSON.stringify(value)).sort() };
}

function resourcesOf({ resource }: { resource: any }): { [address: string]: any } {
  return Object.fromEntries(Object.entries<any>(resource).flatMap(([type, all]) => Object.entries<any>(all).map(([name, value]) => [`${type}.${name}`, value])));
}

function synthesised(make: (stack: TerraformStack) => void): TerraformJson {
  const stack = newStack();
  make(stack);
  return synth(stack);
}

const before = synthesised((stack) => platform(stack, OLD));

test('renamed constructs keep their names, and all resources below them their places in the state', () => {
  const after = synthesised((stack) => {
    ConstructMove.declare(stack, 'Test/GitLab', 'Test/Server');
    ConstructMove.declare(stack, 'Test/Cluster', 'Test/Ci');
    ConstructMove.declare(stack, 'Test/Cluster/Gpu', 'Test/Ci/Big');
    ConstructMove.declare(stack, 'Test/Runner', 'Test/Builds');
    platform(stack, NEW);
  });
  expect(asBefore(after)).toEqual(asBefore(before));
  expect(after.moved!.map(({ from }) => from).sort()).toEqual(Object.keys(resourcesOf(before)).sort());
});

test('constructs that are put into one of the user\'s keep theirs too', () => {
  const after = synthesised((stack) => {
    ['GitLab', 'Cluster', 'Runner'].forEach((id) => ConstructMove.declare(stack, `Test/${id}`, `Test/Platform/${id}`));
    platform(new Construct(stack, 'Platform'), OLD);
  });
  expect(asBefore(after)).toEqual(asBefore(before));
});

test('a stack that is renamed keeps its names, and moves nothing', () => {
  const app = testApp();
  ConstructMove.declare(app, 'Test', 'Production');
  const stack = new TerraformStack(app, 'Production');
  platform(stack, OLD);
  const after = synth(stack);
  expect(asBefore(after)).toEqual(asBefore(before));
  expect(after.moved).toBeUndefined();
});

test('two moves after one another are two steps in the state, for those who have made one of them', () => {
  const { moved } = synthesised((stack) => {
    ConstructMove.declare(stack, 'Test/GitLab', 'Test/Server');
    ConstructMove.declare(stack, 'Test/Server', 'Test/Git');
    new SelfHostedGitLab(stack, 'Git', { ...PLACE, network: GitLabNetwork.privateAddress(), endpoint: GitLabEndpoint.customDomain('gitlab.example.com') });
  });
  const [last] = moved!.filter(({ from }) => /^azurerm_managed_disk\.Server_/.test(from));
  const [first] = moved!.filter(({ to }) => to === last.from);
  expect([first.from, first.to, last.to].map((address) => address.replace(/_[0-9A-F]{8}$/, ''))).toEqual(
    ['GitLab', 'Server', 'Git'].map((id) => `azurerm_managed_disk.${id}_VirtualMachine_DataDisk`));
});

test('a naming names what has moved as before, and resources of the user\'s move along', () => {
  const make = (id: string) => (stack: TerraformStack) => {
    AzureNaming.cloudAdoptionFramework({ environment: 'prod', regionAbbreviations: { koreacentral: 'krc' } }).applyTo(stack);
    const server = new SelfHostedGitLab(stack, id, PLACE);
    new TerraformResource(server, 'Own', { terraformResourceType: 'null_resource' });
  };
  const after = synthesised((stack) => {
    ConstructMove.declare(stack, 'Test/GitLab', 'Test/Server');
    make('Server')(stack);
  });
  expect(asBefore(after)).toEqual(asBefore(synthesised(make('GitLab'))));
  expect(after.moved).toContainEqual({ from: expect.stringMatching(/^null_resource\.GitLab_Own_/), to: expect.stringMatching(/^null_resource\.Server_Own_/) });
});

test('what has not moved has no block, and neither has what bears an id of its own', () => {
  const { moved } = synthesised((stack) => {
    ConstructMove.declare(stack, 'Test/GitLab', 'Test/Server');
    const server = new SelfHostedGitLab(stack, 'Server', PLACE);
    new TerraformResource(server, 'Own', { terraformResourceType: 'null_resource' }).overrideLogicalId('own');
    new AksCluster(stack, 'Cluster', PLACE);
  });
  expect(moved!.filter(({ to }) => to.includes('Cluster_'))).toEqual([]);
  expect(moved!.filter(({ to }) => to.startsWith('null_resource.'))).toEqual([]);
  expect(moved!.length).toBeGreaterThan(20);
});

describe('fails when', () => {
  const declared = (from: string, to: string, make: (stack: TerraformStack) => void = () => {}) => () => {
    const stack = newStack();
    ConstructMove.declare(stack, from, to);
    make(stack);
    synth(stack);
  };
  const server = (id: string) => (stack: TerraformStack) => void new SelfHostedGitLab(stack, id, PLACE);

  test('a construct has its names already', () => {
    const stack = newStack();
    server('Server')(stack);
    expect(() => ConstructMove.declare(stack, 'Test/GitLab', 'Test/Server')).toThrow(new Error(
      'toPath: the construct has its names already, got "Test/Server"; declare the move before the construct is defined (at ConstructMove.declare)'));
  });

  test('nothing is there, or something still is where it was', () => {
    expect(declared('Test/GitLab', 'Test/Nothing', server('Server'))).toThrow(
      'toPath: no construct is there, got "Test/Nothing"; write the path as in errors, such as "stack/GitLab" (at ConstructMove.declare)');
    expect(declared('Test/GitLab', 'Test/Server', (stack) => ['GitLab', 'Server'].forEach((id) => server(id)(stack)))).toThrow(
      'fromPath: a construct is still there, got "Test/GitLab"; remove it, or the declaration (at ConstructMove.declare)');
  });

  test('it goes to another stack, whose state is another one', () => {
    expect(() => {
      const stack = newStack('New');
      ConstructMove.declare(stack, 'Old/GitLab', 'New/GitLab');
      server('GitLab')(stack);
      synth(stack);
    }).toThrow('toPath: not in the stack of Old/GitLab, and each stack has a state of its own, got "New/GitLab"; move it within its stack (at ConstructMove.declare)');
  });

  test('it is declared twice, or to where it was', () => {
    const stack = newStack();
    ConstructMove.declare(stack, 'Test/GitLab', 'Test/Server');
    expect(() => ConstructMove.declare(stack, 'Test/GitLab', 'Test/Git')).toThrow(/^fromPath: declared already, got "Test\/GitLab"; /);
    expect(() => ConstructMove.declare(stack, 'Test/Git', 'Test/Server')).toThrow(/^toPath: declared already, got "Test\/Server"; /);
    expect(() => ConstructMove.declare(stack, 'Test/Git', 'Test/Git')).toThrow(/^toPath: the same as fromPath, got "Test\/Git"; /);
  });

  test('a path is none', () => {
    expect(() => ConstructMove.declare(newStack(), '/Test', 'Test/GitLab')).toThrow(
      /^fromPath: not a valid value, got "\/Test"; give a construct's path from the app on, such as "stack\/GitLab" \(at ConstructMove\.declare\)$/);
    expect(() => ConstructMove.declare(newStack(), 'Test/GitLab', new TerraformVariable(newStack(), 'path', {}).stringValue)).toThrow(/^toPath: known only at apply time/);
  });
});
