import { CHART_VALUES, VALUES_OF_MANAGER } from './chart-values';
import { GUESSED_NAMES, GUESSED_NAMES_IN_GITLAB, GUESSED_NAMES_OF_ADDED, GUESSED_NAMES_OF_MANAGER, NAMES_IN_GITLAB } from './guessed-names';
import { OtherNames } from '../../private/rules/rule';

const OF_MANAGER: OtherNames = { ...GUESSED_NAMES, ...CHART_VALUES, ...GUESSED_NAMES_OF_MANAGER };
const OF_ADDED: OtherNames = { ...GUESSED_NAMES, ...VALUES_OF_MANAGER, ...GUESSED_NAMES_OF_ADDED };

/** What to do in place of names that others have for props of a manager and its first runner, which this library makes in GitLab or is given a token of. */
export const OTHER_NAMES_OF_JOINED: OtherNames = { ...OF_MANAGER, ...GUESSED_NAMES_IN_GITLAB, url: 'write gitlab' };

/** The same of a further runner. */
export const OTHER_NAMES_OF_JOINED_TOO: OtherNames = { ...OF_ADDED, ...GUESSED_NAMES_IN_GITLAB };

/** The same of a chart, which has no part in GitLab. */
export const OTHER_NAMES_OF_RUNNER_CHART: OtherNames = { ...OF_MANAGER, ...NAMES_IN_GITLAB };

/** The same of its further runners. */
export const OTHER_NAMES_OF_RUNNER_CHART_TOO: OtherNames = { ...OF_ADDED, ...NAMES_IN_GITLAB, token: 'give it as the second argument' };
