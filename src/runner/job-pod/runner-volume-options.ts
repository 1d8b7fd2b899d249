
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

  /**
   * The keys of a ConfigMap or Secret to mount, each with its path inside the volume.
   * @default - all keys, each as a file of its name
   */
  readonly items?: { [key: string]: string };

  /**
   * The file system that the driver of `RunnerVolume.csi()` mounts.
   * @default - the driver's own
   */
  readonly fsType?: string;

  /**
   * Whether mounts that are made later on the node or in the container are seen on the other side: `None`, `HostToContainer` or `Bidirectional`, which
   * needs privileged jobs. For claims and directories of the node.
   * @see https://kubernetes.io/docs/concepts/storage/volumes/#mount-propagation
   * @default - none
   */
  readonly mountPropagation?: string;
}
