import { IConstruct } from 'constructs';
import { AksNodePool } from '../../aks/aks-node-pool';
import { IAksNodePool } from '../../aks/node-pool';
import { hasNvidiaGpu } from '../../azure/machine/vm-features';
import { isArm64, parseVmSize } from '../../azure/machine/vm-size';
import { amount } from '../../kubernetes/private/quantity';
import { isOne } from '../../private/own-class';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { Settings } from '../config/settings';
import { RunnerOptions } from '../runner-options';

/** Refuses jobs with GPUs on a pool whose machines have none: they would wait for ever. */
export function refusePoolWithoutGpus(where: IConstruct, { gpus }: RunnerOptions, pool: IAksNodePool | undefined): void {
  const size = isOne(pool, AksNodePool) && known(pool._vmSize) ? parseVmSize(pool._vmSize) : undefined;
  if (gpus !== undefined && size && !hasNvidiaGpu(size)) {
    throw new ValidationError(where, {
      prop: 'gpus', problem: `the machines of the pool ${pool!.nodePoolName} have no NVIDIA GPU`, got: gpus, remedy: 'give a nodePool with gpu, or leave it out',
    });
  }
}

/** Refuses jobs for another architecture than that of a pool's machines: they would wait for ever. Arm64 pools tell theirs by a label. */
export function refuseOtherArchitecture(where: IConstruct, { nodeSelector = {} }: RunnerOptions, pool: IAksNodePool | undefined): void {
  const wanted = nodeSelector['kubernetes.io/arch'];
  if (isOne(pool, AksNodePool) && known(pool._vmSize) && !isArm64(parseVmSize(pool._vmSize)!) && known(wanted) && wanted !== 'amd64') {
    throw new ValidationError(where, {
      prop: 'nodeSelector["kubernetes.io/arch"]', problem: `no node of the pool ${pool.nodePoolName} has it: there it is amd64`, got: wanted,
      remedy: 'give a nodePool of another vmSize, or leave it out',
    });
  }
}

/** Jobs run as the pool's nodes run pods, unless the settings say otherwise. */
export function withRuntimeClass(settings: Settings | undefined, pool: IAksNodePool | undefined): Settings | undefined {
  return pool?.runtimeClassName === undefined ? settings : { runtime_class_name: pool.runtimeClassName, ...settings };
}

/** Refuses jobs in virtual machines whose size nothing tells: a machine has what the limits of its containers come to, without them 512 MiB. */
export function refuseSandboxWithoutMemory(
  where: IConstruct, { imageBuilds }: RunnerOptions, pool: IAksNodePool | undefined, settings: Settings,
): void {
  if (pool?.runtimeClassName === undefined || settings.runtime_class_name !== pool.runtimeClassName || settings.pod_memory_limit !== undefined) {
    return;
  }
  const prop = settings.memory_limit === undefined ? 'buildResources.memoryLimit'
    : imageBuilds !== undefined && settings.service_memory_limit === undefined ? 'serviceResources.memoryLimit' : undefined;
  if (prop !== undefined) {
    throw new ValidationError(where, {
      prop, problem: `no limit, and on the pool ${pool.nodePoolName} a job's virtual machine has only as much memory as the limits of its containers`, got: '',
      remedy: 'leave it to its default, or give what jobs need',
    });
  }
}

/** Refuses more room than the pool has at its largest: what keeps it would wait for ever. */
export function refusePoolWithoutRoom(where: IConstruct, { warmCapacity }: RunnerOptions, pool: IAksNodePool | undefined, settings: Settings): void {
  if (warmCapacity === undefined || !isOne(pool, AksNodePool) || !known(pool._vmSize) || !known(pool._mostNodes)) {
    return;
  }
  const { vcpus, memoryGb = Infinity } = parseVmSize(pool._vmSize)!;
  const [cpu, memory] = [settings.cpu_request, settings.memory_request];
  const [allCpu, allMemoryGb] = [vcpus * pool._mostNodes, memoryGb * pool._mostNodes];
  warmCapacity.policies.forEach(({ jobs }, index) => {
    if (known(jobs) && (jobs * amount(cpu)! > allCpu || jobs * amount(memory)! > allMemoryGb * 2 ** 30)) {
      throw new ValidationError(where, {
        prop: `warmCapacity.policies[${index}].jobs`,
        problem: `the pool ${pool.nodePoolName} has no room for as many: a job asks for ${cpu} CPU and ${memory} of memory, and at its largest the pool has `
          + `${allCpu} vCPUs${Number.isFinite(allMemoryGb) ? ` and ${allMemoryGb} GiB` : ''}`,
        got: jobs, remedy: 'lower it, or give the pool more or larger nodes',
      });
    }
  });
}

/** Refuses jobs that ask for more than a node of their pool has: they would wait for ever. A user's own patch may ask for less. */
export function refuseJobsLargerThanNodes(where: IConstruct, pool: IAksNodePool | undefined, settings: Settings): void {
  const size = isOne(pool, AksNodePool) && known(pool._vmSize) ? parseVmSize(pool._vmSize) : undefined;
  if (size?.memoryGb === undefined || settings.pod_spec?.length) {
    return;
  }
  const kinds = [
    { kind: 'cpu', room: size.vcpus, has: `${size.vcpus} vCPUs`, remedy: 'lower it ("500m" is half a vCPU)' },
    { kind: 'memory', room: size.memoryGb * 2 ** 30, has: `${size.memoryGb} GiB`, remedy: 'lower it' },
  ];
  for (const { kind, room, has, remedy } of kinds) {
    const ofJobs = ['', 'helper_', 'pod_'].some((prefix) => ['request', 'limit'].some((end) => settings[`${prefix}${kind}_${end}_overwrite_max_allowed`]));
    // without a request Kubernetes takes the limit for one.
    const [build, helper, pod] = ['', 'helper_', 'pod_'].map((prefix) => settings[`${prefix}${kind}_request`] ?? settings[`${prefix}${kind}_limit`]);
    if (!ofJobs && pod === undefined && (amount(build) ?? 0) + (amount(helper) ?? 0) > room) {
      throw new ValidationError(where, {
        prop: `buildResources.${kind}${settings[`${kind}_request`] === undefined ? 'Limit' : 'Request'}`,
        problem: `together with the helper's ${helper ?? 0}, more than a node of the pool ${pool!.nodePoolName} has, ${has}`, got: build,
        remedy: `${remedy}, or give the pool a larger vmSize`,
      });
    }
  }
}
