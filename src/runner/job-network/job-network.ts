import { JobNetworkPlan } from './job-network-plan';
import { privateCidr, reachableCidr } from './job-network-rules';
import { list } from '../../private/rules/collections';
import { takeOptional, takeValue } from '../../private/rules/rule';

/**
 * What the jobs' pods can reach. Every choice except `open()` is a NetworkPolicy. It lets nothing reach the pods, allows DNS lookups, and
 * blocks the node's instance metadata service (169.254.169.254), Azure's WireServer (168.63.129.16), other pods, nodes and the API server.
 * A job's services run in its own pod and are not affected, nor is the kubelet, which pulls images and mounts volumes from the node. A
 * policy allows addresses, not names.
 *
 * The policy applies to the jobs of all of the manager's runners, but not to pods in the host network, nor where privileged jobs control
 * the node. An `AksCluster` enforces it with Cilium; in a cluster without an engine for policies it does nothing.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 * @example
 * new KubernetesGitLabRunner(stack, 'Closed', { gitlab, cluster, jobNetwork: JobNetwork.listed(['203.0.113.0/24']) });
 */
export class JobNetwork {
  /**
   * The Internet: public IPv4 addresses. Private addresses are blocked, except GitLab's if it is in `gitlabUrl`.
   * @param privateCidrs private addresses to allow too, as IPv4 CIDR blocks such as `10.1.0.4/32`: a GitLab with a name and a private
   * address, private endpoints, machines that jobs deploy to. Pods and nodes of a cluster with Cilium stay blocked.
   */
  static internet(privateCidrs: string[] = []): JobNetwork {
    return new JobNetwork({ kind: 'internet', cidrs: takeOptional('JobNetwork.internet', 'privateCidrs', privateCidrs, list(privateCidr())) ?? [] });
  }

  /**
   * Only these addresses, and GitLab if its address is known: that of a `SelfHostedGitLab`, or one in `gitlabUrl`, on the port of its URL. A
   * cache, and GitLab's registry if it has another port, have to be listed as well.
   * @param cidrs IPv4 CIDR blocks such as `203.0.113.0/24`, at least one. Azure's two addresses stay blocked inside larger blocks, and
   * cannot be listed themselves.
   */
  static listed(cidrs: string[]): JobNetwork {
    const rule = list(reachableCidr(), { least: 1, orElse: 'use closed()' });
    return new JobNetwork({ kind: 'listed', cidrs: takeValue('JobNetwork.listed', 'cidrs', cidrs, rule) });
  }

  /** Only GitLab, on the port of its URL. Its address must be known: that of a `SelfHostedGitLab`, or one in `gitlabUrl`. Jobs have no cache. */
  static closed(): JobNetwork {
    return new JobNetwork({ kind: 'listed', cidrs: [] });
  }

  /**
   * Everything the nodes can reach, without protection from other pods. Every job can then act as the nodes' managed identity, which can
   * read all images of attached registries. Gives a warning.
   */
  static open(): JobNetwork {
    return new JobNetwork({ kind: 'open', cidrs: [] });
  }

  private constructor(
    /** @internal */
    readonly _plan: JobNetworkPlan,
  ) {}
}
