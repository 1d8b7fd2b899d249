import { Kubernetes } from './kubernetes';
import { silenceOf } from './manager-log';
import { Cluster } from './platform';
import { Release } from './releases';
import { duration } from './server-look';
import { Az } from '../preflight/az';
import { Found } from '../preflight/finding';
import { answered } from '../preflight/question';

/** How long a pod may wait: a new node takes some minutes. */
const PENDING_SECONDS = 900;
/** Helm's own time-out is shorter, so a release that has been pending for longer was cut off. */
const RELEASE_SECONDS = 1800;

/** What a cluster says of itself, and then what is in it. */
export async function lookAtCluster(az: Az, tenantId: string, { cluster, group, path, releases }: Cluster): Promise<readonly Found[]> {
  const { subscriptionId, name, id } = cluster;
  if (!subscriptionId || !group || !name || !id) {
    return [{ state: 'unknown', what: `${path}: only the apply knows its name or group` }];
  }
  const azure = await answered(`cluster ${name}`, async () => judgeCluster(`--resource-group ${group} --name ${name}`, (await az.get(id, '2025-05-01')).properties));
  if (azure.some(({ state }) => state === 'unanswered') || azure.some(({ what }) => what === STOPPED)) {
    return azure;
  }
  const inside = await answered('what runs in the cluster', async () => {
    const kubernetes = await Kubernetes.of(az, subscriptionId, group, name, tenantId);
    return (await Promise.all([
      nodes(kubernetes), pending(kubernetes),
      ...releases.flatMap((release) => [deployments(kubernetes, release), ...release.byHelm ? [helm(kubernetes, release)] : []]),
    ])).flat();
  }, 'the roles Azure Kubernetes Service Cluster User and Azure Kubernetes Service RBAC Admin on the cluster');
  return [...azure, ...inside];
}

const STOPPED = 'the cluster is stopped';

function judgeCluster(where: string, { powerState, provisioningState, currentKubernetesVersion: version }: any): Found[] {
  if (powerState?.code === 'Stopped') {
    return [{
      state: 'broken', what: STOPPED, meaning: 'no job runs, and the next apply fails: Azure changes nothing on a cluster that is stopped', remedy: `az aks start ${where}`,
    }];
  }
  if (provisioningState === 'Failed' || provisioningState === 'Canceled') {
    return [{
      state: 'broken', what: `Azure's last operation on the cluster ended as ${provisioningState}`, meaning: 'jobs may go on; the next upgrade, and perhaps the next apply, fails',
      remedy: `have Azure try again: az aks update ${where}`,
    }];
  }
  return [provisioningState === 'Succeeded' ? { state: 'ok', what: `the cluster runs Kubernetes ${version}` } : {
    state: 'warning', what: `Azure is at work on the cluster (${provisioningState})`, meaning: 'an apply that changes it is refused meanwhile', remedy: 'look again when it is done',
  }];
}

async function nodes(kubernetes: Kubernetes): Promise<Found[]> {
  const all = await kubernetes.list('/api/v1/nodes?limit=500');
  const down = all.filter(({ status }) => status.conditions.find(({ type }: any) => type === 'Ready')?.status !== 'True').map(({ metadata }) => metadata.name);
  return [down.length === 0 ? { state: 'ok', what: `nodes: ${all.length} of ${all.length} are ready` } : {
    state: 'warning', what: `nodes that are not ready: ${down.join(', ')}`, meaning: 'pods on them stand still; a new node is so for some minutes',
    remedy: `if it lasts: kubectl describe node ${down[0]}; AKS repairs nodes by itself after ten minutes`,
  }];
}

async function pending(kubernetes: Kubernetes): Promise<Found[]> {
  const pods = (await kubernetes.list('/api/v1/pods?fieldSelector=status.phase%3DPending&limit=200')).filter(({ metadata }) => age(metadata) > PENDING_SECONDS);
  const reasons = new Map<string, any[]>();
  pods.forEach((pod) => reasons.set(whyPending(pod), [...reasons.get(whyPending(pod)) ?? [], pod]));
  return [...reasons].map(([reason, [first, ...others]]): Found => ({
    state: 'warning', what: `${[named(first), ...others.length > 0 ? [`${others.length} more`] : []].join(' and ')} ${others.length > 0 ? 'have' : 'has'} not started for ${duration(age(first.metadata))}: ${reason}`,
    meaning: 'a job of it waits, then fails', remedy: `kubectl describe pod --namespace ${first.metadata.namespace} ${first.metadata.name}`,
  }));
}

