/** The group or project that a runner is made for. */
export interface RunnerOwner {
  /** GitLab's name of such a runner's kind. */
  readonly type: 'group_type' | 'project_type';
  /** The full path, which may be a token. */
  readonly path: string;
}
