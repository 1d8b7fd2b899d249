import { GitLabVersion } from '../../../src';
import { endpointSetUp } from '../../../src/gitlab/endpoint/endpoint-set-up';
import { GitLabRbSettings } from '../../../src/gitlab/gitlab-rb/gitlab-rb';
import { registrySetUp } from '../../../src/gitlab/registry/registry-set-up';

/** With what every server's features say. */
export function rbSettings(changes: Partial<Omit<GitLabRbSettings, 'parts'>> = {}): GitLabRbSettings {
  const endpoint = changes.endpoint ?? { host: 'gitlab.example.com', certificate: 'generated' };
  return {
    version: GitLabVersion.V19_4,
    endpoint,
    lowMemoryTuningEnabled: false,
    parts: [registrySetUp(undefined, changes.omnibusSettings), endpointSetUp(endpoint)].flatMap(({ gitlabRb: part }) => part ?? []),
    ...changes,
  };
}
