import { Construct } from 'constructs';
import { GitLabAttributes } from './gitlab-attributes';
import { IGitLab } from './gitlab-server';
import { ImportedGitLab } from './private/imported-gitlab';

/**
 * A GitLab that this library did not create: gitlab.com, or a server of your own.
 * @example
 * const com = GitLab.fromAttributes(stack, 'Com', { gitlabUrl: 'https://gitlab.com' });
 * new KubernetesGitLabRunner(stack, 'ComRunner', { gitlab: com, cluster, token: RunnerToken.kubernetesSecret('gitlab-com-token') });
 */
export class GitLab {
  /** Imports an existing GitLab. It hands out no tokens, so each runner that joins it brings its own. */
  static fromAttributes(scope: Construct, id: string, attributes: GitLabAttributes): IGitLab {
    return new ImportedGitLab(scope, id, attributes);
  }

  private constructor() {}
}
