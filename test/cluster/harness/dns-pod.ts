// Pods reach a name server as they reach a cluster's: by the address of a Service, behind which is a pod, for which policies can tell it from the node. This pod only
// hands on, to whoever listens on the node.
import { execFileSync } from 'node:child_process';
import { Cluster, DNS_ADDRESS, iptables, NODE_ADDRESS } from './cluster';

export async function startDnsPod(cluster: Cluster): Promise<void> {
  const address = await start(cluster);
  // what kube-proxy does
  iptables('-t', 'nat', '-A', 'PREROUTING', '-d', DNS_ADDRESS, '-p', 'udp', '--dport', '53', '-j', 'DNAT', '--to-destination', `${address}:53`);
  const namespace = execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' }).split('\n').map((line) => line.split(' ')[0]).filter(Boolean)
    .find((name) => execFileSync('ip', ['-n', name, '-4', 'address'], { encoding: 'utf8' }).includes(` ${address}/`))!;
  const inPod = (...command: string[]) => execFileSync('ip', ['netns', 'exec', namespace, ...command]);
  inPod('sysctl', '-qw', 'net.ipv4.ip_forward=1');
  inPod('iptables', '-t', 'nat', '-A', 'PREROUTING', '-p', 'udp', '--dport', '53', '-j', 'DNAT', '--to-destination', `${NODE_ADDRESS}:53`);
  inPod('iptables', '-t', 'nat', '-A', 'POSTROUTING', '-j', 'MASQUERADE');
}

/** With the label that CoreDNS has everywhere. @returns its address */
async function start(cluster: Cluster): Promise<string> {
  const { api } = cluster;
  const pods = '/api/v1/namespaces/kube-system/pods';
  await cluster.until('pods can be made', async () => (await api.call('GET', '/api/v1/namespaces/kube-system/serviceaccounts/default')).status === 200);
  await api.call('POST', pods, {
    metadata: { name: 'dns', labels: { 'k8s-app': 'kube-dns' } },
    spec: { terminationGracePeriodSeconds: 0, automountServiceAccountToken: false, containers: [{ name: 'dns', image: 'registry.k8s.io/pause:1' }] },
  });
  return cluster.until('the name server\'s pod runs', async () => (await api.call('GET', `${pods}/dns`)).body.status?.podIP);
}
