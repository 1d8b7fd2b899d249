import { RunnerManagerOptions } from './manager/runner-manager';
import { RegistryCache } from './registry-cache/registry-cache';
import { RunnerOptions } from './runner-options';
import { RunnerToken } from './token/runner-token';
import { IAksCluster } from '../aks/cluster';
import { IAksNodePool } from '../aks/node-pool';
import { GitLabRunnerOptions, IGitLab } from '../gitlab/gitlab-server';

/** Options for one runner joined to a GitLab: what GitLab stores about it, the jobs it takes, and their pods. */
export interface JoinedRunnerOptions extends RunnerOptions, GitLabRunnerOptions {
  /**
   * Where the runner's authentication token comes from. Unless that is `fromGitlab()`, what GitLab stores about the runner (tags and the
   * like) was set when the token was created, and cannot be given here.
   * @default - `RunnerToken.fromGitlab()`
   */
  readonly token?: RunnerToken;

  /**
   * The node pool to run jobs on. Its labels and taints are added to `nodeSelector` and `tolerations`.
   * @default - the cluster's `jobNodePool`, unless a label in `nodeSelector` names another pool
   */
  readonly nodePool?: IAksNodePool;
}

/** Properties of a runner manager and its first runner, joined to a GitLab and a cluster. */
export interface KubernetesGitLabRunnerProps extends RunnerManagerOptions, JoinedRunnerOptions {
  /** The GitLab that assigns the jobs. */
  readonly gitlab: IGitLab;

  /** The cluster to run jobs on. */
  readonly cluster: IAksCluster;

  /**
   * The registry of all images that no other prop names: the manager's, the helper's, those of pause pods, and the default image of jobs. The
   * cluster's nodes get the role to pull from it.
   * @default - GitLab's registry, Docker Hub and `registry.k8s.io`
   */
  readonly registryCache?: RegistryCache;
}
