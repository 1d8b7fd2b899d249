import { Rule } from '../../private/rules/rule';
import { text } from '../../private/rules/scalars';
import { known } from '../../private/rules/subject';
import { GitLabEdition } from '../gitlab-edition';

/** The newest one, which the machine looks for. */
export const LATEST = 'latest';

const OURS = /^\d{8}T\d{6}Z-(\d+\.\d+\.\d+)-(ce|ee)$/;
/** As `gitlab-backup` calls its archives; Community Edition's have no ending. */
const GITLABS = /^\d{9,11}_\d{4}_\d{2}_\d{2}_(\d+\.\d+\.\d+)(?:-(ee))?$/;
const ENDING = '_gitlab_backup.tar';

export function backupName(): Rule<string> {
  const rule = text('the name of a backup such as "20261231T023000Z-19.4.1-ce" or "1798684200_2026_12_31_19.4.1", or "latest"',
    new RegExp(`^(${LATEST}|(${OURS.source.slice(1, -1)}|${GITLABS.source.slice(1, -1)})(${ENDING})?)$`));
  return {
    expected: rule.expected,
    take(subject, value) {
      const name = rule.take(subject, value);
      // people copy the name of the archive as well.
      return known(name) && name.endsWith(ENDING) ? name.slice(0, -ENDING.length) : name;
    },
  };
}

/** What the name says about the GitLab that made the backup; nothing for the latest one, and for a name that only the apply knows. */
export function releaseOf(name: string): { readonly version: string; readonly edition: GitLabEdition } | undefined {
  const [, version, edition] = known(name) ? OURS.exec(name) ?? GITLABS.exec(name) ?? [] : [];
  return version === undefined ? undefined : { version, edition: edition === GitLabEdition.EE ? GitLabEdition.EE : GitLabEdition.CE };
}
