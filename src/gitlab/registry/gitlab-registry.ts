/**
 * Options for GitLab's container registry. It has the server's name and certificate, a port of its own, and is always served over HTTPS.
 * Images are stored on the data disk. Everybody who can reach GitLab's web ports can reach it.
 *
 * @see https://docs.gitlab.com/administration/packages/container_registry/
 */
export interface GitLabRegistryOptions {
  /**
   * The port, 1024 to 65535, except ports that GitLab's own services use.
   * @default 5050
   */
  readonly port?: number;
}
