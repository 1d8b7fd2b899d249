import { createHash } from 'crypto';
import { IConstruct } from 'constructs';
import { GitLabRunnerScope } from './gitlab-runner-scope';
import { refuseRunnerWithoutJobs, RUNNER_OPTIONS } from './runner-options-rules';
import { namedPath } from '../../private/construct-moves';
import { takeProps, takeValue } from '../../private/rules/rule';
import { knownText } from '../../private/rules/scalars';
import { ValidationError } from '../../private/validation-error';
import { warn } from '../../warnings/private/warn';
import { GitLabRunnerOptions } from '../gitlab-server';
import { RunnerRequest } from '../set-up/bootstrap';

const RUNNER_ID = knownText('1 to 200 printable ASCII characters', /^[\x20-\x7e]{1,200}$/);

// the server learns of all runners by one environment variable, which Linux limits to 128 KiB.
const LONGEST_LIST = 120_000;

/** The runners that a server is asked for, until the program ends. */
export class RunnerRequests {
  private readonly requests = new Map<string, RunnerRequest>();
  private bytes = 0;

  constructor(private readonly server: IConstruct) {}

  public get all(): RunnerRequest[] {
    return [...this.requests.values()];
  }

  /** Refuses what is not right, a runner of an id that another has, and the one with which the list gets too long. */
  public add(id: string, options: GitLabRunnerOptions): RunnerRequest {
    const request = runnerRequest(this.server, id, options);
    const refuse = (problem: string, remedy: string) => {
      throw new ValidationError(this.server, { prop: 'id', problem, got: id, remedy });
    };
    if (this.requests.has(request.tokenSecretName)) {
      refuse('another runner has this id already', 'give each runner an id of its own');
    }
    this.bytes += Buffer.byteLength(JSON.stringify(request));
    if (this.bytes > LONGEST_LIST) {
      refuse(`too many runners: their list would be longer than ${LONGEST_LIST} bytes`, 'shorten descriptions and tags, or have fewer runners take more jobs each');
    }
    this.requests.set(request.tokenSecretName, request);
    return request;
  }
}

/** What somebody asks for, with its gaps filled. */
function runnerRequest(server: IConstruct, requestId: string, options: GitLabRunnerOptions): RunnerRequest {
  const id = takeValue(server, 'id', requestId, RUNNER_ID);
  const given = takeProps(server, 'options', options, RUNNER_OPTIONS, refuseRunnerWithoutJobs);
  const tags = given.tags ?? [];
  const { _owner: owner } = given.runnerScope ?? GitLabRunnerScope.instance();
  if (owner?.type === 'project_type' && given.locked === false) {
    warn(server, 'unlocked-project-runner', {
      prop: 'locked', reason: `the project's maintainers can let other projects use the runner "${id}"`, remedy: 'drop the prop',
    });
  }
  const path = `${namedPath(server)}/${id}`;
  const digest = createHash('sha256').update(path).digest('hex');
  return {
    marker: `cdktf-azure-gitlab:${digest.slice(0, 32)}`,
    scope: owner,
    tokenSecretName: `runner-token-${id.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 60)}-${digest.slice(0, 8)}`,
    description: given.description ?? path,
    tags,
    runUntagged: given.runUntagged ?? tags.length === 0,
    locked: given.locked ?? owner?.type === 'project_type',
    paused: given.paused ?? false,
    accessLevel: given.refProtected ? 'ref_protected' : 'not_protected',
    maximumTimeoutSeconds: given.maximumTimeoutSeconds,
  };
}
