/**
 * GitLab's container registry, on the server's own name and a port of its own, over HTTPS with the server's certificate. Images lie on the
 * data disk. Who reaches GitLab reaches it.
 *
 * @see https://docs.gitlab.com/administration/packages/container_registry/
 */
export interface GitLabRegistryOptions {
  /**
   * The port, 1024 to 65535; others and those that GitLab's services use are refused.
   * @default 5050
   */
  readonly port?: number;

  /**
   * The priority of its rule in the network security group, 100 to 999; a lower number wins. Others, and two rules with the same one,
   * are refused.
   * @see https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#security-rules
   * @default 130
   */
  readonly rulePriority?: number;
}
