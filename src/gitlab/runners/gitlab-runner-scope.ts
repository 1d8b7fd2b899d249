import { RunnerOwner } from './runner-owner';
import { also, Rule, takeValue } from '../../private/rules/rule';
import { text } from '../../private/rules/scalars';
import { ValidationError } from '../../private/validation-error';

// as in GitLab's lib/gitlab/path_regex.rb; the server itself knows what newer versions refuse.
const SEGMENT = '(?!-)[A-Za-z0-9_.-]{1,255}(?<!\\.git|\\.atom)';
const GROUP = fullPath(new RegExp(`^${SEGMENT}(?<!\\.)(/${SEGMENT}(?<!\\.))*$`), 'team/backend');
const PROJECT = fullPath(new RegExp(`^(${SEGMENT}(?<!\\.)/)+${SEGMENT}$`), 'team/backend/api');

/**
 * Which projects' jobs a runner takes. Changing it creates a new runner in GitLab, with a new token, and removes the old one.
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
   * The projects of a group and its subgroups. The group must exist when the set-up step "runners" runs. Its owners can edit, pause and
   * delete the runner and reset its token in GitLab; the next run of the step restores it.
   * @param path the group's full path, such as `team/backend`.
   */
  static group(path: string): GitLabRunnerScope {
    return new GitLabRunnerScope({ type: 'group_type', path: takeValue('GitLabRunnerScope.group', 'path', path, GROUP) });
  }

  /**
   * One project. It must exist when the set-up step "runners" runs. Its maintainers can edit, pause and delete the runner and reset its
   * token in GitLab; the next run of the step restores it.
   * @param path the project's full path, such as `team/backend/api`.
   */
  static project(path: string): GitLabRunnerScope {
    return new GitLabRunnerScope({ type: 'project_type', path: takeValue('GitLabRunnerScope.project', 'path', path, PROJECT) });
  }

  private constructor(
    /** @internal */
    readonly _owner?: RunnerOwner,
  ) {}
}

function fullPath(pattern: RegExp, example: string): Rule<string> {
  const expected = `a full path such as "${example}", without slashes around it and without the server's address`;
  return also(text(expected, pattern), ({ where, prop }, path) => {
    // GitLab's address of a group's page begins so, its path does not.
    if (/^groups\//i.test(path)) {
      throw new ValidationError(where, { prop, problem: 'a path does not begin with "groups/"', got: path, remedy: 'remove it, and everything from "/-/" on' });
    }
  });
}
