/** How much room there is for jobs, and when. */
export interface RunnerWarmCapacityPolicy {
  /** The number of jobs that find room without waiting for a node, 0 to 1000. */
  readonly jobs: number;

  /**
   * When the policy holds: cron expressions of five fields, such as `* 7-19 * * mon-fri`, each for the minutes that it matches.
   * @default - always
   */
  readonly periods?: string[];

  /**
   * The time zone of `periods`, such as `Asia/Seoul`.
   * @see https://en.wikipedia.org/wiki/List_of_tz_database_time_zones
   * @default 'UTC'
   */
  readonly timeZone?: string;
}

/**
 * Room that is kept free for jobs by idle pods that request as much CPU and memory as a job's pod. A job that finds no other room takes the
 * place of one, which then waits until the cluster autoscaler has added a node for it. Nodes with such pods cost as much as any other.
 * @see https://docs.gitlab.com/runner/executors/kubernetes/#autoscaler-configuration
 */
export interface RunnerWarmCapacity {
  /** What is kept free, and when. Of the policies that hold, the last one counts; if none does, nothing is kept free. At least one. */
  readonly policies: RunnerWarmCapacityPolicy[];

  /**
   * The number of services that a job has, for which there is room too, 0 to 20.
   * @default - as many as `kubernetesSettings.services` lists
   */
  readonly servicesPerJob?: number;

  /**
   * The priority class of the pods that keep the room. Jobs have to rank above it, and its value has to be -10 or more, or the autoscaler adds no nodes for it.
   * @default - one with the value -1, which the chart creates
   */
  readonly priorityClassName?: string;
}
