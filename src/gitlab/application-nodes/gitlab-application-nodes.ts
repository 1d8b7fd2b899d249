/**
 * Machines that serve the web, the API, git over SSH and background jobs. Repositories, Redis, registry, backups and runners stay with the server's own.
 * Pages, incoming mail and agents for Kubernetes are not served with nodes.
 */
export interface GitLabApplicationNodes {
  /** How many, 0 to 10. To go back to none, give 0 and not nothing. The first and the last make GitLab unavailable for some minutes. */
  readonly count: number;

  /**
   * The size of each. Changing it restarts all.
   * @default 'Standard_D8ls_v5'
   */
  readonly vmSize?: string;

  /**
   * The availability zones to spread them over, `1`, `2` or `3`. Another one replaces a node.
   * @default - the server's own, if it has one
   */
  readonly zones?: string[];

  /**
   * The size of each OS disk in GB, 30 to 4095.
   * @default 64
   */
  readonly osDiskSizeGb?: number;
}
