/** How GitLab reaches the manager for the terminals of jobs. */
export interface WebTerminalPlan {
  readonly kind: 'internal' | 'public' | 'ingress';
  /** The host, and the port where that is not the manager's own. */
  readonly host: string;
  readonly port?: number;
  /** Who may open connections: addresses, or with an ingress the pods of a namespace. */
  readonly cidrs: readonly string[];
  readonly namespace?: string;
  readonly sessionTimeoutSeconds: number;
}
