import { GitLabRunnerScope } from './gitlab-runner-scope';
import { list } from '../../private/rules/collections';
import { instanceOf } from '../../private/rules/objects';
import { Rules, Together } from '../../private/rules/rule';
import { integer, text, trueOrFalse, trueOrFalseSetting } from '../../private/rules/scalars';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { GitLabRunnerOptions } from '../gitlab-server';
import { line } from '../private/text-rules';

/** What GitLab knows of a runner: the same wherever one is asked for. */
export const RUNNER_OPTIONS: Rules<GitLabRunnerOptions> = {
  description: line(1024),
  // whether there are any decides what runUntagged is by default.
  tags: list(text('1 to 255 letters, digits, "-", "_", "." and "/"', /^[A-Za-z0-9_./-]{1,255}$/)),
  runUntagged: trueOrFalseSetting(),
  runnerScope: instanceOf(GitLabRunnerScope, 'one such as GitLabRunnerScope.group()'),
  locked: trueOrFalseSetting(),
  paused: trueOrFalseSetting(),
  refProtected: trueOrFalse(),
  maximumTimeoutSeconds: integer(600, 2 ** 31 - 1),
};

/** Refuses a runner that would never get a job. */
export const refuseRunnerWithoutJobs: Together<GitLabRunnerOptions> = (at, { runUntagged, tags = [] }) => {
  if (known(runUntagged) && !runUntagged && tags.length === 0) {
    const { where, prop } = at('runUntagged');
    throw new ValidationError(where, {
      prop, problem: 'a runner without tags that takes no untagged jobs would never get a job', got: runUntagged, remedy: 'give tags, or true',
    });
  }
};
