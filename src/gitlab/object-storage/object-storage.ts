import { Construct, IConstruct } from 'constructs';
import { GitLabObjectStorageOptions } from './gitlab-object-storage';
import { storageAccountName } from '../../azure/private/rules';
import { StorageReplication } from '../../azure/storage-replication';
import { Rules } from '../../private/rules/rule';
import { integer, oneOf } from '../../private/rules/scalars';
import { known } from '../../private/rules/subject';
import { InWords, ValidationError } from '../../private/validation-error';
import { warn } from '../../warnings/private/warn';
import { GitLabVersion } from '../gitlab-version';
import { SelfHostedGitLabProps } from '../self-hosted-gitlab-props';

/** What GitLab keeps as objects, in its words, and the container of each, which GitLab wants apart. */
const CONTAINERS: { readonly [kind: string]: string } = {
  artifacts: 'artifacts',
  external_diffs: 'external-diffs',
  lfs: 'lfs-objects',
  uploads: 'uploads',
  packages: 'packages',
  dependency_proxy: 'dependency-proxy',
  terraform_state: 'terraform-state',
  ci_secure_files: 'ci-secure-files',
  pages: 'pages',
  agent_plan_content: 'agent-plan-content',
};

export const OBJECT_STORAGE: Rules<GitLabObjectStorageOptions> = {
  replication: oneOf(Object.values(StorageReplication)),
  deletedRetentionDays: integer(1, 365),
  storageAccountName: storageAccountName(),
};

/** Object storage with every gap filled that a constant fills. */
export type ObjectStoragePlan = ReturnType<typeof objectStoragePlan>;

export function objectStoragePlan(options: GitLabObjectStorageOptions) {
  return {
    ...options,
    replication: options.replication ?? StorageReplication.ZRS,
    deletedRetentionDays: options.deletedRetentionDays ?? 14,
  };
}

/** The containers, by the ids of their constructs. */
export function objectContainers(): { [id: string]: string } {
  return Object.fromEntries(Object.entries(CONTAINERS).map(([kind, name]) =>
    [kind.split('_').map((word) => word[0].toUpperCase() + word.slice(1)).join(''), name]));
}

/** The value of `gitlab_rails["object_store"]`. Without a key, GitLab asks the machine's identity. */
export function objectStore(accountName: string, domain: string, version: GitLabVersion): object {
  const kinds = Object.entries(CONTAINERS).filter(([kind]) => kind !== 'agent_plan_content' || version._isAtLeast(19, 1));
  return {
    enabled: true,
    // clients need not reach the account, nor trust its address.
    proxy_download: true,
    connection: { provider: 'AzureRM', azure_storage_account_name: accountName, azure_storage_domain: domain },
    objects: Object.fromEntries(kinds.map(([kind, bucket]) => [kind, { bucket }])),
  };
}

/** Refuses object storage that the rest of the server contradicts. */
export function checkObjectStorageFits(
  where: IConstruct, options: ObjectStoragePlan, props: SelfHostedGitLabProps & { readonly version: GitLabVersion },
): void {
  const { backup, omnibusSettings: settings, version } = props;
  if (known(options.storageAccountName) && options.storageAccountName === backup?.storageAccountName) {
    throw new ValidationError(where, {
      prop: 'objectStorage.storageAccountName', problem: 'the same as backup.storageAccountName', got: options.storageAccountName,
      remedy: 'give another name: a backup belongs in an account of its own',
    });
  }
  if (!version._isAtLeast(17, 9)) {
    throw new ValidationError(where, {
      prop: 'objectStorage', problem: 'it needs GitLab 17.9 or later, which signs in to Blob storage without a key', got: version.version, remedy: 'set a later version',
    });
  }
  const rails = settings?.gitlab_rails;
  const twice = Object.keys(known(rails) ? rails : {}).find((key) => /^(\w+_)?object_store(_|$)/.test(key));
  if (twice) {
    throw new ValidationError(where, {
      prop: `omnibusSettings.gitlab_rails.${twice}`, problem: 'set together with objectStorage', got: new InWords('{…}'), remedy: 'leave one of the two out',
    });
  }
}

export function warnOfBackupWithoutObjects(scope: Construct): void {
  warn(scope, 'objects-not-in-backup', {
    prop: 'objectStorage', reason: 'backups do not include what is in Blob storage',
    remedy: 'restore deleted and overwritten blobs within objectStorage.deletedRetentionDays, and protect against larger losses with objectStorage.replication',
  });
}
