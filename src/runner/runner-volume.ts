import { absolutePath, csiDriver, RUNNER_VOLUME, volumeAttributes, volumeName } from './private/volume-rules';
import { quantity } from '../kubernetes/private/rules';
import { takeOptional, takeProps, takeValue } from '../private/rules/rule';

/** How a volume is mounted. */
export interface RunnerVolumeOptions {
  /**
   * Whether jobs can only read it.
   * @default false
   */
  readonly readOnly?: boolean;

  /**
   * The part of the volume that is mounted.
   * @default - all of it
   */
  readonly subPath?: string;
}

/**
 * Something that is mounted into the containers of every job. Names are Kubernetes names, paths are absolute; others are refused.
 *
 * @see https://docs.gitlab.com/runner/executors/kubernetes/#configure-volume-types
 */
export class RunnerVolume {
  /**
   * Space that lives as long as the pod.
   * @param sizeLimit a Kubernetes quantity such as `2Gi`; the node's free space if left out.
   */
  static emptyDir(name: string, mountPath: string, sizeLimit?: string): RunnerVolume {
    const where = 'RunnerVolume.emptyDir';
    return new RunnerVolume('empty_dir', {
      name: takeValue(where, 'name', name, volumeName()),
      ...mount(where, mountPath),
      size_limit: takeOptional(where, 'sizeLimit', sizeLimit, quantity()),
    });
  }

  /**
   * Memory as a file system; it counts as the container's memory.
   * @param sizeLimit a Kubernetes quantity such as `2Gi`; half of the node's memory if left out.
   */
  static memory(name: string, mountPath: string, sizeLimit?: string): RunnerVolume {
    const where = 'RunnerVolume.memory';
    return new RunnerVolume('empty_dir', {
      name: takeValue(where, 'name', name, volumeName()),
      ...mount(where, mountPath),
      medium: 'Memory',
      size_limit: takeOptional(where, 'sizeLimit', sizeLimit, quantity()),
    });
  }

  /**
   * A PersistentVolumeClaim. Jobs that run side by side need one each (`cache-$CI_CONCURRENT_ID`) or the access mode ReadWriteMany.
   * @param claimName GitLab's variables in it are expanded.
   */
  static persistentVolumeClaim(claimName: string, mountPath: string, options: RunnerVolumeOptions = {}): RunnerVolume {
    const where = 'RunnerVolume.persistentVolumeClaim';
    return new RunnerVolume('pvc', {
      name: takeValue(where, 'claimName', claimName, volumeName()),
      ...mount(where, mountPath, options),
    });
  }

  /** A ConfigMap in the jobs' namespace. */
  static configMap(configMapName: string, mountPath: string, options: RunnerVolumeOptions = {}): RunnerVolume {
    const where = 'RunnerVolume.configMap';
    return new RunnerVolume('config_map', {
      name: takeValue(where, 'configMapName', configMapName, volumeName()),
      ...mount(where, mountPath, options),
    });
  }

  /** A Secret in the jobs' namespace. Every job can read it. */
  static secret(secretName: string, mountPath: string, options: RunnerVolumeOptions = {}): RunnerVolume {
    const where = 'RunnerVolume.secret';
    return new RunnerVolume('secret', {
      name: takeValue(where, 'secretName', secretName, volumeName()),
      ...mount(where, mountPath, options),
    });
  }

  /**
   * A folder of the node. Every job can reach it, and through some folders the node itself: gives a warning.
   * @param hostPath the folder on the node.
   */
  static hostPath(name: string, mountPath: string, hostPath: string, options: RunnerVolumeOptions = {}): RunnerVolume {
    const where = 'RunnerVolume.hostPath';
    return new RunnerVolume('host_path', {
      name: takeValue(where, 'name', name, volumeName()),
      ...mount(where, mountPath, options),
      host_path: takeValue(where, 'hostPath', hostPath, absolutePath()),
    });
  }

  /**
   * A volume of a CSI driver, such as `file.csi.azure.com`.
   * @param attributes what the driver wants to know, by its own names.
   */
  static csi(name: string, mountPath: string, driver: string, attributes: { [name: string]: string } = {},
    options: RunnerVolumeOptions = {}): RunnerVolume {
    const where = 'RunnerVolume.csi';
    return new RunnerVolume('csi', {
      name: takeValue(where, 'name', name, volumeName()),
      ...mount(where, mountPath, options),
      driver: takeValue(where, 'driver', driver, csiDriver()),
      volume_attributes: takeOptional(where, 'attributes', attributes, volumeAttributes()) ?? {},
    });
  }

  /** @internal */
  public readonly _kind: string;

  /** @internal */
  public readonly _settings: { readonly [key: string]: any };

  private constructor(kind: string, settings: { readonly [key: string]: any }) {
    this._kind = kind;
    this._settings = settings;
  }
}

function mount(where: string, mountPath: string, options?: RunnerVolumeOptions): { readonly [key: string]: unknown } {
  const { subPath, readOnly } = takeProps(where, 'options', options, RUNNER_VOLUME);
  return { mount_path: takeValue(where, 'mountPath', mountPath, absolutePath()), sub_path: subPath, read_only: readOnly };
}
