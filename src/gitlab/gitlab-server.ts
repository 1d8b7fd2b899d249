import { ITerraformDependable } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { GitLabVersion } from './gitlab-version';
import { GitLabRunnerScope } from './runners/gitlab-runner-scope';

/**
 * Options of a runner that GitLab itself stores, not the runner's configuration.
 * @see https://docs.gitlab.com/api/users/#create-a-runner-linked-to-a-user
 */
export interface GitLabRunnerOptions {
  /**
   * The description shown in GitLab's list of runners, at most 1024 characters.
   * @default - the construct's path
   */
  readonly description?: string;

  /**
   * The runner's CI tags, of letters, digits, `-`, `_`, `.` and `/`. A runner takes a job only if it has all of the job's tags.
   * @see https://docs.gitlab.com/ci/runners/configure_runners/
   * @default []
   */
  readonly tags?: string[];

  /**
   * Whether the runner also takes jobs without tags. False needs `tags`.
   * @default - true if there are no tags, else false
   */
  readonly runUntagged?: boolean;

  /**
   * Which projects' jobs the runner takes.
   * @default GitLabRunnerScope.instance()
   */
  readonly runnerScope?: GitLabRunnerScope;

  /**
   * Whether a project's runner is locked to that project. If false, which gives a warning, the project's maintainers can enable it for
   * other projects.
   * @see https://docs.gitlab.com/ci/runners/runners_scope/
   * @default - true with `GitLabRunnerScope.project()`, else false
   */
  readonly locked?: boolean;

  /**
   * Whether the runner is paused, so that it takes no jobs.
   * @default false
   */
  readonly paused?: boolean;

  /**
   * Whether the runner takes jobs of protected branches and tags only: "Protected" in GitLab's settings of a runner, `ref_protected` in its API.
   * @see https://docs.gitlab.com/ci/runners/configure_runners/
   * @default false
   */
  readonly refProtected?: boolean;

  /**
   * The maximum job timeout on this runner in seconds, at least 600. A project's own shorter timeout still applies.
   * @see https://docs.gitlab.com/ci/runners/configure_runners/
   * @default - the project's timeout
   */
  readonly maximumTimeoutSeconds?: number;
}

/** The Key Vault secret that holds a runner's authentication token. The token is never in Terraform's plan or state. */
export interface GitLabRunnerToken {
  /** The vault's ARM id, to grant the runner read access on it. */
  readonly keyVaultId: string;

  /** The vault's name. */
  readonly keyVaultName: string;

  /** The vault's Entra tenant, a UUID. */
  readonly tenantId: string;

  /** The name of the secret that holds the authentication token (`glrt-…`). */
  readonly tokenSecretName: string;

  /**
   * The name of the secret that holds, in PEM, the certificate of the CA that signed GitLab's certificate.
   * @default - none: GitLab's certificate is publicly trusted, or there is none
   */
  readonly caSecretName?: string;

  /** The resources that must be applied before the secrets exist. */
  readonly ready: ITerraformDependable[];
}

/** A GitLab server that runners can join. */
export interface IGitLab extends IConstruct {
  /** GitLab's URL without a trailing slash, such as `https://gitlab.example.com`. */
  readonly gitlabUrl: string;

  /**
   * The GitLab version. A runner uses the same major and minor version.
   * @default - unknown
   */
  readonly gitlabVersion?: GitLabVersion;

  /**
   * The certificate of the private CA that signed GitLab's certificate, in PEM.
   * @default - none, or passed along with each runner's token
   */
  readonly caCertificate?: string;

  /**
   * Whether it is reached at a private address only, so that runners come from the subnet of their nodes and not from their cluster's public
   * address.
   * @default false
   */
  readonly hasPrivateAddress?: boolean;

  /**
   * Has the server create a runner and store its authentication token in a Key Vault.
   * @param id unique among the runners of this server; changing it creates a new runner.
   * @param options what GitLab stores about the runner.
   */
  requestRunnerToken(id: string, options: GitLabRunnerOptions): GitLabRunnerToken;

  /**
   * Lets the given addresses reach GitLab's web ports. Does nothing if the ports are open to everybody or this library did not create the
   * GitLab.
   * @param scope the scope to create the rule in.
   * @param id the rule's construct id in that scope.
   * @param addressPrefixes IPv4 addresses or CIDR blocks.
   */
  allowWebFrom(scope: Construct, id: string, addressPrefixes: string[]): void;
}
