import { GitLabVersion } from './gitlab-version';

/** The newest minor version that GitLab had published when this library was released, and so the default. */
export const NEWEST_VERSION = GitLabVersion.V19_4;

/** The day of this library's release, which build/release.mjs writes into the packed package; a checkout has none. */
export const RELEASED_ON: string = 'unreleased';
