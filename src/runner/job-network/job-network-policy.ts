import { JobNetworkPlan } from './job-network-plan';
import { KubeNetworkPolicyProps, Plain } from '../../kubernetes/private/types';
import { contains } from '../../private/cidr';
import { known } from '../../private/rules/subject';

type PolicySpec = Plain<NonNullable<KubeNetworkPolicyProps['spec']>>;
type Rule = NonNullable<PolicySpec['egress']>[number];
type Peer = NonNullable<Rule['to']>[number];

/** Of Azure's machines, the same in all its networks: who reaches them is the machine. */
export const MACHINE_SERVICES = ['169.254.169.254/32', '168.63.129.16/32'];
/** Of no part of the Internet; pods, nodes and the API server have such addresses. */
export const PRIVATE_BLOCKS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];

const INTERNET = '0.0.0.0/0';
/** The runner gives it to all pods of jobs; in its domain it takes nothing from `pod_labels` or a job's variables, so that no job can be rid of it. */
const JOB_LABEL = 'job.runner.gitlab.com/pod';
const DNS_PORTS = [{ protocol: 'UDP', port: 53 }, { protocol: 'TCP', port: 53 }];
const DNS_SERVERS: Peer[] = [
  { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } }, podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } },
  // caches on the node: AKS' LocalDNS, and Kubernetes' own.
  block('169.254.10.0/24'),
  block('169.254.20.10/32'),
];

/** The policy of the jobs' pods; none where their network is open. */
export function jobNetworkPolicy(plan: JobNetworkPlan, gitlabUrl: string): PolicySpec | undefined {
  if (plan.kind === 'open') {
    return undefined;
  }
  const internet = plan.kind === 'internet' ? [block(INTERNET, [...MACHINE_SERVICES, ...PRIVATE_BLOCKS])] : [];
  const peers = [...internet, ...plan.cidrs.map(withoutMachineServices)];
  return {
    podSelector: { matchExpressions: [{ key: JOB_LABEL, operator: 'Exists' }] },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [],
    egress: [
      { to: DNS_SERVERS, ports: DNS_PORTS },
      ...toGitLab(plan, gitlabUrl),
      // a rule without peers would let everything through.
      ...peers.length > 0 ? [{ to: peers }] : [],
    ],
  };
}

/** GitLab's address, where it is known: it stands in the URL, or the plan has it. */
export function gitlabIpAddress(plan: JobNetworkPlan, gitlabUrl: string): string | undefined {
  return /^https?:\/\/(\d+(?:\.\d+){3})(?=[:/]|$)/.exec(gitlabUrl)?.[1] ?? plan.gitlabIpAddress;
}

/** A rule of its own for GitLab, unless it is open with the Internet. */
function toGitLab(plan: JobNetworkPlan, gitlabUrl: string): Rule[] {
  const address = gitlabIpAddress(plan, gitlabUrl);
  if (address === undefined || plan.kind === 'internet' && !(known(address) && isPrivate(`${address}/32`))) {
    return [];
  }
  // a URL that only the apply knows is taken for one as GitLab has it by default.
  const [, scheme, port] = /^(https?):\/\/[^/]*?(?::(\d+))?(?:\/|$)/.exec(gitlabUrl) ?? [];
  return [{ to: [block(`${address}/32`)], ports: [{ protocol: 'TCP', port: Number(port ?? (scheme === 'http' ? 80 : 443)) }] }];
}

function isPrivate(cidr: string): boolean {
  return PRIVATE_BLOCKS.some((outer) => contains(outer, cidr));
}

function withoutMachineServices(cidr: string): Peer {
  return block(cidr, known(cidr) ? MACHINE_SERVICES.filter((service) => contains(cidr, service)) : []);
}

function block(cidr: string, except: string[] = []): Peer {
  return { ipBlock: { cidr, ...except.length > 0 ? { except } : {} } };
}
