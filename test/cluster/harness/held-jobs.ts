// Jobs that wait where they are until a test has seen what it wants to see, however long that takes.
import { Cluster } from './cluster';

/** A command that waits until the container is let go. */
export const HOLD = 'until test -e /tmp/go; do sleep 1; done';

/** Lets go what waits in a job's pod: its script, and its services. */
export function letGo(cluster: Cluster, { status }: any): void {
  for (const { name, containerID } of status.containerStatuses) {
    // services are called by their aliases
    if (name !== 'helper') {cluster.runInContainer(containerID.replace(/^containerd:\/\//, ''), 'touch', '/tmp/go');}
  }
}
