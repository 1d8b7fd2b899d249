
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
