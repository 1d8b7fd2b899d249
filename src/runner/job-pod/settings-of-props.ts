/** The props of {@link RunnerContainerResources} and their settings, less the kind of container. */
export const RESOURCE_SETTINGS = {
  cpuRequest: 'cpu_request',
  cpuLimit: 'cpu_limit',
  memoryRequest: 'memory_request',
  memoryLimit: 'memory_limit',
  ephemeralStorageRequest: 'ephemeral_storage_request',
  ephemeralStorageLimit: 'ephemeral_storage_limit',
} as const;

/** How the settings of each kind of container begin, and the prop of its resources. */
export const RESOURCES_OF = [['', 'buildResources'], ['helper_', 'helperResources'], ['service_', 'serviceResources']] as const;

/** The settings of `[runners.kubernetes]` that props write, and those props. */
export const SETTINGS_OF_PROPS: ReadonlyMap<string, string> = new Map([
  ['image', 'image'],
  ['allowed_images', 'allowedImages'],
  ['allowed_services', 'allowedServices'],
  ['pull_policy', 'pullPolicies'],
  ['allowed_pull_policies', 'allowedPullPolicies'],
  ['image_pull_secrets', 'imagePullSecrets'],
  ['privileged', 'privileged'],
  ['allow_privilege_escalation', 'allowPrivilegeEscalation'],
  ['poll_timeout', 'pollTimeoutSeconds'],
  ['pod_termination_grace_period_seconds', 'podTerminationGracePeriodSeconds'],
  ['cleanup_grace_period_seconds', 'cleanupGracePeriodSeconds'],
  ['priority_class_name', 'priorityClassName'],
  ['pod_disruption_budget', 'podDisruptionBudgetEnabled'],
  ['node_selector', 'nodeSelector'],
  ['node_tolerations', 'tolerations'],
  ['affinity', 'affinity'],
  ['pod_labels', 'podLabels'],
  ['pod_annotations', 'podAnnotations'],
  ['pod_security_context', 'podSecurityContext'],
  ['volumes', 'volumes'],
  ['namespace', 'jobNamespace'],
  ['service_account', 'jobServiceAccount'],
  ...RESOURCES_OF.flatMap(([prefix, prop]) =>
    Object.entries(RESOURCE_SETTINGS).map(([name, key]) => [`${prefix}${key}`, `${prop}.${name}`] as const)),
]);

/** The settings of a pod's security context that its props write, and those props. */
export const POD_SECURITY_PROPS: ReadonlyMap<string, string> = new Map([
  ['run_as_user', 'runAsUser'],
  ['run_as_group', 'runAsGroup'],
  ['run_as_non_root', 'runAsNonRoot'],
  ['fs_group', 'fsGroup'],
  ['supplemental_groups', 'supplementalGroups'],
  ['seccomp_profile', 'seccompProfile'],
]);
