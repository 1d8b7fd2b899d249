import { judgeDirectories } from './raw-directories';
import { judgeProviders } from './raw-providers';
import { GitLabEdition } from '../gitlab-edition';
import { Finding } from '../gitlab-rb/omnibus-judgement';
import { OmnibusSettings } from '../gitlab-rb/omnibus-settings';

/**
 * Judges GitLab's own keys for directories and identity providers.
 * @param hostname GitLab's name, where the endpoint says it.
 */
export function judgeSignIn(settings: OmnibusSettings, edition: GitLabEdition, hostname?: string): Finding[] {
  return [...judgeDirectories(settings, edition), ...judgeProviders(settings, edition, hostname)];
}
