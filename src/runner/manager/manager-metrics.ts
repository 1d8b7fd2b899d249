import { ManagerPlan } from './manager-plan';
import { METRICS_PORT } from './manager-ports';
import { KubeNetworkPolicyProps, Plain } from '../../kubernetes/private/types';
import { terminalIngress } from '../web-terminal/web-terminal-service';

interface Labels { readonly [name: string]: string }

/** Who reaches the manager. Metrics come with lists of jobs and profiles of the process, which are none of the jobs' business. */
export function managerNetworkPolicy(name: string, selector: Labels, { scraperNamespace: scraper, webTerminal }: ManagerPlan): any {
  const from = scraper === undefined ? [] : [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': scraper } } }];
  const spec: Plain<KubeNetworkPolicyProps['spec']> = {
    podSelector: { matchLabels: selector },
    policyTypes: ['Ingress'],
    ingress: [...from.length > 0 ? [{ from, ports: [{ port: METRICS_PORT, protocol: 'TCP' }] }] : [], ...terminalIngress(webTerminal)],
  };
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name }, spec };
}

/** Tells a Prometheus operator of the manager's metrics. */
export function podMonitor(
  name: string, selector: Labels, { podMonitorIntervalSeconds: seconds, podMonitorLabels: labels }: ManagerPlan, apiVersion: string,
): any {
  const interval = seconds === undefined ? {} : { interval: `${seconds}s` };
  return {
    apiVersion,
    kind: 'PodMonitor',
    metadata: { name, labels },
    spec: { selector: { matchLabels: selector }, podMetricsEndpoints: [{ port: 'metrics', path: '/metrics', ...interval }] },
  };
}
