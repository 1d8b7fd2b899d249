/** Options for mounting a volume. */
export interface RunnerVolumeOptions {
  /**
   * Whether jobs can only read the volume.
   * @default false
   */
  readonly readOnly?: boolean;

  /**
   * The path inside the volume to mount.
   * @default - the whole volume
   */
  readonly subPath?: string;
}

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
    return new RunnerVolume('empty_dir', name, mountPath, {}, { size_limit: sizeLimit });
  }

  /**
   * Memory as a file system (tmpfs); it counts towards the container's memory.
   * @param sizeLimit a Kubernetes quantity such as `2Gi`; defaults to half of the node's memory.
   */
  static memory(name: string, mountPath: string, sizeLimit?: string): RunnerVolume {
    return new RunnerVolume('empty_dir', name, mountPath, {}, { medium: 'Memory', size_limit: sizeLimit });
  }

  /**
   * A PersistentVolumeClaim. Concurrent jobs need one each (`cache-$CI_CONCURRENT_ID`), or the access mode ReadWriteMany.
   * @param claimName the claim's name; GitLab's variables in it are expanded.
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
   * A directory of the node. Every job can access it, and through some directories the node itself. Gives a warning.
   * @param hostPath the directory on the node.
   */
  static hostPath(name: string, mountPath: string, hostPath: string, options: RunnerVolumeOptions = {}): RunnerVolume {
    return new RunnerVolume('host_path', name, mountPath, options, { host_path: hostPath });
  }

  /**
   * A volume of a CSI driver, such as `file.csi.azure.com`.
   * @param attributes the driver's own volume attributes.
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
