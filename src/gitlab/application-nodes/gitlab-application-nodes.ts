/**
 * Machines that serve the web, the API, git over SSH and background jobs. Repositories, Redis, registry, backups and runners stay with the server's own.
 * Pages, incoming mail and agents for Kubernetes are not served with nodes.
 */
export interface GitLabApplicationNodes {
  /**
   * How many, 0 to 10. To remove all, set 0 instead of leaving it out. Adding the first and removing the last make GitLab unavailable for some
   * minutes.
   */
  readonly count: number;

  /**
   * The VM size of each node. Changing it restarts all nodes.
   * @default 'Standard_D8ls_v5'
   */
  readonly vmSize?: string;

  /**
   * The availability zones to spread them over, `1`, `2` or `3`. A node whose zone changes is replaced.
   * @default - the server's own, if it has one
   */
  readonly zones?: string[];

  /**
   * The size of each OS disk in GB, 30 to 4095.
   * @default 64
   */
  readonly osDiskSizeGb?: number;
}
