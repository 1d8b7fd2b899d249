import { POOL_LABEL } from './node-pools';
import { PlainChart } from '../../delivery/private/plain-chart';

const IMAGE = 'nvcr.io/nvidia/k8s-device-plugin:v0.18.0';
const SOCKETS = '/var/lib/kubelet/device-plugins';
/** It is always there, and Pod Security lets folders of the node in. */
export const DEVICE_PLUGIN_NAMESPACE = 'kube-system';

/**
 * NVIDIA's device plugin on the nodes of one pool: without it nobody knows of their GPUs.
 * @see https://learn.microsoft.com/azure/aks/use-nvidia-gpu#nvidia-device-plugin-installation
 */
export function gpuDevicePlugin(nodePoolName: string): PlainChart {
  const name = `nvidia-device-plugin-${nodePoolName}`;
  const labels = { 'app.kubernetes.io/name': 'nvidia-device-plugin', 'app.kubernetes.io/instance': nodePoolName };
  return new PlainChart([{
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace: DEVICE_PLUGIN_NAMESPACE, labels },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: { type: 'RollingUpdate' },
      template: {
        metadata: { labels },
        spec: {
          automountServiceAccountToken: false,
          priorityClassName: 'system-node-critical',
          nodeSelector: { [POOL_LABEL]: nodePoolName },
          tolerations: [{ operator: 'Exists' }],
          containers: [{
            name: 'nvidia-device-plugin',
            image: IMAGE,
            env: [{ name: 'FAIL_ON_INIT_ERROR', value: 'false' }],
            resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '256Mi' } },
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
            volumeMounts: [{ name: 'device-plugins', mountPath: SOCKETS }],
          }],
          volumes: [{ name: 'device-plugins', hostPath: { path: SOCKETS } }],
        },
      },
    },
  }]);
}
