/** What Kubernetes knows of a container; everything else it drops without a word. */
export const CONTAINER_FIELDS = [
  'args', 'command', 'env', 'envFrom', 'image', 'imagePullPolicy', 'lifecycle', 'livenessProbe', 'name', 'ports', 'readinessProbe', 'resizePolicy', 'resources',
  'restartPolicy', 'restartPolicyRules', 'securityContext', 'startupProbe', 'stdin', 'stdinOnce', 'terminationMessagePath', 'terminationMessagePolicy', 'tty',
  'volumeDevices', 'volumeMounts', 'workingDir',
];

/** The kinds of volumes that it knows. */
export const VOLUME_KINDS = [
  'configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'fc', 'flexVolume', 'hostPath', 'image', 'iscsi', 'nfs', 'persistentVolumeClaim', 'projected', 'secret',
  'azureDisk', 'azureFile',
];
