import { RunnerVolumeOptions } from './runner-volume-options';
import { absolutePath, csiDriver, RUNNER_VOLUME, volumeAttributes, volumeName } from './volume-rules';
import { quantity } from '../../kubernetes/private/rules';
import { takeOptional, takeProps, takeValue } from '../../private/rules/rule';

/**
 * A volume that is mounted into the containers of every job. Names are Kubernetes names, and paths are absolute.
 *
 * @see https://docs.gitlab.com/runner/executors/kubernetes/#configure-volume-types
 * @example
 * new KubernetesGitLabRunner(stack, 'Runner', {
 *   gitlab,
 *   cluster,
 *   volumes: [RunnerVolume.memory('ram', '/ram', '1Gi'), RunnerVolume.configMap('npmrc', '/etc/npm')],
 * });
 */
export class RunnerVolume {
  /**
   * Temporary space that lives as long as the pod.
   * @param sizeLimit a Kubernetes quantity such as `2Gi`; defaults to the node's free space.
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
   * Memory as a file system (tmpfs); it counts towards the container's memory.
   * @param sizeLimit a Kubernetes quantity such as `2Gi`; defaults to half of the node's memory.
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
   * A PersistentVolumeClaim. Concurrent jobs need one each (`cache-$CI_CONCURRENT_ID`), or the access mode ReadWriteMany.
   * @param claimName the claim's name; GitLab's variables in it are expanded.
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
   * A directory of the node. Every job can access it, and through some directories the node itself. Gives a warning.
   * @param hostPath the directory on the node.
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
   * @param attributes the driver's own volume attributes.
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
