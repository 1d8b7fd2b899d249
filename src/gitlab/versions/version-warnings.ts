import { Construct } from 'constructs';
import { warn } from '../../warnings/private/warn';
import { GitLabVersion } from '../gitlab-version';
import { NEWEST_VERSION, RELEASED_ON } from '../newest-version';

/** GitLab mends bugs and security holes in the newest minor version and in this many before it, which is some three months. */
const MENDED_BEFORE_NEWEST = 2;
const MENDED_DAYS = 100;
/** The last minor version of each major one. */
const LAST_MINOR = 11;
const MILLISECONDS_PER_DAY = 86_400_000;

/** The oldest minor version that GitLab mends, as far as this library knows. */
function oldestMended({ _major: major, _minor: minor }: GitLabVersion): GitLabVersion {
  const oldest = minor - MENDED_BEFORE_NEWEST;
  return GitLabVersion.minor(oldest < 0 ? `${major - 1}.${LAST_MINOR + 1 + oldest}` : `${major}.${oldest}`);
}

/** Warns of a version that gets no security fixes: any more, or as far as a library can know that is of another time. */
export function warnOfVersion(where: Construct, version: GitLabVersion, patchReleasesEnabled: boolean, today = new Date()): void {
  const oldest = oldestMended(NEWEST_VERSION);
  if (!version._isAtLeast(oldest._major, oldest._minor)) {
    warn(where, 'unsupported-gitlab-version', {
      prop: 'version', reason: `GitLab publishes security fixes for ${oldest.version} and later, not for ${version._minorVersion}`,
      remedy: `upgrade to GitLabVersion.minor("${NEWEST_VERSION.version}"), through the required stops if there are any`,
    });
  } else if (NEWEST_VERSION._isAtLeast(version._major, version._minor) && isOver(today)) {
    warn(where, 'outdated-library', {
      prop: 'version', reason: `this library was released on ${RELEASED_ON}, and GitLab publishes security fixes for a version for some ${MENDED_DAYS} days`,
      remedy: 'update this library, or name a later version, such as GitLabVersion.minor("20.1")',
    });
  }
  if (version._patch === undefined && !patchReleasesEnabled) {
    warn(where, 'no-gitlab-patches', {
      prop: 'patchReleasesEnabled', reason: 'GitLab\'s security fixes are installed only when somebody changes the version', remedy: 'leave it out',
    });
  }
}

function isOver(today: Date): boolean {
  // a checkout has no date, and nothing is later than that.
  return today.getTime() - Date.parse(RELEASED_ON) > MENDED_DAYS * MILLISECONDS_PER_DAY;
}
