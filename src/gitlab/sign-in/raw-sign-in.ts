import { judgeDirectories } from './raw-directories';
import { judgeProviders } from './raw-providers';
import { GitLabEdition } from '../gitlab-edition';
import { Finding } from '../set-up/omnibus-judgement';
import { OmnibusSettings } from '../set-up/omnibus-settings';

/**
 * Judges GitLab's own keys for directories and identity providers.
 * @param hostname GitLab's name, where the endpoint says it.
 */
export function judgeSignIn(settings: OmnibusSettings, edition: GitLabEdition, hostname?: string): Finding[] {
  return [...judgeDirectories(settings, edition), ...judgeProviders(settings, edition, hostname)];
}
