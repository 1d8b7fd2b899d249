/**
 * Options for application nodes: virtual machines beside the server's own that run GitLab's web server, its API, git over SSH and its background jobs, behind
 * an Azure load balancer. The server's own machine keeps the data disk and what exists once: repositories, Redis, the registry, backups and runners.
 *
 * They share no disk, so `objectStorage` and a `database` outside of the machine are required, and so are HTTPS without a proxy in front and GitLab 18.0 or
 * later. Pages, incoming mail and GitLab's agent server for Kubernetes are not served with nodes. An upgrade stops all nodes until the server's own machine
 * has migrated the database, so that no two versions are at work.
 *
 * @see https://docs.gitlab.com/administration/reference_architectures/
 */
export interface GitLabApplicationNodes {
  /**
   * How many nodes there are, 0 to 10. The first step from none and the last step back to none make GitLab unavailable for some minutes, all others do not.
   * From some nodes to none give 0, so that the server's own machine takes back what it did for them.
   */
  readonly count: number;

  /**
   * The size of each node. Changing it restarts all nodes.
   * @see https://docs.gitlab.com/administration/reference_architectures/2k_users/
   * @default 'Standard_D8ls_v5'
   */
  readonly vmSize?: string;

  /**
   * The availability zones, `1`, `2` or `3`, that the nodes are spread over in turn. Changing them replaces nodes.
   * @see https://learn.microsoft.com/azure/reliability/availability-zones-overview
   * @default - the zone of the server's own machine, if it has one
   */
  readonly zones?: string[];

  /**
   * The size of each node's OS disk in GB, 30 to 4095. It holds no data of GitLab's.
   * @default 64
   */
  readonly osDiskSizeGb?: number;
}
