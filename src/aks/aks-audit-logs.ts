/**
 * Which calls to a cluster's API server are recorded, with their callers, in a Log Analytics workspace.
 * @see https://learn.microsoft.com/azure/aks/monitor-aks-reference#resource-logs
 */
export enum AksAuditLogs {
  /** None. */
  NONE = 'none',
  /** Calls that change something (Azure's `kube-audit-admin`), and each sign-in with Entra ID (`guard`). */
  CHANGES = 'changes',
  /**
   * Also calls that only read (`kube-audit`), many times as many. Needed to record each look at a Secret, and each shell in a pod, which newer
   * versions of kubectl open with a reading call.
   */
  ALL = 'all',
}
