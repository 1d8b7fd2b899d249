import { GitLabVersion } from '../gitlab-version';

/**
 * The versions that no upgrade may leave out, whatever the instance holds. The scripts plan the way by it; each package says again on
 * the machine from which version it may be installed, so a stop that is missing here costs a download, not data.
 *
 * @see https://docs.gitlab.com/update/upgrade_paths/
 */
export const UPGRADE_STOPS = {
  readOn: '2026-11-24',
  stops: ['16.3', '16.7', '16.11', '17.3', '17.5', '17.8', '17.11', '18.2', '18.5', '18.8', '18.11', '19.2', '19.5', '19.8', '19.11'],
  /** GitLab's rule since 17.5, for the major versions after those above. */
  minorsOfLaterMajors: [2, 5, 8, 11],
};

/** The stops before a version, in order, as `major.minor`. */
export function stopsBefore(version: GitLabVersion): string[] {
  const lastMajor = Number(UPGRADE_STOPS.stops[UPGRADE_STOPS.stops.length - 1].split('.')[0]);
  const laterMajors = Array.from({ length: Math.max(0, Math.min(version._major, lastMajor + 20) - lastMajor) }, (_, index) => lastMajor + 1 + index);
  return [...UPGRADE_STOPS.stops, ...laterMajors.flatMap((major) => UPGRADE_STOPS.minorsOfLaterMajors.map((minor) => `${major}.${minor}`))]
    .filter((stop) => {
      const [major, minor] = stop.split('.').map(Number);
      return `${major}.${minor}` !== version._minorVersion && version._isAtLeast(major, minor);
    });
}
