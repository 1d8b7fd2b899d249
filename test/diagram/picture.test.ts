import { DataAzurermKubernetesCluster } from '@cdktf/provider-azurerm/lib/data-azurerm-kubernetes-cluster';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { PublicIp } from '@cdktf/provider-azurerm/lib/public-ip';
import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { StorageContainer } from '@cdktf/provider-azurerm/lib/storage-container';
import { UserAssignedIdentity } from '@cdktf/provider-azurerm/lib/user-assigned-identity';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { Release as HelmRelease } from '@cdktf/provider-helm/lib/release';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { withoutRepeats } from '../../diagram/alike';
import { asides, Card, Frame, picture, Picture } from '../../diagram/picture';
import { readApp } from '../../diagram/synthesised-app';
import { Kind } from '../../diagram/vendor-name';
import { AksCluster, KubernetesGitLabRunner, ManifestDelivery, RunnerToken, SelfHostedGitLab } from '../../src';
import { synthesised } from '../command/program';

const LOCATION = { location: 'koreacentral' };
const GROUP = { resourceGroupName: 'group', location: 'koreacentral' };
const IP = { ...GROUP, allocationMethod: 'Static' };

function platform(stack: TerraformStack, runners = 1, delivery?: ManifestDelivery): void {
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', LOCATION);
  const cluster = new AksCluster(stack, 'Cluster', { ...LOCATION, manifestDelivery: delivery });
  for (let i = 1; i <= runners; i += 1) {
    new KubernetesGitLabRunner(stack, `Runner${i}`, { gitlab, cluster, token: delivery && RunnerToken.kubernetesSecret('token') });
  }
}

/** A program of one stack with plain resources of a provider. */
function plain(build: (stack: TerraformStack) => void): string {
  return synthesised((app) => {
    const stack = new TerraformStack(app, 'plain');
    new AzurermProvider(stack, 'Azurerm', { features: [{}] });
    build(stack);
  });
}

const drawn = (folder: string, depth = 2): Picture => withoutRepeats(picture(readApp(folder), depth));
const words = ({ lines }: Card) => lines.map(({ text }) => text);
const arrows = ({ arrows: all }: Picture) => all.map(({ from, to, label }) => (label ? `${from} -${label}-> ${to}` : `${from} -> ${to}`)).sort();
const frame = (parent: Frame, title: string): Frame => parent.frames.find((one) => one.title === title)!;
const card = (parent: Frame, title: string): Card => parent.cards.find((one) => one.title === title)!;

