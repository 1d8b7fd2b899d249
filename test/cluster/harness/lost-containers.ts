import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { KubernetesApi } from '../../programs/kubernetes/api';

/** What containerd 1.6 says of a container that ended by itself in the moment in which it was to be stopped. */
const LOST = /StopContainer for \\"(\w+)\\" failed.*ttrpc: closed/;

/**
 * Debian's containerd can lose such a container, and the kubelet then keeps the pod, whose sidecar waits for it, until all of its grace is over. An
 * administrator deletes that pod by hand, and so does this, and says so.
 */
export function deletePodsOfLostContainers(log: Readable, api: KubernetesApi): void {
  createInterface({ input: log }).on('line', (line) => {
    const [, id] = LOST.exec(line) ?? [];
    if (id) {
      deletePodOf(id, api).catch((error) => console.error(`the pod of container ${id} cannot be deleted: ${error.message}`));
    }
  });
}

async function deletePodOf(id: string, api: KubernetesApi): Promise<void> {
  const { body } = await api.call('GET', '/api/v1/pods');
  const pod = body.items.find(({ metadata, status }: any) => metadata.deletionTimestamp
    && status.containerStatuses?.some(({ containerID }: any) => containerID === `containerd://${id}`));
  if (!pod) {
    return;
  }
  const { namespace, name } = pod.metadata;
  console.error(`containerd has lost a container of pod ${name}: the pod is deleted`);
  await api.call('DELETE', `/api/v1/namespaces/${namespace}/pods/${name}?gracePeriodSeconds=0`);
}
