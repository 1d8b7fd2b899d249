import { Construct } from 'constructs';
import { constructId } from '../../private/construct-id';
import { instanceOf } from '../../private/rules/objects';
import { pemCertificate } from '../../private/rules/pem';
import { required, Rules, takeProps } from '../../private/rules/rule';
import { text } from '../../private/rules/scalars';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { warn } from '../../warnings/private/warn';
import { GitLabAttributes } from '../gitlab-attributes';
import { GitLabRunnerOptions, GitLabRunnerToken, IGitLab } from '../gitlab-server';
import { GitLabVersion } from '../gitlab-version';

const ATTRIBUTES: Rules<GitLabAttributes> = {
  gitlabUrl: required(text('an address such as "https://gitlab.example.com"', /^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?(\/[A-Za-z0-9._~/-]*)?$/)),
  gitlabVersion: instanceOf(GitLabVersion, 'one such as GitLabVersion.V19_4'),
  caCertificate: pemCertificate(),
};

/** A GitLab that something else made. */
export class ImportedGitLab extends Construct implements IGitLab {
  public readonly gitlabUrl: string;
  public readonly gitlabVersion?: GitLabVersion;
  public readonly caCertificate?: string;

  constructor(scope: Construct, id: string, attributes: GitLabAttributes) {
    super(scope, constructId(new.target, scope, id));
    const { gitlabUrl, gitlabVersion, caCertificate } = takeProps(this, 'attributes', attributes, ATTRIBUTES);
    if (known(gitlabUrl) && gitlabUrl.startsWith('http:')) {
      warn(this, 'plain-http', {
        prop: 'gitlabUrl', reason: 'anybody on the network path can read tokens and source code over plain HTTP', remedy: 'use HTTPS if GitLab has it',
      });
    }
    this.gitlabUrl = gitlabUrl.replace(/\/+$/, '');
    this.gitlabVersion = gitlabVersion;
    this.caCertificate = caCertificate;
  }

  public requestRunnerToken(id: string, _options: GitLabRunnerOptions): GitLabRunnerToken {
    throw new ValidationError(this, {
      prop: 'token', problem: 'a GitLab that this library did not create cannot issue tokens', got: id,
      remedy: 'create the runner there and pass its token as a RunnerToken',
    });
  }

  public allowWebFrom(_scope: Construct, _id: string, _addressPrefixes: string[]): void {
    // its ports are somebody else's.
  }
}
