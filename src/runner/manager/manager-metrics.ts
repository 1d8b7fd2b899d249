import { ManagerPlan } from './manager-plan';
import { METRICS_PORT } from './manager-ports';
import { RunnerPodMonitor } from './runner-manager';
import { KubeNetworkPolicyProps, Plain } from '../../kubernetes/private/types';
import { IngressRule, terminalIngress } from '../web-terminal/web-terminal-service';

interface Labels { readonly [name: string]: string }

type MonitorOptions = Pick<ManagerPlan, 'podMonitorIntervalSeconds' | 'podMonitorLabels'>;

/** Azure drops the metrics of a monitor without these. */
const AZURE_LIMITS = { labelLimit: 63, labelNameLengthLimit: 511, labelValueLengthLimit: 1023 };

/** Who reaches the manager. Metrics come with lists of jobs and profiles of the process, which are none of the jobs' business. */
export function managerNetworkPolicy(name: string, selector: Labels, { scraperNamespace: scraper, webTerminal }: ManagerPlan): any {
  return ingressPolicy(name, selector, [...scraper === undefined ? [] : [scraperIngress(scraper)], ...terminalIngress(webTerminal)]);
}

/** Lets in one more that collects metrics. */
export function scraperNetworkPolicy(name: string, selector: Labels, namespace: string): any {
  return ingressPolicy(name, selector, [scraperIngress(namespace)]);
}

function scraperIngress(namespace: string): IngressRule {
  return {
    from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } }],
    ports: [{ port: METRICS_PORT, protocol: 'TCP' }],
  };
}

function ingressPolicy(name: string, selector: Labels, ingress: IngressRule[]): any {
  const spec: Plain<KubeNetworkPolicyProps['spec']> = { podSelector: { matchLabels: selector }, policyTypes: ['Ingress'], ingress };
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name }, spec };
}

/** Tells a Prometheus operator of the manager's metrics. */
export function podMonitor(
  name: string, selector: Labels, { podMonitorIntervalSeconds: seconds, podMonitorLabels: labels }: MonitorOptions, apiVersion: string,
): any {
  const interval = seconds === undefined ? {} : { interval: `${seconds}s` };
  return {
    apiVersion,
    kind: 'PodMonitor',
    metadata: { name, labels },
    spec: {
      ...apiVersion === RunnerPodMonitor.AZURE_MONITOR ? AZURE_LIMITS : {},
      selector: { matchLabels: selector },
      podMetricsEndpoints: [{ port: 'metrics', path: '/metrics', ...interval }],
    },
  };
}
