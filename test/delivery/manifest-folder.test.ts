import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, TerraformStack } from 'cdktf';
import { parse } from 'yaml';
import { AksCluster, AzureProvider, HelmRelease, IAksCluster, ManifestDelivery, ManifestRelease } from '../../src';
import { PlainChart } from '../../src/delivery/private/plain-chart';

const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } };

let outdir: string;
beforeEach(() => { outdir = mkdtempSync(join(tmpdir(), 'manifests-')); });
afterEach(() => rmSync(outdir, { recursive: true, force: true }));

const folder = (stack = 'ci') => join(outdir, 'stacks', stack, 'manifests');
const files = (stack = 'ci'): string[] => (existsSync(folder(stack)) ? readdirSync(folder(stack)).sort() : []);

/** Synthesises a program with one stack into the folder that the one before wrote to. */
function synthesise(fill: (stack: TerraformStack) => void): void {
  const app = new App({ outdir });
  fill(new TerraformStack(app, 'ci'));
  app.synth();
}

const shared = (stack: TerraformStack, id = 'Cluster', clusterName = 'ci'): IAksCluster =>
  AksCluster.fromAksClusterAttributes(stack, id, { clusterName, resourceGroupName: 'g', manifestDelivery: ManifestDelivery.files() });

const objects = (name: string, namespace: string) => ({ ...CONFIG_MAP, metadata: { name, namespace } });

test('a release that is gone takes its file along, the others stay', () => {
  synthesise((stack) => {
    const cluster = shared(stack);
    cluster.addManifest('One', objects('one', 'n'));
    cluster.addManifest('Two', objects('two', 'n'));
  });
  expect(files()).toEqual(['ci-cluster-one.yaml', 'ci-cluster-two.yaml']);
  synthesise((stack) => shared(stack).addManifest('Two', objects('two', 'n')));
  expect(files()).toEqual(['ci-cluster-two.yaml']);
});

test('a renamed release leaves nothing of its old name', () => {
  const named = (releaseName: string) => synthesise((stack) => new ManifestRelease(stack, 'One', shared(stack), new PlainChart([CONFIG_MAP]), { releaseName }));
  named('old');
  expect(files()).toEqual(['old.yaml']);
  named('new');
  expect(files()).toEqual(['new.yaml']);
});

test.each<[string, (stack: TerraformStack) => void]>([
  ['a cluster', (stack) => shared(stack)],
  ['a Helm chart', (stack) => {
    const cluster = AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'ci', resourceGroupName: 'g' });
    new HelmRelease(stack, 'Ingress', cluster, { chart: 'x', repository: 'https://example.com' });
  }],
  ['the provider', (stack) => new AzureProvider(stack, 'Provider')],
])('the last release takes the folder along where the stack still has something of ours: %s', (_, fill) => {
  synthesise((stack) => shared(stack).addManifest('One', CONFIG_MAP));
  synthesise(fill);
  expect(existsSync(folder())).toBe(false);
});

test('what others put there stays', () => {
  synthesise((stack) => shared(stack).addManifest('One', CONFIG_MAP));
  writeFileSync(join(folder(), 'mine.yaml'), '# mine\n');
  writeFileSync(join(folder(), 'kustomization.yml'), '');
  synthesise((stack) => shared(stack));
  expect(files()).toEqual(['kustomization.yml', 'mine.yaml']);
});

test('a release of one name in two namespaces, or on two clusters, has a file of its own', () => {
  synthesise((stack) => {
    const [one, two] = [shared(stack, 'One', 'one'), shared(stack, 'Two', 'two')];
    for (const [id, cluster, namespace] of [['A', one, 'a'], ['B', one, 'b'], ['C', two, 'a']] as const) {
      new ManifestRelease(stack, id, cluster, new PlainChart([objects('x', `${namespace}${id}`)]), { namespace, releaseName: 'same' });
    }
    new ManifestRelease(stack, 'D', one, new PlainChart([objects('y', 'd')]), { releaseName: 'other' });
  });
  expect(files()).toEqual(['other.yaml', ...[1, 2, 3].map(() => expect.stringMatching(/^same-[0-9a-f]{8}\.yaml$/))]);
  const namespaces = files().slice(1).map((file) => parse(readFileSync(join(folder(), file), 'utf8')).metadata.namespace);
  expect(namespaces.sort()).toEqual(['aA', 'aC', 'bB']);
});

test('each stack minds its own folder', () => {
  const app = new App({ outdir });
  const [one, two] = ['one', 'two'].map((id) => new TerraformStack(app, id));
  shared(one, 'Cluster', 'a').addManifest('One', CONFIG_MAP);
  shared(two, 'Cluster', 'b').addManifest('One', CONFIG_MAP);
  app.synth();
  expect([files('one'), files('two')]).toEqual([['one-cluster-one.yaml'], ['two-cluster-one.yaml']]);
});
