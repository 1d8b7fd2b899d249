/** What jobs may reach, beside names and GitLab. */
export interface JobNetworkPlan {
  readonly kind: 'internet' | 'listed' | 'open';
  readonly cidrs: readonly string[];
  /** GitLab's, where it is known other than by its URL. */
  readonly gitlabIpAddress?: string;
}
