// The CDK for AWS orders what is installed on a cluster by `node.addDependency()`, which cdktf never looks at.
import { CONFIG_MAP } from './charts';
import { make } from '../aks/made';
import { synth } from '../synth';

const CHART = { chart: 'c', repository: 'https://charts.example.com' };

test('an order that cdktf takes no notice of is refused', () => {
  const { stack, cluster } = make();
  const first = cluster.addManifest('First', CONFIG_MAP);
  cluster.addHelmChart('Second', CHART).node.addDependency(first);
  expect(() => synth(stack)).toThrow('node.addDependency: without effect in cdktf, got Test/Cluster/First; call waitFor() with what it has in ready (at Test/Cluster/Second)');
});

test('so it is between objects, and waitFor() is the way', () => {
  const { stack, cluster } = make();
  const first = cluster.addHelmChart('First', CHART);
  const second = cluster.addManifest('Second', CONFIG_MAP);
  second.waitFor(...first.ready);
  expect(() => synth(stack)).not.toThrow();
  second.node.addDependency(first);
  expect(() => synth(stack)).toThrow(/node\.addDependency: without effect in cdktf, got Test\/Cluster\/First; .* \(at Test\/Cluster\/Second\)/);
});
