import { WebTerminalPlan } from './web-terminal-plan';
import { dnsLabel } from '../../kubernetes/private/rules';
import { allowedCidrs, ipv4Address } from '../../private/rules/addresses';
import { takeOptional, takeValue } from '../../private/rules/rule';
import { decided, integer, text } from '../../private/rules/scalars';

const DAY_SECONDS = 86_400;
const DEFAULT_SESSION_TIMEOUT_SECONDS = 1800;
/** GitLab is one machine or a few, never half of the Internet. */
const WIDEST_PREFIX = 8;

/**
 * Web terminals: people open a shell in a running job from its page in GitLab (Debug). GitLab connects to the manager on port 8093, by TLS
 * with a certificate of the manager's own, so everything between them has to pass TCP through.
 *
 * With a private address, an administrator of GitLab has to allow requests to the local network from webhooks and integrations. While a new
 * manager takes over, the terminals of jobs that the old one finishes cannot be opened.
 *
 * @see https://docs.gitlab.com/ci/interactive_web_terminal/
 * @example
 * new KubernetesGitLabRunner(stack, 'Terminals', {
 *   gitlab,
 *   cluster,
 *   webTerminal: RunnerWebTerminal.internalLoadBalancer('10.224.0.250', ['10.10.0.4/32']),
 * });
 */
export class RunnerWebTerminal {
  /**
   * By a load balancer in the cluster's network, for a GitLab with a way to it.
   * @param ipAddress a free private IPv4 address of the nodes' subnet.
   * @param gitlabCidrs where GitLab connects from: at least one IPv4 block, /8 or narrower. Nobody else is let in.
   * @param sessionTimeoutSeconds how long a terminal holds a job that has ended, in seconds, 1 to 86400; defaults to 1800.
   * @see https://learn.microsoft.com/azure/aks/internal-lb
   */
  static internalLoadBalancer(ipAddress: string, gitlabCidrs: string[], sessionTimeoutSeconds?: number): RunnerWebTerminal {
    return balanced('internal', 'RunnerWebTerminal.internalLoadBalancer', ipAddress, gitlabCidrs, sessionTimeoutSeconds);
  }

  /**
   * By a load balancer with a public address. An `AksCluster` with its own network has to let GitLab's addresses in too: `loadBalancerAllowedCidrs`.
   * @param ipAddress a static public IPv4 address that the cluster may use, such as one in its node resource group.
   * @param gitlabCidrs where GitLab connects from: at least one IPv4 block, /8 or narrower. Nobody else is let in.
   * @param sessionTimeoutSeconds how long a terminal holds a job that has ended, in seconds, 1 to 86400; defaults to 1800.
   * @see https://learn.microsoft.com/azure/aks/static-ip
   */
  static publicLoadBalancer(ipAddress: string, gitlabCidrs: string[], sessionTimeoutSeconds?: number): RunnerWebTerminal {
    return balanced('public', 'RunnerWebTerminal.publicLoadBalancer', ipAddress, gitlabCidrs, sessionTimeoutSeconds);
  }

  /**
   * By an ingress controller or gateway that passes TLS through to the Service `gitlab-runner-terminal`, port 8093.
   * @param address what GitLab connects to: a host name or an IPv4 address, and a port.
   * @param ingressNamespace the namespace of the controller's pods. No other pods are let in.
   * @param sessionTimeoutSeconds how long a terminal holds a job that has ended, in seconds, 1 to 86400; defaults to 1800.
   */
  static ingress(address: string, ingressNamespace: string, sessionTimeoutSeconds?: number): RunnerWebTerminal {
    const where = 'RunnerWebTerminal.ingress';
    const rule = decided(text('a host and a port such as "terminal.example.com:443"', /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?:([1-9]\d{0,4})$/));
    const [host, port] = takeValue(where, 'address', address, rule).split(':');
    return new RunnerWebTerminal({
      kind: 'ingress',
      host,
      port: takeValue(where, 'address', Number(port), integer(1, 65_535)),
      cidrs: [],
      namespace: takeValue(where, 'ingressNamespace', ingressNamespace, dnsLabel()),
      sessionTimeoutSeconds: sessionTimeout(where, sessionTimeoutSeconds),
    });
  }

  /** @internal */
  static _of(plan: WebTerminalPlan): RunnerWebTerminal {
    return new RunnerWebTerminal(plan);
  }

  private constructor(
    /** @internal */
    readonly _plan: WebTerminalPlan,
  ) {}
}

function balanced(kind: 'internal' | 'public', where: string, ipAddress: string, gitlabCidrs: string[], seconds: number | undefined): RunnerWebTerminal {
  return RunnerWebTerminal._of({
    kind,
    host: takeValue(where, 'ipAddress', ipAddress, ipv4Address()),
    cidrs: takeValue(where, 'gitlabCidrs', gitlabCidrs, decided(allowedCidrs({ least: 1, shortestPrefix: WIDEST_PREFIX }))),
    sessionTimeoutSeconds: sessionTimeout(where, seconds),
  });
}

function sessionTimeout(where: string, seconds: number | undefined): number {
  return takeOptional(where, 'sessionTimeoutSeconds', seconds, integer(1, DAY_SECONDS)) ?? DEFAULT_SESSION_TIMEOUT_SECONDS;
}
