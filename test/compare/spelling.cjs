// The random programs are written with the names of commit f2fc847. A library with newer names gets them translated, so that both make the same.
const RENAMED = {
  allowVirtualMachineReplacement: 'virtualMachineReplacementAllowed', bootVerify: 'bootVerificationEnabled', createNamespaces: 'namespaceCreationEnabled',
  expirationDays: 'retentionDays', monitoringEnabled: 'containerInsightsEnabled', onlyCriticalAddons: 'onlyCriticalAddonsEnabled',
  podDisruptionBudget: 'podDisruptionBudgetEnabled', smallMachine: 'lowMemoryTuningEnabled', upgradeThroughStops: 'upgradeThroughStopsAllowed',
};

/** How a library wants the props of a server, of a cluster and of all else, and a role. */
exports.spellingOf = (lib) => {
  if (!lib.AzureRole) {
    return { server: (props) => props, cluster: (props) => props, options: (props) => props, role: (name) => name };
  }
  const protection = ({ accessLevel, ...props }) => (accessLevel === undefined || lib.GitLabRunnerAccessLevel
    ? { ...props, accessLevel } : { ...props, refProtected: accessLevel === 'ref_protected' });
  const options = (props) => Object.fromEntries(Object.entries(protection(props)).map(([name, value]) => [RENAMED[name] ?? name, value]));
  const placed = ({ existingResourceGroupName, subnetId, ...props }) => ({
    ...options(props),
    ...existingResourceGroupName === undefined ? {} : { resourceGroup: lib.AzureResourceGroup.existing(existingResourceGroupName) },
    ...subnetId === undefined ? {} : { subnet: lib.AzureSubnet.existing(subnetId) },
  });
  const server = ({ administratorObjectIds, ...props }) => ({ ...placed(props), secretReaderObjectIds: administratorObjectIds });
  return { server, cluster: placed, options, role: (name) => lib.AzureRole.of(name) };
};