describe('the platform', () => {
  let folder: string;
  beforeAll(() => { folder = synthesised((app) => platform(new TerraformStack(app, 'platform'))); });

  test('its three constructs are frames, each with its class', () => {
    const { title, root } = drawn(folder);
    expect(title).toBe('platform');
    expect(root.cards).toEqual([]);
    expect(root.frames.map((one) => [one.title, ...asides(one)]).sort()).toEqual([
      ['Cluster', 'AksCluster'], ['GitLab', 'SelfHostedGitLab'], ['Runner1', 'KubernetesGitLabRunner'],
    ]);
    expect(asides(card(frame(root, 'Cluster'), 'Jobs'))).toEqual(['AksNodePool']);
  });

  test('a box has the vendor\'s names, what matters most first, and the objects that go into the cluster', () => {
    const { root } = drawn(folder);
    expect(words(card(frame(root, 'GitLab'), 'VirtualMachine'))).toEqual([
      'Linux virtual machine', 'Maintenance assignment virtual machine', 'Managed disk', 'Virtual machine data disk attachment', 'Maintenance configuration',
    ]);
    expect(words(card(frame(root, 'GitLab'), 'SetUp'))).toEqual(['4 × Virtual machine run command', '4 × Terraform data']);
    expect(words(card(frame(root, 'Cluster'), 'Cluster'))).toEqual(['Kubernetes cluster']);
    expect(words(card(frame(root, 'Runner1'), 'Release'))).toEqual(['Helm release', 'Deployment', 'SecretProviderClass', 'Namespace',
      '2 × ServiceAccount', 'ConfigMap', '2 × NetworkPolicy', 'Role', 'RoleBinding']);
    expect(card(frame(root, 'Runner1'), 'Release').lines.every(({ kind }) => kind === Kind.KUBERNETES)).toBe(true);
  });

  test('its resource group stands in a frame\'s head', () => {
    expect(words(frame(drawn(folder).root, 'GitLab'))).toEqual(['Resource group']);
    expect(card(frame(drawn(folder).root, 'GitLab'), 'ResourceGroup')).toBeUndefined();
  });

  test('arrows tell what refers to what, and who has which role where', () => {
    expect(arrows(drawn(folder))).toEqual([
      'Cluster/Jobs -> Cluster/Resource',
      'Cluster/Monitoring -> Cluster/Resource',
      'Cluster/Resource -> Cluster/Deployers',
      'Cluster/Resource -> Cluster/Monitoring',
      'Cluster/Resource -> Cluster/Network',
      'GitLab/Audit -> GitLab/RunnerVault',
      'GitLab/Audit -> GitLab/ServerVault',
      'GitLab/Identity -Key Vault Secrets Officer-> GitLab/RunnerVault',
      'GitLab/Identity -Key Vault Secrets Officer-> GitLab/ServerVault',
      'GitLab/SetUp -> GitLab/RunnerVault',
      'GitLab/SetUp -> GitLab/ServerVault',
      'GitLab/SetUp -> GitLab/VirtualMachine',
      'GitLab/VirtualMachine -> GitLab/Identity',
      'GitLab/VirtualMachine -> GitLab/Network',
      'Runner1/Identity -> Cluster/Resource',
      'Runner1/Identity -Key Vault Secrets User-> GitLab/RunnerVault',
      'Runner1/Release -> GitLab/SetUp',
      'Runner1/Release -> Runner1/Identity',
    ]);
  });

  test('one level is an overview, three show each resource', () => {
    const one = drawn(folder, 1);
    expect(one.root.frames).toEqual([]);
    expect(arrows(one)).toEqual(['Runner1 -> Cluster', 'Runner1 -> GitLab', 'Runner1 -Key Vault Secrets User-> GitLab']);
    const three = drawn(folder, 3);
    expect(frame(frame(three.root, 'GitLab'), 'Network').cards.map(({ title }) => title).sort())
      .toEqual(['AllowHttp', 'Interface', 'PublicIp', 'SecurityGroup', 'VirtualNetwork']);
    expect(arrows(three)).toContain('Cluster/Network/ControlPlaneIdentity -Network Contributor-> Cluster/Network/Vnet');
  });

  test('each resource of the program is in the picture: in a line, an arrow, or the background', () => {
    const { root, arrows: all } = drawn(folder);
    const count = (one: Frame): number => [one, ...one.cards].flatMap(words).filter((text) => /^\d+ × |^[A-Z]/.test(text))
      .reduce((sum, text) => sum + Number(/^(\d+) × /.exec(text)?.[1] ?? 1), 0) + one.frames.reduce((sum, inner) => sum + count(inner), 0);
    const objects = readApp(folder).elements.reduce((sum, element) => sum + element.objects.length, 0);
    const background = readApp(folder).elements.filter(({ type }) => type === 'data.azurerm_client_config').length;
    expect(count(root) - objects + all.filter(({ label }) => label).length + background).toBe(readApp(folder).elements.length);
  });
});

test('many runners that differ in their names alone are drawn once', () => {
  const { root, arrows: all } = drawn(synthesised((app) => platform(new TerraformStack(app, 'many'), 4)));
  expect(root.frames.map((one) => [one.title, ...asides(one)]).sort()).toEqual([
    ['Cluster', 'AksCluster'], ['GitLab', 'SelfHostedGitLab'], ['Runner1', 'KubernetesGitLabRunner', 'and 3 more like it'],
  ]);
  expect(all.filter(({ from, to }) => /Runner[234]/.test(`${from} ${to}`))).toEqual([]);
});

test('two are both drawn', () => {
  const { root } = drawn(synthesised((app) => platform(new TerraformStack(app, 'two'), 2)));
  expect(root.frames.map(({ title }) => title).sort()).toEqual(['Cluster', 'GitLab', 'Runner1', 'Runner2']);
});

test('constructs that are alike but stand in different places are all drawn', () => {
  const { root } = drawn(plain((stack) => {
    const ids = ['A', 'B', 'C'].map((id) => new UserAssignedIdentity(stack, id, { ...GROUP, name: id }));
    new PublicIp(stack, 'Ip', { ...IP, name: ids[0].name });
    new StorageContainer(stack, 'Box', { name: ids[1].name, storageAccountId: 'x' });
  }));
  expect(root.cards.map((one) => [one.title, ...asides(one)])).toEqual(expect.arrayContaining([['A'], ['B'], ['C']]));
});

