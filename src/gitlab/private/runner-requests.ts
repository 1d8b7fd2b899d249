import { createHash } from 'crypto';
import { IConstruct } from 'constructs';
import { RunnerRequest } from './bootstrap';
import { checkInstance, checkInteger, checkList, checkOneOf, checkPattern, checkType, known, Subject } from '../../private/checks';
import { ValidationError } from '../../private/validation-error';
import { warn } from '../../warnings/private/warn';
import { GitLabRunnerScope } from '../gitlab-runner-scope';
import { GitLabRunnerAccessLevel, GitLabRunnerOptions } from '../gitlab-server';

/** Checks what somebody asks for and fills its gaps. */
export function runnerRequest(server: IConstruct, id: string, options: GitLabRunnerOptions): RunnerRequest {
  const of = (prop: string): Subject => ({ where: server, prop });
  if (typeof id !== 'string' || !known(id) || !/^[\x20-\x7e]{1,200}$/.test(id)) {
    throw new ValidationError(server, {
      prop: 'id', problem: 'not a usable id', got: id, remedy: 'give at most 200 printable ASCII characters that are known at synth time',
    });
  }
  checkType(of('options'), options, 'object');
  const given: GitLabRunnerOptions = options ?? {};
  checkPattern(of('description'), given.description, /^[^\x00-\x1f\x7f]{1,1024}$/, '1 to 1024 characters on one line');
  checkList(of('tags'), given.tags, (subject, tag) =>
    checkPattern(subject, tag, /^[A-Za-z0-9_./-]{1,255}$/, 'letters, digits, "-", "_", "." and "/"'));
  for (const prop of ['runUntagged', 'locked', 'paused'] as const) {
    checkType(of(prop), given[prop], 'boolean');
  }
  checkInstance(of('runnerScope'), given.runnerScope, GitLabRunnerScope, 'make one with GitLabRunnerScope.group() or one of its siblings');
  checkOneOf(of('accessLevel'), given.accessLevel, Object.values(GitLabRunnerAccessLevel));
  checkInteger(of('maximumTimeoutSeconds'), given.maximumTimeoutSeconds, 600, 2 ** 31 - 1);

  const tags = given.tags ?? [];
  const runUntagged = given.runUntagged ?? tags.length === 0;
  if (!runUntagged && tags.length === 0) {
    throw new ValidationError(server, {
      prop: 'runUntagged', problem: 'a runner without tags that takes no untagged jobs never gets one', got: runUntagged, remedy: 'give tags, or true',
    });
  }
  const { _owner: owner } = given.runnerScope ?? GitLabRunnerScope.instance();
  if (owner?.type === 'project_type' && given.locked === false) {
    warn(server, 'unlocked-project-runner', {
      prop: 'locked', reason: `the project's maintainers can let other projects use the runner "${id}"`, remedy: 'drop the prop',
    });
  }
  const path = `${server.node.path}/${id}`;
  const digest = createHash('sha256').update(path).digest('hex');
  return {
    marker: `cdktf-azure-gitlab:${digest.slice(0, 32)}`,
    scope: owner,
    tokenSecretName: `runner-token-${id.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 60)}-${digest.slice(0, 8)}`,
    description: given.description ?? path,
    tags,
    runUntagged,
    locked: given.locked ?? owner?.type === 'project_type',
    paused: given.paused ?? false,
    accessLevel: given.accessLevel ?? GitLabRunnerAccessLevel.NOT_PROTECTED,
    maximumTimeoutSeconds: given.maximumTimeoutSeconds ?? undefined,
  };
}

// the server learns of all runners by one environment variable, which Linux limits to 128 KiB.
const LONGEST_LIST = 120_000;

/** Refuses the runner with which the list gets too long. */
export function checkRunnersFit(server: IConstruct, id: string, bytes: number): void {
  if (bytes > LONGEST_LIST) {
    throw new ValidationError(server, {
      prop: 'id', problem: `one runner too many: their list takes more than ${LONGEST_LIST} bytes`, got: id,
      remedy: 'shorten descriptions and tags, or have fewer runners take more jobs each',
    });
  }
}
