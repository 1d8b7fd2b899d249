import { GitLabVersion } from '../../gitlab/gitlab-version';
import { known, refusal, Subject } from '../../private/rules/subject';
import { inside } from '../config/plain-data';
import { Settings } from '../config/settings';

/** The releases of Alpine that GitLab has built the helper on since runner 18.0, each with the first runner version without it. */
const ALPINES: { readonly [flavor: string]: string | undefined } = { 'alpine3.18': '18.3', 'alpine3.19': '18.8', 'alpine3.21': undefined };
const NEWEST = 21;

/**
 * Refuses flavors of the helper's image that GitLab does not build for this runner, so that no job could pull it. Later releases of Alpine may come.
 * @see https://docs.gitlab.com/runner/configuration/advanced-configuration/#helper-image
 */
export function refuseFlavorsNotBuilt(subject: Subject, settings: Settings, version: GitLabVersion): void {
  const { helper_image: image, helper_image_flavor: flavor } = settings;
  const release = known(flavor) ? /^alpine3\.(\d+)$/.exec(flavor ?? '') : null;
  if (image || release === null || Number(release[1]) > NEWEST) {
    return;
  }
  const until = ALPINES[flavor];
  if (!Object.hasOwn(ALPINES, flavor) || until !== undefined && version._reaches(until)) {
    throw refusal(inside(subject, '.helper_image_flavor'), `GitLab builds no helper of it for runner ${version._minorVersion}`, flavor,
      'give "alpine", "alpine-latest" or "ubuntu", or an image of your own as helper_image');
  }
}
