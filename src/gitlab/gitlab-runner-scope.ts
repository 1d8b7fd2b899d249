import { RunnerOwner } from './private/runner-owner';
import { also, Rule, takeValue } from '../private/rules/rule';
import { text } from '../private/rules/scalars';
import { ValidationError } from '../private/validation-error';

// as in GitLab's lib/gitlab/path_regex.rb; the server itself knows what newer versions refuse.
const SEGMENT = '(?!-)[A-Za-z0-9_.-]{1,255}(?<!\\.git|\\.atom)';
const GROUP = fullPath(new RegExp(`^${SEGMENT}(?<!\\.)(/${SEGMENT}(?<!\\.))*$`), 'team/backend');
const PROJECT = fullPath(new RegExp(`^(${SEGMENT}(?<!\\.)/)+${SEGMENT}$`), 'team/backend/api');

/**
 * Whose jobs a runner takes. GitLab cannot change that of a runner: with another scope a new one is made, with a token of its own, and the
 * old one is removed.
 *
 * @see https://docs.gitlab.com/ci/runners/runners_scope/
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
    return new GitLabRunnerScope({ type: 'group_type', path: takeValue('GitLabRunnerScope.group', 'path', path, GROUP) });
  }

  /**
   * Those of one project. It has to be there when the set-up step "runners" runs, else the step fails and says so.
   * Maintainers of the project can edit, pause and delete the runner and reset its token in GitLab; the next run of the step brings it back.
   * @param path the project's full path, such as `team/backend/api`; anything but such a path is refused.
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
      throw new ValidationError(where, { prop, problem: 'no path begins with "groups/"', got: path, remedy: 'drop that, and what follows "/-/"' });
    }
  });
}