test('several stacks are frames, and arrows go from one to another', () => {
  const folder = synthesised((app) => {
    const [server, ci] = ['server', 'ci'].map((name) => new TerraformStack(app, name));
    const gitlab = new SelfHostedGitLab(server, 'GitLab', LOCATION);
    new KubernetesGitLabRunner(ci, 'Runner', { gitlab, cluster: new AksCluster(ci, 'Cluster', LOCATION) });
  });
  const several = drawn(folder);
  expect(several.title).toBe('ci, server');
  expect(several.root.frames.map(({ title }) => title)).toEqual(['ci', 'server']);
  expect(asides(frame(frame(several.root, 'server'), 'GitLab'))).toEqual(['SelfHostedGitLab']);
  expect(arrows(several)).toContain('ci/Runner/Identity -Key Vault Secrets User-> server/GitLab/RunnerVault');
  expect(arrows(several)).toContain('ci/Runner/Release -> server/GitLab/RunnerVault');
});

test('manifests that are files only are drawn too', () => {
  const { root } = drawn(synthesised((app) => platform(new TerraformStack(app, 'files'), 1, ManifestDelivery.files())));
  expect(words(card(root, 'files-runner1-release'))).toEqual(['Manifests file', 'Deployment', 'Namespace', '2 × ServiceAccount', 'ConfigMap',
    '2 × NetworkPolicy', 'Role', 'RoleBinding']);
});

test('a program without this library is drawn as well', () => {
  const found = drawn(plain((stack) => {
    const existing = new DataAzurermKubernetesCluster(stack, 'Existing', { name: 'shared', resourceGroupName: 'group' });
    const [own, other] = ['Own', 'Other'].map((id) => new UserAssignedIdentity(new Construct(stack, id), 'Resource', { ...GROUP, name: id }));
    new RoleAssignment(stack, 'Named', { principalId: own.principalId, scope: existing.id, roleDefinitionName: 'Reader' });
    new RoleAssignment(stack, 'Unnamed', { principalId: other.principalId, scope: existing.id, roleDefinitionId: 'role' });
    new RoleAssignment(stack, 'Outside', { principalId: 'somebody', scope: existing.id, roleDefinitionName: 'Owner' });
  }));
  expect(found.root.cards.map((one) => `${one.title}: ${words(one).join(', ')}`).sort()).toEqual([
    'Existing: Kubernetes cluster (existing)', 'Other: User assigned identity', 'Outside: Role assignment', 'Own: User assigned identity',
  ]);
  expect(arrows(found)).toEqual(['Other -a role-> Existing', 'Outside -> Existing', 'Own -Reader-> Existing']);
});

test('what a resource\'s provider is set up with counts as the resource\'s own', () => {
  expect(arrows(drawn(plain((stack) => {
    const { tenantId } = new UserAssignedIdentity(stack, 'Identity', { ...GROUP, name: 'identity' });
    const provider = new AzurermProvider(stack, 'Second', { alias: 'second', features: [{}], tenantId });
    new PublicIp(stack, 'Ip', { ...IP, name: 'ip', provider });
  })))).toEqual(['Ip -> Identity']);
});

test('a role whose name the apply alone knows is a role', () => {
  expect(arrows(drawn(plain((stack) => {
    const [one, other] = ['One', 'Other'].map((id) => new UserAssignedIdentity(stack, id, { ...GROUP, name: id }));
    new RoleAssignment(stack, 'Role', { principalId: one.principalId, scope: other.id, roleDefinitionName: `${other.name} Reader` });
  })))).toEqual(['One -a role-> Other']);
});

test('another\'s Helm release is not taken for a runner', () => {
  const { root } = drawn(plain((stack) => {
    new HelmProvider(stack, 'Helm');
    new HelmRelease(new Construct(stack, 'Shop'), 'Release', { name: 'shop', chart: 'shop' });
  }));
  expect(root.frames.map((one) => [one.title, ...asides(one)])).toEqual([['Shop']]);
});

test('a resource is of the kind that its use is', () => {
  const kinds = (type: (scope: Construct) => unknown) => drawn(plain(type as any)).root.cards[0].lines[0].kind;
  expect(kinds((stack) => new StorageContainer(stack, 'One', { name: 'x', storageAccountId: 'x' }))).toBe(Kind.STORAGE);
  expect(kinds((stack) => new PublicIp(stack, 'One', { ...IP, name: 'x' }))).toBe(Kind.NETWORK);
});
