import { ITerraformDependable } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { GitLabRunnerScope } from './gitlab-runner-scope';
import { GitLabVersion } from './gitlab-version';

/** Which jobs a runner may take; GitLab's "protected" option of a runner. */
export enum GitLabRunnerAccessLevel {
  /** Jobs of every branch and tag. */
  NOT_PROTECTED = 'not_protected',
  /** Jobs of protected branches and tags only. */
  REF_PROTECTED = 'ref_protected',
}

/**
 * What GitLab itself knows of a runner. With an authentication token the runner cannot set these in its own
 * configuration: they belong to its creation on the server.
 *
 * @see https://docs.gitlab.com/api/users/#create-a-runner-linked-to-a-user
 */
export interface GitLabRunnerOptions {
  /**
   * The text that GitLab's list of runners shows, at most 1024 characters; longer ones are refused.
   * @default - the construct's path
   */
  readonly description?: string;

  /**
   * A job goes to this runner if the runner has all of the job's tags. Letters, digits, `-`, `_`, `.`, `/`; others are refused.
   * @see https://docs.gitlab.com/ci/runners/configure_runners/#control-jobs-that-a-runner-can-run
   * @default []
   */
  readonly tags?: string[];

  /**
   * Whether jobs without tags are taken too. False without tags is refused: such a runner would never get a job.
   * @default - true if there are no tags, else false
   */
  readonly runUntagged?: boolean;

  /**
   * Whose jobs the runner takes: those of every project on the server, of a group, or of one project.
   * @see https://docs.gitlab.com/ci/runners/runners_scope/
   * @default GitLabRunnerScope.instance()
   */
  readonly runnerScope?: GitLabRunnerScope;

  /**
   * Whether a project's runner is kept to that project. Without, its maintainers can let other projects use it: gives a warning. It means
   * nothing for other runners.
   * @see https://docs.gitlab.com/ci/runners/runners_scope/#prevent-a-project-runner-from-being-enabled-for-other-projects
   * @default - true with `GitLabRunnerScope.project()`, else false
   */
  readonly locked?: boolean;

  /**
   * Whether the runner takes no jobs for now.
   * @default false
   */
  readonly paused?: boolean;

  /**
   * Which branches' jobs the runner may take.
   * @see https://docs.gitlab.com/ci/runners/configure_runners/#prevent-runners-from-revealing-sensitive-information
   * @default GitLabRunnerAccessLevel.NOT_PROTECTED
   */
  readonly accessLevel?: GitLabRunnerAccessLevel;

  /**
   * The longest a job may take on this runner, in seconds, at least 600; a project's own shorter timeout still holds.
   * Less than 600 is refused.
   * @see https://docs.gitlab.com/ci/runners/configure_runners/#set-the-maximum-job-timeout
   * @default - the project's timeout
   */
  readonly maximumTimeoutSeconds?: number;
}

/** Where a runner's authentication token waits: in a Key Vault, never in the plan or the state. */
export interface GitLabRunnerToken {
  /** The ARM id of the vault, for the role that lets the runner read it. */
  readonly keyVaultId: string;

  /** The vault's name. */
  readonly keyVaultName: string;

  /** The Entra tenant of the vault, a UUID. */
  readonly tenantId: string;

  /** The secret that holds the authentication token (`glrt-…`). */
  readonly tokenSecretName: string;

  /**
   * The secret that holds the certificate of the authority which signed GitLab's certificate, PEM.
   * @default - none: GitLab has a certificate that everybody trusts, or none at all
   */
  readonly caSecretName?: string;

  /** What has to be applied before the secrets are there. */
  readonly writtenBy: ITerraformDependable[];
}

/** A GitLab that runners can be joined to. */
export interface IGitLabServer extends IConstruct {
  /** The address without a final slash, such as `https://gitlab.example.com`. */
  readonly gitlabUrl: string;

  /**
   * The version that runs there; a runner takes the same major and minor.
   * @default - unknown
   */
  readonly gitlabVersion?: GitLabVersion;

  /**
   * The certificate of a private authority that signed GitLab's, PEM.
   * @default - none, or handed over with each runner's token
   */
  readonly caCertificate?: string;

  /**
   * Has the server make a runner and put its authentication token into a Key Vault.
   * @param id unique among the runners of this server; a changed id makes a new runner.
   * @param options what the server has to know of the runner.
   */
  requestRunnerToken(id: string, options: GitLabRunnerOptions): GitLabRunnerToken;

  /**
   * Lets the given addresses reach GitLab's web ports. Does nothing where the ports are open to all or GitLab is not ours.
   * @param scope where the rule is made.
   * @param id the rule's id in that scope.
   * @param addressPrefixes IPv4 addresses or blocks.
   */
  allowWebFrom(scope: Construct, id: string, addressPrefixes: string[]): void;
}
