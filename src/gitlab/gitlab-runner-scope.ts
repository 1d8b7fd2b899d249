import { RunnerOwner } from './private/runner-owner';
import { checkGiven, checkPattern, known } from '../private/checks';
import { ValidationError } from '../private/validation-error';

// as in GitLab's lib/gitlab/path_regex.rb; the server itself knows what newer versions refuse.
const SEGMENT = '(?!-)[A-Za-z0-9_.-]{1,255}(?<!\\.git|\\.atom)';
const GROUP = new RegExp(`^${SEGMENT}(?<!\\.)(/${SEGMENT}(?<!\\.))*$`);
const PROJECT = new RegExp(`^(${SEGMENT}(?<!\\.)/)+${SEGMENT}$`);

/**
 * Which projects' jobs a runner takes. GitLab cannot change the scope of a runner: changing it creates a new runner, with a new token, and
 * removes the old one.
 *
 * @see https://docs.gitlab.com/ci/runners/runners_scope/
 * @example
 * new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, runnerScope: GitLabRunnerScope.group('platform') });
 */
export class GitLabRunnerScope {
  /** Every project on the server. Everybody who can create a project can then run jobs on it; tags select runners, but keep nobody out. */
  static instance(): GitLabRunnerScope {
    return new GitLabRunnerScope();
  }

  /**
   * The projects of a group and its subgroups. The group must exist when the set-up step "runners" runs, or the step fails with a message.
   * Owners of the group can edit, pause and delete the runner and reset its token in GitLab; the next run of the step restores it.
   * @param path the group's full path, such as `team/backend`.
   */
  static group(path: string): GitLabRunnerScope {
    return new GitLabRunnerScope({ type: 'group_type', path: checkedPath('GitLabRunnerScope.group', path, GROUP, 'team/backend') });
  }

  /**
   * One project. It must exist when the set-up step "runners" runs, or the step fails with a message. Maintainers of the project can edit,
   * pause and delete the runner and reset its token in GitLab; the next run of the step restores it.
   * @param path the project's full path, such as `team/backend/api`.
   */
  static project(path: string): GitLabRunnerScope {
    return new GitLabRunnerScope({ type: 'project_type', path: checkedPath('GitLabRunnerScope.project', path, PROJECT, 'team/backend/api') });
  }

  private constructor(
    /** @internal */
    readonly _owner?: RunnerOwner,
  ) {}
}

function checkedPath(where: string, path: string, pattern: RegExp, example: string): string {
  const subject = { where, prop: 'path' };
  checkGiven(subject, path);
  checkPattern(subject, path, pattern, `a full path such as "${example}", without slashes around it and without the server's address`);
  // GitLab's address of a group's page begins so, its path does not.
  if (known(path) && /^groups\//i.test(path)) {
    throw new ValidationError(where, { prop: 'path', problem: 'no path begins with "groups/"', got: path, remedy: 'drop that, and what follows "/-/"' });
  }
  return path;
}
