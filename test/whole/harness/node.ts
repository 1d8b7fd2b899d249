// A program: the Kubernetes node and its control plane, in mount and process namespaces that end with it. It tells where they are and stays until its input ends.
import { Cluster } from '../../cluster/harness/cluster';
import { startDnsPod } from '../../cluster/harness/dns-pod';

const cluster = new Cluster({
  kubebox: process.env.CLUSTER_KUBEBOX!, images: process.env.CLUSTER_IMAGES!, policies: process.env.CLUSTER_POLICIES!,
  cgroup: process.env.CLUSTER_NAME,
});
process.stdin.resume().on('end', () => void cluster.stop().then(() => process.exit()));
void cluster.start().then(() => startDnsPod(cluster)).then(() => {
  process.stdout.write(`${JSON.stringify({ token: cluster.token, certificateAuthority: cluster.authority.certificate, vaults: cluster.vaults, folder: cluster.folder })}\n`);
});
