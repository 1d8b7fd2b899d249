import { RunnerOwner } from './private/runner-owner';
import { checkGiven, checkPattern, known } from '../private/checks';
import { ValidationError } from '../private/validation-error';

// as in GitLab's lib/gitlab/path_regex.rb; the server itself knows what newer versions refuse.
const SEGMENT = '(?!-)[A-Za-z0-9_.-]{1,255}(?<!\\.git|\\.atom)';
const GROUP = new RegExp(`^${SEGMENT}(?<!\\.)(/${SEGMENT}(?<!\\.))*$`);
const PROJECT = new RegExp(`^(${SEGMENT}(?<!\\.)/)+${SEGMENT}$`);

/**
 * Whose jobs a runner takes. GitLab cannot change that of a runner: with another scope a new one is made, with a token of its own, and the
 * old one is removed.
 *
 * @see https://docs.gitlab.com/ci/runners/runners_scope/
 * @example
 * new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, runnerScope: GitLabRunnerScope.group('platform') });
 */
export class GitLabRunnerScope {
  /**
   * Those of every project on the server. Everybody who can make a project can then start jobs on it; tags choose runners and keep nobody out.
   */
  static instance(): GitLabRunnerScope {
    return new GitLabRunnerScope();
  }

  /**
   * Those of a group's projects and its subgroups'. The group has to be there when the set-up step "runners" runs, else the step fails and says so.
   * Owners of the group can edit, pause and delete the runner and reset its token in GitLab; the next run of the step brings it back.
   * @param path the group's full path, such as `team/backend`; anything but such a path is refused.
   */
  static group(path: string): GitLabRunnerScope {
    return new GitLabRunnerScope({ type: 'group_type', path: checkedPath('GitLabRunnerScope.group', path, GROUP, 'team/backend') });
  }

  /**
   * Those of one project. It has to be there when the set-up step "runners" runs, else the step fails and says so.
   * Maintainers of the project can edit, pause and delete the runner and reset its token in GitLab; the next run of the step brings it back.
   * @param path the project's full path, such as `team/backend/api`; anything but such a path is refused.
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
