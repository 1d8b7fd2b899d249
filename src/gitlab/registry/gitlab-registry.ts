/**
 * Options for GitLab's container registry. It has the server's name and certificate, and a port of its own, with HTTPS only, that is as
 * open as GitLab's web ports. Images are stored on the data disk.
 * @see https://docs.gitlab.com/administration/packages/container_registry/
 */
export interface GitLabRegistryOptions {
  /**
   * The port, 1024 to 65535, except ports that GitLab's own services use.
   * @default 5050
   */
  readonly port?: number;
}
