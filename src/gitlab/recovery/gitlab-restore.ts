import { backupName, LATEST } from './backup-name';
import { armId } from '../../azure/private/rules';
import { required, Rules, takeProps } from '../../private/rules/rule';
import { trueOrFalse } from '../../private/rules/scalars';
import { backupContainerName } from '../private/backup-container';

/** Where a backup is, and which one. */
export interface GitLabRestoreOptions {
  /** The ARM id of the storage account that holds the backup, in any region. */
  readonly storageAccountId: string;

  /**
   * The backup's name without `_gitlab_backup.tar`, such as `20261231T023000Z-19.4.1-ce`, or `1798684200_2026_12_31_19.4.1` from GitLab's
   * own `gitlab-backup`. GitLab restores a backup only into the version and edition in its name, so `version` and `edition` have to be
   * those; of a minor version, an empty server installs the backup's patch. `latest` is the newest complete backup that this library made,
   * and is chosen once.
   * @see https://docs.gitlab.com/administration/backup_restore/restore_gitlab/
   * @default 'latest'
   */
  readonly backup?: string;

  /**
   * The name of the blob container with the backups: 3 to 55 lower-case letters, digits and single hyphens. The one with the secrets has
   * `-secrets` appended.
   * @default 'gitlab-backups'
   */
  readonly containerName?: string;

  /**
   * Whether to read the copy in the account's paired region, which only RA-GRS and RA-GZRS accounts have. It lags behind, so the last
   * backup may be missing there.
   * @see https://learn.microsoft.com/azure/storage/common/storage-redundancy
   * @default false
   */
  readonly secondary?: boolean;
}

const RESTORE: Rules<GitLabRestoreOptions> = {
  storageAccountId: required(armId('Microsoft.Storage/storageAccounts')),
  backup: backupName(),
  containerName: backupContainerName(),
  secondary: trueOrFalse(),
};

/**
 * The backup that a new, empty server starts from.
 *
 * @see https://docs.gitlab.com/administration/backup_restore/restore_gitlab/
 * @example
 * new SelfHostedGitLab(stack, 'GitLabWest', {
 *   location: 'koreasouth',
 *   backup: { replication: StorageReplication.RA_GRS },
 *   restoreFrom: GitLabRestore.blob({ storageAccountId: lostAccountId, secondary: true }),
 * });
 */
export class GitLabRestore {
  /**
   * A backup in Blob storage that a server of this library made, or an archive of `gitlab-backup` with its server's secrets beside it.
   * @param options where it is, and which one.
   */
  static blob(options: GitLabRestoreOptions): GitLabRestore {
    const given = takeProps('GitLabRestore.blob', 'options', options, RESTORE);
    return new GitLabRestore({
      storageAccountId: given.storageAccountId,
      backup: given.backup ?? LATEST,
      containerName: given.containerName ?? 'gitlab-backups',
      secondary: given.secondary ?? false,
    });
  }

  private constructor(
    /** @internal */
    public readonly _source: Required<GitLabRestoreOptions>,
  ) {}
}
