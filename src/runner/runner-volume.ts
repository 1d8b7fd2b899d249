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
 * @example
 * new KubernetesGitLabRunner(stack, 'Runner', {
 *   gitlab,
 *   cluster,
 *   volumes: [RunnerVolume.memory('ram', '/ram', '1Gi'), RunnerVolume.configMap('npmrc', '/etc/npm')],
 * });
 */
export class RunnerVolume {
  /**
   * Space that lives as long as the pod.
   * @param sizeLimit a Kubernetes quantity such as `2Gi`; the node's free space if left out.
   */
  static emptyDir(name: string, mountPath: string, sizeLimit?: string): RunnerVolume {
    return new RunnerVolume('empty_dir', name, mountPath, {}, { size_limit: sizeLimit });
  }

  /**
   * Memory as a file system; it counts as the container's memory.
   * @param sizeLimit a Kubernetes quantity such as `2Gi`; half of the node's memory if left out.
   */
  static memory(name: string, mountPath: string, sizeLimit?: string): RunnerVolume {
    return new RunnerVolume('empty_dir', name, mountPath, {}, { medium: 'Memory', size_limit: sizeLimit });
  }

  /**
   * A PersistentVolumeClaim. Jobs that run side by side need one each (`cache-$CI_CONCURRENT_ID`) or the access mode ReadWriteMany.
   * @param claimName GitLab's variables in it are expanded.
   */
  static persistentVolumeClaim(claimName: string, mountPath: string, options: RunnerVolumeOptions = {}): RunnerVolume {
    return new RunnerVolume('pvc', claimName, mountPath, options);
  }

  /** A ConfigMap in the jobs' namespace. */
  static configMap(configMapName: string, mountPath: string, options: RunnerVolumeOptions = {}): RunnerVolume {
    return new RunnerVolume('config_map', configMapName, mountPath, options);
  }

  /** A Secret in the jobs' namespace. Every job can read it. */
  static secret(secretName: string, mountPath: string, options: RunnerVolumeOptions = {}): RunnerVolume {
    return new RunnerVolume('secret', secretName, mountPath, options);
  }

  /**
   * A folder of the node. Every job can reach it, and through some folders the node itself: gives a warning.
   * @param hostPath the folder on the node.
   */
  static hostPath(name: string, mountPath: string, hostPath: string, options: RunnerVolumeOptions = {}): RunnerVolume {
    return new RunnerVolume('host_path', name, mountPath, options, { host_path: hostPath });
  }

  /**
   * A volume of a CSI driver, such as `file.csi.azure.com`.
   * @param attributes what the driver wants to know, by its own names.
   */
  static csi(name: string, mountPath: string, driver: string, attributes: { [name: string]: string } = {},
    options: RunnerVolumeOptions = {}): RunnerVolume {
    return new RunnerVolume('csi', name, mountPath, options, { driver, volume_attributes: attributes });
  }

  /** @internal */
  public readonly _kind: string;

  /** @internal */
  public readonly _settings: { readonly [key: string]: any };

  private constructor(kind: string, name: string, mountPath: string, options: RunnerVolumeOptions, more: { [key: string]: any } = {}) {
    this._kind = kind;
    this._settings = { name, mount_path: mountPath, sub_path: options?.subPath, read_only: options?.readOnly, ...more };
  }
}
