import { shown } from '../../private/rules/objects';
import { Together } from '../../private/rules/rule';
import { ValidationError } from '../../private/validation-error';
import { SelfHostedGitLabProps } from '../self-hosted-gitlab-props';

/** Refuses a key of the user's that encrypts nothing, or cannot encrypt what it should. */
export const checkKeyFits: Together<SelfHostedGitLabProps> = (at, { customerManagedKey: key, backup, objectStorage, database }) => {
  const refuse = (problem: string, remedy: string) => {
    throw new ValidationError(at('customerManagedKey').where, { prop: 'customerManagedKey', problem, got: shown(key), remedy });
  };
  const choice = database?._choice;
  const made = choice?.kind === 'azure' ? choice : undefined;
  if (key && !backup && !objectStorage && !made) {
    refuse('there is no storage account and no database server that it could encrypt', 'set backup or objectStorage, or leave it out: disks have diskEncryptionSetId');
  }
  if (key && made?.geoRedundantBackupEnabled) {
    refuse('backups of the database in another region need a key of that region', 'leave out geoRedundantBackupEnabled, or the key');
  }
};
