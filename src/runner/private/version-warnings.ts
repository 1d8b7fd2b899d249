import { Construct } from 'constructs';
import { GitLabVersion } from '../../gitlab/gitlab-version';
import { warn } from '../../warnings/private/warn';

/** Warns of a runner that asks for what its GitLab does not know yet: GitLab stays compatible with older runners. */
export function warnOfNewerRunner(where: Construct, runnerVersion: GitLabVersion | undefined, gitlabVersion: GitLabVersion | undefined): void {
  if (runnerVersion && gitlabVersion && !gitlabVersion._isAtLeast(runnerVersion._major, runnerVersion._minor)) {
    warn(where, 'runner-newer-than-gitlab', {
      prop: 'runnerVersion', reason: `runner ${runnerVersion._minorVersion} may ask for what GitLab ${gitlabVersion._minorVersion} does not know`,
      remedy: `leave it out, or take ${gitlabVersion._minorVersion}`,
    });
  }
}
