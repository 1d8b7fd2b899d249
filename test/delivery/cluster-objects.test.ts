import { App, TerraformStack } from 'cdktf';
import { AksCluster, AzureProvider, IAksCluster, KubernetesGitLabRunner, ManifestDelivery, ManifestRelease, RunnerToken, GitLab } from '../../src';
import { PlainChart } from '../../src/delivery/private/plain-chart';
import { newStack, synth, testApp } from '../synth';

const INGRESS = { chart: 'ingress', repository: 'https://example.com', releaseName: 'ingress' };
const object = (kind: string, name: string, namespace?: string) => ({ apiVersion: 'v1', kind, metadata: { name, namespace } });

function shared(stack: TerraformStack, id = 'Cluster', manifestDelivery?: ManifestDelivery): IAksCluster {
  return AksCluster.fromAksClusterAttributes(stack, id, { clusterName: 'ci', resourceGroupName: 'ci-rg', manifestDelivery });
}

/** What synthesis says, without cdktf's own words. */
function mistakes(app: App): string[] {
  try {
    app.node.children.filter((node): node is TerraformStack => TerraformStack.isStack(node)).forEach((stack) => synth(stack));
    return [];
  } catch (error) {
    return [...(error as Error).message.matchAll(/^ +\[\S+\] (.*)$/gm)].map(([, message]) => message);
  }
}

const made = (fill: (stack: TerraformStack) => void): string[] => {
  const stack = newStack();
  fill(stack);
  return mistakes(App.of(stack) as App);
};

const runner = (stack: TerraformStack, id: string, cluster: IAksCluster, props: object = {}) => {
  const gitlab = GitLab.fromAttributes(stack, `${id}GitLab`, { gitlabUrl: 'https://gitlab.com' });
  return new KubernetesGitLabRunner(stack, id, { gitlab, cluster, token: RunnerToken.kubernetesSecret('token'), ...props });
};

const TWICE = 'keep it in one of the two, or use different names or namespaces';

describe('is refused', () => {
  test.each<[string, (stack: TerraformStack) => void, string]>([
    ['a second release of one name in a namespace', (stack) => {
      const cluster = shared(stack);
      cluster.addHelmChart('One', INGRESS);
      new ManifestRelease(stack, 'Two', cluster, new PlainChart([object('ConfigMap', 'x')]), { releaseName: 'ingress' });
    }, 'releaseName: taken by Test/Cluster/One in the same namespace, got "ingress"; give each release a name of its own (at Test/Two)'],
    ['a second release of one name on a cluster that was imported twice', (stack) => {
      ['One', 'Two'].forEach((id) => shared(stack, id).addHelmChart('Ingress', INGRESS));
    }, 'releaseName: taken by Test/One/Ingress in the same namespace, got "ingress"; give each release a name of its own (at Test/Two/Ingress)'],
    ['an object in two charts', (stack) => {
      const cluster = shared(stack);
      cluster.addManifest('One', object('ConfigMap', 'x', 'n'));
      cluster.addManifest('Two', object('Secret', 'x', 'n'), object('ConfigMap', 'x', 'n'));
    }, `chart: holds an object that Test/Cluster/One puts on the same cluster too, got "ConfigMap x"; ${TWICE} (at Test/Cluster/Two)`],
    ['an object of the whole cluster in two charts, whatever the namespace of the release', (stack) => {
      const cluster = shared(stack);
      ['One', 'Two'].forEach((id) => new ManifestRelease(stack, id, cluster, new PlainChart([object('ClusterRole', 'x')]), { namespace: id.toLowerCase() }));
    }, `chart: holds an object that Test/One puts on the same cluster too, got "ClusterRole x"; ${TWICE} (at Test/Two)`],
    ['an object in two files', (stack) => {
      const cluster = shared(stack, 'Cluster', ManifestDelivery.files());
      ['One', 'Two'].forEach((id) => cluster.addManifest(id, object('ConfigMap', 'x')));
    }, `chart: holds an object that Test/Cluster/One puts on the same cluster too, got "ConfigMap x"; ${TWICE} (at Test/Cluster/Two)`],
    ['a namespace that the jobs of two runners share', (stack) => {
      const cluster = shared(stack);
      ['One', 'Two'].forEach((id) => runner(stack, id, cluster, { jobNamespace: 'jobs' }));
    }, `chart: holds an object that Test/One/Release puts on the same cluster too, got "Namespace jobs"; ${TWICE} (at Test/Two/Release)`],
    ['a service account of two identities', (stack) => {
      const cluster = shared(stack);
      ['One', 'Two'].forEach((id) => cluster.addServiceAccount(id, { namespace: 'n', serviceAccountName: 'jobs' }));
    }, `chart: holds an object that Test/Cluster/One/Account puts on the same cluster too, got "ServiceAccount jobs"; ${TWICE} (at Test/Cluster/Two/Account)`],
  ])('%s', (_, fill, mistake) => {
    expect(made(fill)).toEqual([mistake]);
  });

  test('a runner of one namespace in a second stack, on a cluster that both imported', () => {
    const app = testApp();
    ['one', 'two'].forEach((id) => {
      const stack = new TerraformStack(app, id);
      runner(stack, 'Runner', shared(stack));
    });
    expect(mistakes(app)).toEqual([
      `chart: holds an object that one/Runner/Release puts on the same cluster too, got "Namespace gitlab-runner"; ${TWICE} (at two/Runner/Release)`,
    ]);
  });
});

describe('goes through', () => {
  test.each<[string, (stack: TerraformStack) => void]>([
    ['a release of one name in two namespaces, with the same objects', (stack) => {
      const cluster = shared(stack);
      ['one', 'two'].forEach((namespace) => new ManifestRelease(stack, namespace, cluster, new PlainChart([object('ConfigMap', 'x')]), { namespace, releaseName: 'same' }));
    }],
    ['one name of two kinds, and of one kind in two groups', (stack) => {
      const cluster = shared(stack);
      cluster.addManifest('One', object('ConfigMap', 'x'));
      cluster.addManifest('Two', object('Secret', 'x'));
      cluster.addManifest('Three', { ...object('ConfigMap', 'x'), apiVersion: 'example.com/v1' });
    }],
    ['the same runner on two clusters', (stack) => {
      runner(stack, 'Runner', shared(stack));
      runner(stack, 'Other', AksCluster.fromAksClusterAttributes(stack, 'Second', { clusterName: 'second', resourceGroupName: 'ci-rg' }), {
        namespace: 'gitlab-runner',
      });
    }],
  ])('%s', (_, fill) => {
    expect(made(fill)).toEqual([]);
  });

  test('a runner on clusters of one name in two subscriptions', () => {
    const app = testApp();
    ['one', 'two'].forEach((id, index) => {
      const stack = new TerraformStack(app, id);
      new AzureProvider(stack, 'Provider', { subscriptionId: `00000000-0000-0000-0000-00000000000${index}` });
      runner(stack, 'Runner', shared(stack));
    });
    expect(mistakes(app)).toEqual([]);
  });
});
