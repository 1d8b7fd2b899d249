import { App, Chart } from 'cdk8s';
import { Testing } from 'cdktf';
import {
  AksCluster, AksNodePool, ApiServerAccess, AzureRole, KubernetesSignIn, HelmRelease, IAksCluster, KubernetesVersion, ManifestRelease,
  WorkloadIdentity,
} from '../../src';
import * as fc from '../fast-check';
import { newStack } from '../synth';

const anything = fc.oneof(fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true }), fc.constantFrom('', ' ', '${a}', '%{a}',
  'x'.repeat(300), '-', '/', null, Number.NaN, Infinity, -1, 1e308, [], {}, [null], { a: null }, () => 1, Symbol('s'), 'https://x', 'a/b', '/subscriptions/s', 'default'));

/** Valid options with one of them replaced by anything. */
function attacked(valid: { [prop: string]: unknown }): fc.Arbitrary<any> {
  return fc.tuple(fc.constantFrom(...Object.keys(valid)), anything).map(([prop, value]) => ({ ...valid, [prop]: value }));
}

/** Either it works out, or the message is one of ours: what is wrong, what was given, what to do, where. */
function holds(action: () => void): void {
  try {
    action();
  } catch (error) {
    const { name, message } = error as Error;
    expect(name === 'ValidationError' || message.startsWith('Validation failed with the following errors:')).toBe(true);
    expect(message).toMatch(/[a-zA-Z"][^\n]*: [^\n]+, got [^]+; [^\n]+ \(at (Test|[A-Z]\w+\.\w+)/);
  }
}

/** An imported cluster has the methods of every other, and costs next to nothing. */
function onCluster(use: (cluster: IAksCluster) => void): void {
  const stack = newStack();
  use(AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'c', resourceGroupName: 'g' }));
  Testing.synth(stack, true);
}

function chart(): Chart {
  return new Chart(new App(), 'chart');
}

const cases: [string, fc.Arbitrary<any>, (given: any) => void][] = [
  ['addHelmChart', attacked({
    chart: 'c', repository: 'https://x', version: '1', releaseName: 'r', namespace: 'n', values: { a: 1 }, sensitiveValues: {}, timeoutSeconds: 60,
  }), (options) => onCluster((cluster) => cluster.addHelmChart('X', options))],
  ['addCdk8sChart', attacked({ namespace: 'n', releaseName: 'r', timeoutSeconds: 60 }),
    (options) => onCluster((cluster) => cluster.addCdk8sChart('X', chart(), options))],
  ['addCdk8sChart\'s chart', anything, (given) => onCluster((cluster) => cluster.addCdk8sChart('X', given))],
  ['addManifest', fc.oneof(anything, attacked({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data: {} }),
    attacked({ name: 'x', namespace: 'n', labels: {} }).map((metadata) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata }))),
  (manifest) => onCluster((cluster) => cluster.addManifest('X', manifest))],
  ['addServiceAccount', attacked({ namespace: 'n', serviceAccountName: 's', identityName: 'abc' }),
    (options) => onCluster((cluster) => cluster.addServiceAccount('X', options))],
  ['addNodePool', fc.oneof(anything, attacked({
    nodePoolName: 'x', vmSize: 'Standard_D4s_v5', minCount: 0, maxCount: 3, spot: true, osDiskSizeGb: 64, ephemeralOsDiskEnabled: false, maxPods: 30, zones: ['1'],
    nodeLabels: { a: 'b' }, nodeTaints: ['a=b:NoSchedule'], drainTimeoutMinutes: 5, undrainableNodesCordoned: true,
  })), (options) => onCluster((cluster) => cluster.addNodePool('X', options))],
  ['grants', fc.tuple(anything, anything), ([one, other]) => onCluster((cluster) => {
    cluster.grantClusterAdmin('A', one);
    cluster.grantClusterUser('B', other);
  })],
  ['attachAcr', anything, (registryId) => onCluster((cluster) => cluster.attachAcr('A', registryId))],
  ['grant', fc.tuple(anything, anything), ([role, roleScope]) => onCluster((cluster) =>
    cluster.addWorkloadIdentity('X', { namespace: 'n', serviceAccountName: 's' }).grant('R', role, roleScope))],
  ['AzureRole', anything, (role) => {
    holds(() => AzureRole.of(role));
    holds(() => AzureRole.ofDefinition(role));
  }],
  ['fromAksClusterAttributes', fc.oneof(anything, attacked({
    clusterName: 'c', resourceGroupName: 'g', subnetId: undefined, egressIpAddress: '1.2.3.4', manifestDelivery: undefined, jobNodePool: undefined,
  })), (attributes) => AksCluster.fromAksClusterAttributes(newStack(), 'X', attributes)],
  ['fromAksNodePoolAttributes', fc.oneof(anything, attacked({ nodePoolName: 'a', nodeSelector: { a: 'b' }, nodeTaints: [] })),
    (attributes) => AksNodePool.fromAksNodePoolAttributes(newStack(), 'X', attributes)],
  ['cluster', anything, (cluster) => {
    holds(() => new WorkloadIdentity(newStack(), 'X', cluster, { namespace: 'n', serviceAccountName: 's' }));
    holds(() => new HelmRelease(newStack(), 'X', cluster, { chart: 'c', repository: 'https://x' }));
    holds(() => new ManifestRelease(newStack(), 'X', cluster, chart()));
  }],
  ['KubernetesVersion.of', anything, (version) => KubernetesVersion.of(version)],
  ['ApiServerAccess.authorizedIpRanges', fc.oneof(anything, fc.array(anything)), (ranges) => ApiServerAccess.authorizedIpRanges(ranges)],
  ['KubernetesSignIn', anything, (given) => {
    holds(() => KubernetesSignIn.azureCli(given));
    holds(() => KubernetesSignIn.token(given));
  }],
];

test.each(cases)('%s takes any value, or says what is wrong with it', (_, values, use) => {
  fc.assert(fc.property(values, (given) => holds(() => use(given))), { numRuns: 40 });
});
