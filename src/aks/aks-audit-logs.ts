/**
 * Which calls to a cluster's API server are recorded, with who made them, in a Log Analytics workspace.
 * @see https://learn.microsoft.com/azure/aks/monitor-aks-reference#resource-logs
 */
export enum AksAuditLogs {
  /** None. */
  NONE = 'none',
  /** All that change something (Azure's `kube-audit-admin`), and each sign-in with Entra ID (`guard`). */
  CHANGES = 'changes',
  /**
   * Those that read as well (`kube-audit`): many times as much, for those who have to record each look at a Secret, and each shell in a pod, which
   * newer versions of kubectl open by a reading call.
   */
  ALL = 'all',
}
