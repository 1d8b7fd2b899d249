import { Construct, IConstruct } from 'constructs';
import { Manifest, objectKey } from './manifest-checks';
import { AzurePlaces } from '../../azure/place/azure-place';
import { remembered } from '../../private/memory';
import { known } from '../../private/rules/subject';
import { Mistake, ValidationError } from '../../private/validation-error';
import { IKubernetesCluster } from '../kubernetes-cluster';

/** What one construct puts onto a cluster. */
interface Delivery {
  readonly construct: Construct;
  readonly cluster: IKubernetesCluster;
  /** The release, where Helm installs it. */
  readonly release?: { readonly name: string };
  /** The namespace of the release, and of objects that name none. */
  readonly namespace: () => string;
  readonly objects: () => readonly Manifest[];
}

/**
 * Refuses at synth what Helm would refuse at apply, and `kubectl apply` would not even notice: two releases of one name, or one object
 * in two of them.
 */
export function checkClusterObjects(delivery: Delivery): void {
  const deliveries = remembered(delivery.construct.node.root, 'deliveries', (): Delivery[] => []);
  deliveries.push(delivery);
  if (deliveries.length === 1) {
    // once for all: each looking at each other would be slow.
    delivery.construct.node.addValidation({ validate: () => mistakes(deliveries) });
  }
}

function mistakes(deliveries: readonly Delivery[]): string[] {
  const owners = new Map<string, IConstruct>();
  const keys = new Map([...new Set(deliveries.map((delivery) => delivery.cluster))].map((cluster) => [cluster, clusterKey(cluster)]));
  const messages: string[] = [];
  const claim = (key: string, { construct }: Delivery, mistake: (owner: string) => Mistake) => {
    const owner = owners.get(key);
    // a chart's twin of its own is told by the chart.
    if (owner && owner !== construct) {
      messages.push(new ValidationError(construct, mistake(owner.node.path)).message);
    }
    owners.set(key, owner ?? construct);
    return owner === undefined || owner === construct;
  };
  for (const delivery of deliveries) {
    const [cluster, namespace, { release }] = [keys.get(delivery.cluster)!, delivery.namespace(), delivery];
    if (release && !claim([cluster, 'release', namespace, release.name].join('\n'), delivery, (owner) => ({
      prop: 'releaseName', problem: `taken by ${owner} in the same namespace`, got: release.name, remedy: 'give each release a name of its own',
    }))) {
      continue;
    }
    for (const object of delivery.objects().filter(isObject)) {
      if (!claim([cluster, objectKey(object, namespace)].join('\n'), delivery, (owner) => ({
        prop: 'chart',
        problem: `holds an object that ${owner} puts on the same cluster too`,
        got: `${object.kind} ${object.metadata.name}`,
        remedy: 'keep it in one of the two, or use different names or namespaces',
      }))) {
        // the others of the same chart mostly follow from it.
        break;
      }
    }
  }
  return messages;
}

/** What is no object is refused by the release that has it. */
function isObject(manifest: Manifest): boolean {
  return [manifest?.apiVersion, manifest?.kind, manifest?.metadata?.name].every((text) => typeof text === 'string');
}

/** What tells that two constructs are one cluster: its name where it is known, which it is of one that exists already. */
function clusterKey(cluster: IKubernetesCluster): string {
  const { clusterName, resourceGroupName } = cluster;
  return known(clusterName) && known(resourceGroupName)
    ? `${new AzurePlaces().subscriptionOf(cluster)} ${resourceGroupName} ${clusterName}`.toLowerCase()
    : cluster.node.path;
}