/** The parts of a release: the runner's manager above all. */
async function deployments(kubernetes: Kubernetes, { name, address, annotations: marks }: Release): Promise<Found[]> {
  const all = await kubernetes.list('/apis/apps/v1/deployments?limit=500');
  // the release's record is in its own namespace, and what it makes in those that its objects name.
  const own = all.filter(({ metadata: { annotations = {} } }) => Object.entries(marks).every(([mark, value]) => annotations[mark] === value));
  if (own.length === 0) {
    return [{ state: 'broken', what: `${name} is not in the cluster`, meaning: 'no runner of it takes jobs', remedy: `apply; if nothing is planned: terraform apply -replace=${address}` }];
  }
  return (await Promise.all(own.map(async ({ metadata, spec, status }): Promise<readonly Found[]> => {
    const [wanted, ready] = [spec.replicas ?? 1, status.readyReplicas ?? 0];
    const selector = Object.entries(spec.selector.matchLabels).map(([label, value]) => `${label}=${value}`).join(',');
    const pods = await kubernetes.list(`/api/v1/namespaces/${metadata.namespace}/pods?labelSelector=${encodeURIComponent(selector)}`);
    if (ready >= wanted) {
      const silent = spec.template?.metadata.labels['app.kubernetes.io/name'] === 'gitlab-runner' ? await silenceOf(kubernetes, metadata.name, pods) : [];
      return silent.length > 0 ? silent : [{ state: 'ok', what: `${metadata.name}: ready` }];
    }
    const reason = pods.map(whyNotReady).find((why) => why !== undefined) ?? 'no pod of it is there';
    return [{
      state: 'broken', what: `${metadata.name}: ${ready} of ${wanted} are ready: ${reason}`, meaning: 'if it is the manager, no job of its runners starts',
      remedy: `kubectl logs --namespace ${metadata.namespace} deployment/${metadata.name} --tail 20; kubectl describe pod --namespace ${metadata.namespace} --selector ${selector}`,
    }];
  }))).flat();
}

/** A release that an apply has left in the middle, which the next one stumbles over. Helm keeps its books in secrets; only their labels are asked for. */
async function helm(kubernetes: Kubernetes, { name, namespace }: Release): Promise<Found[]> {
  const books = await kubernetes.metadata(`/api/v1/namespaces/${namespace}/secrets?labelSelector=${encodeURIComponent(`owner=helm,name=${name}`)}`);
  const [latest] = books.sort((one, other) => Number(other.metadata.labels.version) - Number(one.metadata.labels.version));
  const state = latest?.metadata.labels.status ?? '';
  if (!/^(pending-|uninstalling)/.test(state)) {
    return [];
  }
  return [age(latest.metadata) < RELEASE_SECONDS ? {
    state: 'warning', what: `the release ${name} is ${state}: an apply is at work, or was cut off just now`, remedy: 'look again in half an hour',
  } : {
    state: 'broken', what: `the release ${name} has been ${state} for ${duration(age(latest.metadata))}: an apply was cut off`,
    meaning: 'the next apply fails with "another operation (install/upgrade/rollback) is in progress"',
    remedy: `helm rollback --namespace ${namespace} ${name}, or, if it never worked, kubectl delete secret --namespace ${namespace} ${latest.metadata.name}; then apply`,
  }];
}

function age({ creationTimestamp }: any): number {
  return (Date.now() - Date.parse(creationTimestamp)) / 1000;
}

function named({ metadata }: any): string {
  return `pod ${metadata.namespace}/${metadata.name}`;
}

function whyPending(pod: any): string {
  const unscheduled = pod.status.conditions?.find(({ type, status }: any) => type === 'PodScheduled' && status === 'False');
  return unscheduled?.message ?? whyNotReady(pod) ?? 'its node prepares it';
}

function whyNotReady({ status }: any): string | undefined {
  const unscheduled = status.conditions?.find(({ type, status: value }: any) => type === 'PodScheduled' && value === 'False');
  const containers = [...status.initContainerStatuses ?? [], ...status.containerStatuses ?? []];
  const waiting = containers.map(({ state }: any) => state?.waiting).find((one) => one?.reason);
  return unscheduled?.message ?? (waiting && [waiting.reason, waiting.message].filter(Boolean).join(': ').slice(0, 200))
    ?? (status.phase === 'Running' ? 'its container runs and is not ready' : undefined);
}
