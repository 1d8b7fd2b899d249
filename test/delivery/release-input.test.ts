import { ApiObject, Chart } from 'cdk8s';
import { TerraformStack } from 'cdktf';
import { CONFIG_MAP, NAMESPACE, chart } from './charts';
import { ManifestRelease } from '../../src';
import { make } from '../aks/made';
import { newStack, synth } from '../synth';

const SKIP_HINT = '\n\nIf you wish to ignore these validations, pass \'skipValidation: true\' to your App configuration.\n';

function validationErrors(stack: TerraformStack): string {
  try {
    synth(stack);
    return '';
  } catch (error) {
    return (error as Error).message.replace('Validation failed with the following errors:\n', '').replace(SKIP_HINT, '');
  }
}

describe('fails when', () => {
  test.each([
    [[], 'manifests: no objects, got nothing; give at least one, or leave the call out'],
    [[null], 'manifests[0]: not a Kubernetes object, got null; give an object with apiVersion, kind and metadata.name'],
    [[CONFIG_MAP, { kind: 'ConfigMap' }], 'manifests[1].apiVersion: not a Kubernetes object, got nothing; give apiVersion as text'],
    [[{ ...CONFIG_MAP, metadata: {} }], 'manifests[0].metadata.name: an object without a name cannot be found again by the next apply, got nothing; '
      + 'give metadata.name as text'],
    [[[CONFIG_MAP]], 'manifests[0]: a list, not a Kubernetes object, got [{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x","namespace":"ci"}}]; give each '
      + 'object as an argument of its own: ...objects'],
    [[{ apiVersion: 'v1', kind: 'List', items: [CONFIG_MAP] }], 'manifests[0].kind: a list of objects, as `kubectl get` prints it, and no object itself, got "List"; give its '
      + 'items, each as an object'],
    [[{ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources: ['a.yaml'] }], 'manifests[0].kind: a file for the program kustomize, and no '
      + 'object of a cluster, got "Kustomization"; give the objects that `kubectl kustomize` prints'],
    [[{ ...CONFIG_MAP, metadata: { name: 'x', namespace: 7 } }], 'manifests[0].metadata.namespace: not a namespace, got 7; give metadata.namespace as '
      + 'text, or leave it out'],
    ...['resourceVersion', 'uid'].map((key): [any[], string] => [[{ ...CONFIG_MAP, metadata: { name: 'x', creationTimestamp: null, [key]: '12' } }],
      `manifests[0].metadata.${key}: the API server's own, as \`kubectl get\` prints it, so that no apply would pass, got "12"; leave it out`]),
    [[{ ...CONFIG_MAP, data: { 'a.b': ['x\u007fy'] } }], 'manifests[0].data["a.b"][0]: the character U+007F does not survive YAML, got "x\u007fy"; '
      + 'remove it, or carry the text in base64'],
    [[{ ...CONFIG_MAP, data: { '\ufeffa': 1 } }], 'manifests[0].data: the character U+FEFF does not survive YAML, got "\ufeffa"; '
      + 'remove it, or carry the text in base64'],
    [[{ ...CONFIG_MAP, data: { a: '\ud800' } }], 'manifests[0].data.a: the character U+D800 does not survive YAML, got "\\ud800"; '
      + 'remove it, or carry the text in base64'],
    [[{ ...CONFIG_MAP, data: { a: 'e\u0301' } }], 'manifests[0].data.a: text that is not in Unicode\'s composed form (NFC), got "e\u0301"; '
      + 'compose it (in JavaScript: text.normalize()), or carry it in base64'],
    [[{ ...CONFIG_MAP, data: { a: Number.POSITIVE_INFINITY } }], 'manifests[0].data.a: not a number that JSON can hold, got "Infinity"; give a finite number'],
    [[{ ...CONFIG_MAP, data: { a: new Date(0) } }], 'manifests[0].data.a: not plain data, got "Date"; give objects, lists, texts, numbers, true, false '
      + 'and null only'],
    [[{ ...CONFIG_MAP, data: { '<<': {} } }], 'manifests[0].data: YAML reads this key as a merge, got "<<"; rename it'],
    [[{ ...CONFIG_MAP, data: { ['k'.repeat(999)]: 1 } }], `manifests[0].data: a key longer than YAML allows, got "${'k'.repeat(60)}…"; `
      + 'keep keys under 1000 bytes'],
    [[{ ...CONFIG_MAP, data: JSON.parse('{"__proto__": 1}') }], 'manifests[0].data: JavaScript reserves this key, got "__proto__"; rename it'],
  ] as [any[], string][])('manifests: %j', (manifests, message) => {
    const { cluster } = make();
    expect(() => cluster.addManifest('Manifest', ...manifests)).toThrow(new Error(`${message} (at Test/Cluster)`));
  });

  test('a value refers to itself', () => {
    const loop: any = { ...CONFIG_MAP };
    loop.self = loop;
    expect(() => make().cluster.addManifest('Manifest', loop)).toThrow(
      /^manifests\[0\](\.self){17}\.se…f(\.self){8}\.metadata: nested too deeply, or inside itself, got more than 100 levels; keep to 100 levels \(at Test\/Cluster\)$/);
  });

  test('a chart hangs in the wrong tree', () => {
    const { stack, cluster } = make();
    expect(() => cluster.addCdk8sChart('Chart', new Chart(stack, 'chart'))).toThrow(new Error(
      'chart: the root of the chart is not a cdk8s.App, got an App; make the chart in a cdk8s App: new Chart(new App(), "name") (at Test/Cluster/Chart)'));
    expect(() => cluster.addCdk8sChart('Text', 'chart' as any)).toThrow(new Error(
      'chart: not a cdk8s chart, got "chart"; give a cdk8s Chart (at Test/Cluster/Text)'));
  });

  test.each([
    [{ namespace: 'A' }, 'namespace: not a valid value, got "A"; give at most 63 lower-case letters, digits and hyphens such as "gitlab-runner"'],
    [{ releaseName: 'a b' }, 'releaseName: not a valid value, got "a b"; give at most 53 lower-case letters, digits, hyphens and dots such as '
      + '"gitlab-runner"'],
    [{ timeoutSeconds: 29 }, 'timeoutSeconds: out of range, got 29; give a whole number from 30 to 7200'],
  ] as [any, string][])('options: %j', (options, message) => {
    const { cluster } = make();
    expect(() => cluster.addCdk8sChart('Chart', chart('ci'), options)).toThrow(new Error(`${message} (at Test/Cluster/Chart)`));
  });

  test('there is no cluster', () => {
    expect(() => new ManifestRelease(newStack(), 'Release', undefined as any, chart())).toThrow(new Error(
      'cluster: missing, got nothing; give an AksCluster, or AksCluster.fromAksClusterAttributes(…) (at Test/Release)'));
  });

  test.each([
    ['in all', CONFIG_MAP, CONFIG_MAP],
    ['but by the namespace that one leaves out', { ...CONFIG_MAP, metadata: { name: 'x' } }, { ...CONFIG_MAP, metadata: { name: 'x', namespace: 'default' } }],
    ['but by the version of their kind', { ...CONFIG_MAP, apiVersion: 'example.com/v1' }, { ...CONFIG_MAP, apiVersion: 'example.com/v1beta1' }],
    ['but by a namespace that their kind has not', { ...CONFIG_MAP, kind: 'ClusterRole' }, { ...CONFIG_MAP, kind: 'ClusterRole', metadata: { name: 'x' } }],
  ])('objects of one release cannot be told apart %s', (_what, one, other) => {
    const { stack, cluster } = make();
    cluster.addManifest('Manifest', one, other);
    expect(validationErrors(stack)).toBe(`  [Test/Cluster/Manifest] chart: two objects of one kind and name, got "${one.kind} x"; rename one of them (at Test/Cluster/Manifest)`);
  });

  test('objects of a custom kind whose name ends in List are taken, and those of one name in two groups', () => {
    const { stack, cluster } = make();
    cluster.addManifest('Manifest', { ...CONFIG_MAP, apiVersion: 'example.com/v1', kind: 'AllowList' }, CONFIG_MAP, { ...CONFIG_MAP, apiVersion: 'example.com/v1' },
      { apiVersion: 'kustomize.toolkit.fluxcd.io/v1', kind: 'Kustomization', metadata: { name: 'x', namespace: 'ci' } });
    expect(validationErrors(stack)).toBe('');
  });

  test('an object needs a kind that the same release defines', () => {
    const { stack, cluster } = make();
    cluster.addManifest('Manifest',
      { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'a' }, spec: { group: 'x.io', names: { kind: 'Thing' } } },
      { apiVersion: 'x.io/v1', kind: 'Thing', metadata: { name: 'b' } });
    expect(validationErrors(stack)).toBe('  [Test/Cluster/Manifest] chart: the same release defines the kind of this object, got "Thing b"; put the '
      + 'CustomResourceDefinition into a release of its own, and let this one waitFor() its `ready` (at Test/Cluster/Manifest)');
  });

  test('an object that was added later cannot be carried', () => {
    const { stack, cluster } = make();
    const late = chart('ci');
    cluster.addCdk8sChart('Chart', late);
    new ApiObject(late, 'object', { ...CONFIG_MAP, data: { a: 1e300 } } as any);
    expect(validationErrors(stack)).toBe('  [Test/Cluster/Chart] chart[0].data.a: a number that Helm would round, got 1e+300; '
      + 'write numbers beyond 9007199254740991 as text (at Test/Cluster/Chart)');
  });

  test('the chart makes the namespace that Helm is to keep its record in', () => {
    const { stack, cluster } = make();
    cluster.addCdk8sChart('Chart', chart('ci', NAMESPACE), { namespace: 'ci' });
    expect(validationErrors(stack)).toBe('  [Test/Cluster/Chart] namespace: the chart creates this namespace itself, so Helm cannot store its release record there, '
      + 'got "ci"; leave namespace out, or remove the Namespace object from the chart (at Test/Cluster/Chart)');
  });

  test('a release would make a namespace that another one makes as its own object, unless it waits for that one', () => {
    const { stack, cluster } = make();
    const maker = cluster.addCdk8sChart('Maker', chart('ci', NAMESPACE));
    const user = cluster.addCdk8sChart('User', chart('ci', CONFIG_MAP));
    const helm = cluster.addHelmChart('Helm', { repository: 'https://charts.gitlab.io', chart: 'gitlab-runner', namespace: 'ci' });
    const message = (path: string) => `  [${path}] namespace: made by Test/Cluster/Maker too, which fails because the namespace `
      + `exists already, got "ci"; call waitFor() with the other release's \`ready\` (at ${path})`;
    expect(validationErrors(stack)).toBe(`${message('Test/Cluster/User')}\n${message('Test/Cluster/Helm')}`);
    user.waitFor(...maker.ready);
    helm.waitFor(...maker.ready);
    expect(validationErrors(stack)).toBe('');
  });
});
