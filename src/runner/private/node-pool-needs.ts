import { IConstruct } from 'constructs';
import { AksNodePool, IAksNodePool } from '../../aks/aks-node-pool';
import { hasNvidiaGpu } from '../../azure/private/vm-features';
import { parseVmSize } from '../../azure/private/vm-size';
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
      prop: 'gpus', problem: `the machines of the pool ${pool!.nodePoolName} have no GPU of NVIDIA's`, got: gpus, remedy: 'give a nodePool with gpu, or leave it out',
    });
  }
}

/** Jobs run as the pool's nodes run pods, unless the settings say otherwise. */
export function withRuntimeClass(settings: Settings | undefined, pool: IAksNodePool | undefined): Settings | undefined {
  return pool?.runtimeClassName === undefined ? settings : { runtime_class_name: pool.runtimeClassName, ...settings };
}
