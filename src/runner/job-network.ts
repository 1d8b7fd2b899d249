import { JobNetworkPlan } from './private/job-network-plan';
import { privateCidr, reachableCidr } from './private/job-network-rules';
import { list } from '../private/rules/collections';
import { takeOptional, takeValue } from '../private/rules/rule';

/**
 * Whom the jobs' pods may reach. Nobody may reach them, unless the network is open.
 *
 * Every way but `open()` is a NetworkPolicy: it closes the node's machine identity (169.254.169.254), Azure's WireServer (168.63.129.16), other
 * pods, nodes and the API server, and it lets names be asked for. A job's services run in its own pod and are not affected. The kubelet pulls
 * images, mounts volumes and probes containers from the node, which no policy holds up. What a policy lets through are addresses, not names.
 *
 * A policy needs an engine in the cluster: an `AksCluster` has Cilium; in another cluster without one it does nothing. It holds for the jobs of
 * all of the manager's runners, in the namespace of the jobs; not for pods in their node's network, nor where privileged jobs own the node.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export class JobNetwork {
  /**
   * The Internet: public IPv4 addresses. Private ones are closed but for GitLab's, if that is in `gitlabUrl`.
   * @param privateCidrs private addresses that are open too, as IPv4 blocks such as `10.1.0.4/32`: a GitLab that has a name and a private address,
   * private endpoints, machines that jobs deploy to. Pods and nodes of a cluster with Cilium stay closed.
   */
  static internet(privateCidrs: string[] = []): JobNetwork {
    return new JobNetwork({ kind: 'internet', cidrs: takeOptional('JobNetwork.internet', 'privateCidrs', privateCidrs, list(privateCidr())) ?? [] });
  }

  /**
   * Only these addresses, and GitLab where its address is known: that of a `SelfHostedGitLab`, or one in `gitlabUrl`, at the port of its URL. A cache,
   * and a registry of GitLab at another port, have to be listed as well.
   * @param cidrs IPv4 blocks such as `203.0.113.0/24`; an empty list is refused. The two addresses of Azure's stay closed in larger blocks and
   * are refused by themselves.
   */
  static listed(cidrs: string[]): JobNetwork {
    const rule = list(reachableCidr(), { least: 1, orElse: 'use closed()' });
    return new JobNetwork({ kind: 'listed', cidrs: takeValue('JobNetwork.listed', 'cidrs', cidrs, rule) });
  }

  /** Only GitLab, at the port of its URL; its address has to be known: that of a `SelfHostedGitLab`, or one in `gitlabUrl`. Jobs have no cache. */
  static closed(): JobNetwork {
    return new JobNetwork({ kind: 'listed', cidrs: [] });
  }

  /**
   * Everything the nodes can reach, and no protection from other pods. Every job can then take the nodes' machine identity, with which all
   * images of attached registries can be read: gives a warning.
   */
  static open(): JobNetwork {
    return new JobNetwork({ kind: 'open', cidrs: [] });
  }

  private constructor(
    /** @internal */
    readonly _plan: JobNetworkPlan,
  ) {}
}
