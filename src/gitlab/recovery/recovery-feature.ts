import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { Fn, Op } from 'cdktf';
import { Construct } from 'constructs';
import { releaseOf } from './backup-name';
import { GitLabRestore } from './gitlab-restore';
import { recoverySetUp } from './recovery-set-up';
import { assignIdentityRole } from '../../azure/access/role-assignment';
import { AzureRole } from '../../azure/azure-role';
import { armIdPart } from '../../azure/place/arm-id';
import { instanceOf } from '../../private/rules/objects';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { secretsContainerOf } from '../private/backup-container';
import { Feature } from '../private/feature';
import { FilledProps } from '../private/filled-props';

/** The place of an ARM id's last part: the account's name. */
const NAME = 8;

export const RECOVERY_FEATURE = {
  rules: { restoreFrom: instanceOf(GitLabRestore, 'one such as GitLabRestore.blob({ storageAccountId })') },
  together(at, { restoreFrom, backup }) {
    const accountName = restoreFrom && armIdPart(restoreFrom._source.storageAccountId, NAME);
    const own = backup?.storageAccountName;
    if (known(accountName) && known(own) && accountName.toLowerCase() === own) {
      throw new ValidationError(at('restoreFrom').where, {
        prop: 'restoreFrom.storageAccountId', problem: 'the account that backup.storageAccountName is about to make', got: accountName,
        remedy: 'give one of the two another name: the backups to come need an account of their own',
      });
    }
  },
  plan(props) {
    const { restoreFrom, backup, edition, version } = props;
    if (!restoreFrom) {
      return {};
    }
    const source = restoreFrom._source;
    return {
      check: (scope) => checkRelease(scope, source.backup, props),
      create({ azure, endpoint, hosts, identity, server, serverVault }) {
        const accountName = armIdPart(source.storageAccountId, NAME);
        const parent = new Construct(server, 'Recovery');
        const containers = { Data: source.containerName, Secrets: secretsContainerOf(source.containerName) };
        const roles = Object.entries(containers).map(([id, container]) => assignIdentityRole(parent, id, AzureRole.STORAGE_BLOB_DATA_READER,
          `${source.storageAccountId}/blobServices/default/containers/${container}`, identity.principalId));
        if (backup && backup.storageAccountName === undefined) {
          refuseOwnAccount(roles[0], accountName, azure.uniqueName(server, 'gitlabbackup'), server.node.path);
        }
        return {
          usable: roles,
          setUp: recoverySetUp({ ...source, accountName, edition, version: version.version }, endpoint, hosts, serverVault.vaultName),
        };
      },
    };
  },
} satisfies Feature;

/** GitLab restores into the same version and edition only. */
function checkRelease(scope: Construct, backup: string, { version, edition }: FilledProps): void {
  const release = releaseOf(backup);
  const fits = release && edition === release.edition
    && (version._patch === undefined ? release.version.startsWith(`${version.version}.`) : version.version === release.version);
  if (release && known(edition) && !fits) {
    throw new ValidationError(scope, {
      prop: 'restoreFrom.backup', problem: `a backup of another release than the ${version.version} (${edition}) that the server is to have`, got: backup,
      remedy: `set version to GitLabVersion.minor("${release.version.replace(/\.\d+$/, '')}") and edition to GitLabEdition.${release.edition.toUpperCase()}; `
        + 'upgrade once the backup is restored',
    });
  }
}

/** Names hold no region, so a server at the same path would claim what the lost one still has: its account, and its vaults. */
function refuseOwnAccount(role: RoleAssignment, accountName: string, own: string, path: string): void {
  role.lifecycle = {
    precondition: [{
      condition: Op.neq(Fn.lower(accountName), own),
      errorMessage: 'restoreFrom: the storage account has the name that this server\'s own would have, since names are made from the subscription and the construct\'s path; '
        + 'give the construct another id, so that account and vaults get other names, or see docs/restore.md to bring a backup back onto the server that made it '
        + `(at ${path})`,
    }],
  };
}
