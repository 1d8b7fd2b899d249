import { Construct } from 'constructs';
import { isArm64, parseVmSize } from '../../azure/machine/vm-size';
import { namedId, namedPath, wasDirectlyIn } from '../../private/construct-moves';
import { digest } from '../../private/default-name';
import { known } from '../../private/rules/subject';
import { IAksCluster } from '../cluster';

export const SYSTEM_POOL_NAME = 'system';
export const DEFAULT_SYSTEM_NODE_COUNT = 2;
export const DEFAULT_VM_SIZE = 'Standard_D4s_v5';
export const DEFAULT_OS_DISK_SIZE_GB = 128;
export const DEFAULT_OS_SKU = 'Ubuntu';
/** What virtual machines of pods need. */
export const SANDBOXING_OS_SKU = 'AzureLinux';
export const DEFAULT_MAX_PODS = 110;
/** A label of our own: the autoscaler knows a pool's own labels while it still has no node, AKS's are not sure. */
export const POOL_LABEL = 'cdktf-azure-gitlab/node-pool';

/** The runtime class that AKS makes for virtual machines of pods, which pods ask for by name. */
export function runtimeClassOf(podSandboxingEnabled: boolean | undefined): string | undefined {
  return podSandboxingEnabled ? 'kata-vm-isolation' : undefined;
}

/** The labels of which each node pool has a value of its own. */
export const POOL_LABELS = [POOL_LABEL, 'kubernetes.azure.com/agentpool', 'agentpool'];

/** The label of nodes that are not what programs take nodes for, which AKS puts on by itself. GitLab Runner chooses its helper's image by it. */
export function architectureOf(vmSize: string | undefined): { [label: string]: string } {
  const size = known(vmSize) ? parseVmSize(vmSize) : undefined;
  return size && isArm64(size) ? { 'kubernetes.io/arch': 'arm64' } : {};
}

/** Where AKS puts a node's OS disk, in its own words. */
export function osDiskType(pool: { readonly ephemeralOsDiskEnabled?: boolean }): string {
  return pool.ephemeralOsDiskEnabled ? 'Ephemeral' : 'Managed';
}

/** What AKS does with a node that cannot be drained in time, in its own words. */
export function undrainableNodeBehavior(cordoned: boolean): string {
  return cordoned ? 'Cordon' : 'Schedule';
}

export const POOL_NAME = /^[a-z][a-z0-9]{0,11}$/;

/**
 * A pool's name after the construct's id: `gpu` for `Gpu`. An id that is no pool name, and one that is not directly in the cluster,
 * where another pool may have it too, gives the end of the id and a digest of the path.
 */
export function defaultPoolName(pool: Construct, cluster: IAksCluster): string {
  const name = namedId(pool).toLowerCase();
  const ofItsOwn = wasDirectlyIn(pool, cluster) && name !== SYSTEM_POOL_NAME && POOL_NAME.test(name);
  return ofItsOwn ? name : `${lastLetters(name)}${digest(namedPath(pool))}`;
}

/** Up to four letters and digits, a letter first. */
function lastLetters(text: string): string {
  return text.replace(/[^a-z0-9]/g, '').slice(-4).replace(/^[^a-z]+/, '') || 'x';
}

/** The name of the pool that stands in while AKS replaces all nodes; no other pool may have it. */
export function rotationName(name: string): string {
  if (!known(name)) {
    return 'tmprotation';
  }
  return `tmp${digest(name)}`;
}
