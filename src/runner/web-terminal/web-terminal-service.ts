import { WebTerminalPlan } from './web-terminal-plan';
import { KubeNetworkPolicyProps, Plain } from '../../kubernetes/private/types';
import { Settings } from '../config/settings';

/** Where the manager waits for GitLab. */
export const SESSION_PORT = 8093;
export const SESSION_PORT_NAME = 'sessions';

const ANNOTATION = 'service.beta.kubernetes.io/azure-load-balancer';

export type IngressRule = Plain<NonNullable<NonNullable<KubeNetworkPolicyProps['spec']>['ingress']>[number]>;

/** `[session_server]` of config.toml. */
export function sessionServer(plan: WebTerminalPlan | undefined): Settings | undefined {
  return plan && {
    listen_address: `:${SESSION_PORT}`, advertise_address: `${plan.host}:${plan.port ?? SESSION_PORT}`, session_timeout: plan.sessionTimeoutSeconds,
  };
}

/** The Service by which connections come to the manager. */
export function terminalService(plan: WebTerminalPlan, name: string, selector: { readonly [label: string]: string }): any {
  const ports = [{ name: SESSION_PORT_NAME, port: SESSION_PORT, targetPort: SESSION_PORT_NAME, protocol: 'TCP' }];
  const metadata = { name: `${name}-terminal` };
  if (plan.kind === 'ingress') {
    return { apiVersion: 'v1', kind: 'Service', metadata, spec: { type: 'ClusterIP', selector, ports } };
  }
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { ...metadata, annotations: { [`${ANNOTATION}-ipv4`]: plan.host, ...plan.kind === 'internal' ? { [`${ANNOTATION}-internal`]: 'true' } : {} } },
    // only with traffic to a node that has the manager does its policy see who it is from.
    spec: { type: 'LoadBalancer', externalTrafficPolicy: 'Local', loadBalancerSourceRanges: plan.cidrs, selector, ports },
  };
}

/** Lets GitLab, or the ingress before the manager, through the manager's network policy. */
export function terminalIngress(plan: WebTerminalPlan | undefined): IngressRule[] {
  if (plan === undefined) {
    return [];
  }
  const from = plan.namespace === undefined ? plan.cidrs.map((cidr) => ({ ipBlock: { cidr } }))
    : [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': plan.namespace } } }];
  return [{ from, ports: [{ port: SESSION_PORT, protocol: 'TCP' }] }];
}
