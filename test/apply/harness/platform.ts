import { TerraformStack } from 'cdktf';
import { AksCluster, AksClusterProps, AzureRole, KubernetesGitLabRunner, KubernetesGitLabRunnerProps, SelfHostedGitLab, SelfHostedGitLabProps } from 'cdktf-azure-gitlab';

export interface PlatformProps {
  readonly gitlab?: Partial<SelfHostedGitLabProps>;
  readonly cluster?: Partial<AksClusterProps>;
  readonly runner?: Partial<KubernetesGitLabRunnerProps>;
  /** Roles of the jobs: names and scopes, by construct ids. */
  readonly grants?: { readonly [id: string]: readonly [string, string] };
}

/** The three constructs joined, as in the README. */
export function platform(props: PlatformProps = {}): (stack: TerraformStack) => void {
  return (stack) => {
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral', ...inStack(stack, props.gitlab) });
    const cluster = new AksCluster(stack, 'Cluster', { location: 'koreacentral', ...inStack(stack, props.cluster) });
    const runner = new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, tags: ['aks'], ...inStack(stack, props.runner) });
    Object.entries(props.grants ?? {}).forEach(([id, [role, scope]]) => runner.grantJobs(id, AzureRole.of(role), scope));
  };
}

/** Props with those made that belong to a stack: they are given as functions of it. */
function inStack<T extends object>(stack: TerraformStack, props: T | undefined): T | undefined {
  return props && Object.fromEntries(Object.entries(props).map(([name, value]) => [name, typeof value === 'function' ? value(stack) : value])) as T;
}

/** One set of props on top of another; nested options are merged as well. */
export function merged(base: any, change: any): any {
  const plain = (value: any) => typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return Object.fromEntries([...new Set([...Object.keys(base), ...Object.keys(change)])].map((key) => [
    key, plain(base[key]) && plain(change[key]) ? merged(base[key], change[key]) : key in change ? change[key] : base[key],
  ]));
}
