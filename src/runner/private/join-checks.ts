import { IConstruct } from 'constructs';
import { DEFAULT_RUNNER_VERSION } from './manager-checks';
import { IAksNodePool } from '../../aks/aks-node-pool';
import { IAksCluster } from '../../aks/cluster';
import { GitLabRunnerOptions, IGitLabServer } from '../../gitlab/gitlab-server';
import { GitLabVersion } from '../../gitlab/gitlab-version';
import { known, refuseStranger } from '../../private/checks';
import { checkStack } from '../../private/stack-check';
import { ValidationError } from '../../private/validation-error';
import { RunnerToken } from '../runner-token';

const GITLAB_OPTIONS: readonly (keyof GitLabRunnerOptions)[] = [
  'description', 'tags', 'runUntagged', 'runnerScope', 'locked', 'paused', 'accessLevel', 'maximumTimeoutSeconds',
];

/** Checks the two ends of the join. */
export function checkEnds(where: IConstruct, gitlab: IGitLabServer, cluster: IAksCluster): void {
  checkStack(where);
  checkMember(where, 'gitlab', gitlab, 'requestRunnerToken', 'give a SelfHostedGitLab or SelfHostedGitLab.fromGitlabAttributes()');
  checkMember(where, 'cluster', cluster, 'manifestDelivery', 'give an AksCluster or AksCluster.fromAksClusterAttributes()');
}

/** Checks a pool for jobs. */
export function checkNodePool(where: IConstruct, pool: IAksNodePool | undefined): void {
  if (pool !== undefined && pool !== null) {
    checkMember(where, 'nodePool', pool, 'nodeTaints', 'give a node pool of the cluster');
  }
}

function checkMember(where: IConstruct, prop: string, value: any, member: string, remedy: string): void {
  refuseStranger({ where, prop }, value, RunnerToken);
  if (typeof value !== 'object' || value === null || !(member in value)) {
    throw new ValidationError(where, { prop, problem: 'not what is needed here', got: value === undefined ? undefined : typeof value, remedy });
  }
}

/** What GitLab has to know of a runner can be said only where this library makes the runner. */
export function checkTokenOptions(where: IConstruct, token: RunnerToken | undefined, options: GitLabRunnerOptions): void {
  const given = GITLAB_OPTIONS.find((name) => options[name] !== undefined && options[name] !== null);
  if (known(token) && token._source.kind !== 'gitlab' && given) {
    throw new ValidationError(where, {
      prop: given, problem: 'the given token belongs to a runner whose settings GitLab has already', got: options[given],
      remedy: token._source.kind === 'registration' ? 'give it to RunnerToken.legacyRegistrationToken()' : 'set it in GitLab, or drop token',
    });
  }
}

/** The options of GitLab's among others. */
export function gitlabOptions(options: GitLabRunnerOptions): GitLabRunnerOptions {
  return Object.fromEntries(GITLAB_OPTIONS.map((name) => [name, options[name]]).filter(([, value]) => value !== undefined && value !== null));
}

/** The runner that goes with a GitLab; every minor version has a patch 0. */
export function joinedVersion(given: GitLabVersion | undefined, gitlab: IGitLabServer): GitLabVersion {
  const { gitlabVersion } = gitlab;
  return given ?? (gitlabVersion ? GitLabVersion.of(`${gitlabVersion.major}.${gitlabVersion.minor}.0`) : DEFAULT_RUNNER_VERSION);
}

/** True for runners that can hold a node's drain up. */
export function knowsDisruptionBudgets(version: GitLabVersion): boolean {
  return version.major > 18 || version.major === 18 && version.minor >= 11;
}
