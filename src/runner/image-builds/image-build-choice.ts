/** How a runner's jobs build images. */
export interface ImageBuildChoice {
  readonly kind: 'rootlessBuildkit' | 'userNamespace' | 'docker';
  /** The image of the daemon. */
  readonly image: string;
  /** Whether the image is nobody's choice. */
  readonly imageByDefault: boolean;
  /** The most that its store may take. */
  readonly storageSizeLimit?: string;
}
