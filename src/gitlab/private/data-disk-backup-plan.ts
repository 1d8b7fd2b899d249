import { IConstruct } from 'constructs';
import { checkResourceGroupName } from './azure-names';
import { checkInteger, checkOneOf, checkPattern, checkType, known, Subject } from '../../private/checks';
import { ValidationError } from '../../private/validation-error';
import { GitLabDataDiskBackupOptions } from '../gitlab-data-disk-backup';
import { SelfHostedGitLabProps } from '../self-hosted-gitlab-props';

/** As many snapshots of one disk a policy may keep. */
const MAXIMUM_SNAPSHOTS = 450;

/** A data disk's backup with every gap filled that a constant fills. */
export type DataDiskBackupPlan = ReturnType<typeof dataDiskBackupPlan>;

export function dataDiskBackupPlan(options: GitLabDataDiskBackupOptions) {
  return {
    intervalHours: options.intervalHours ?? 4,
    startTime: options.startTime ?? '00:00',
    retentionDays: options.retentionDays ?? 7,
    deletedRetentionDays: options.deletedRetentionDays ?? 14,
    resourceGroupName: options.resourceGroupName ?? undefined,
    vaultName: options.vaultName ?? 'gitlab-data-disk',
  };
}

export function checkDataDiskBackup(where: IConstruct, given: SelfHostedGitLabProps): void {
  const of = (prop: keyof GitLabDataDiskBackupOptions): Subject => ({ where, prop: `dataDiskBackup.${prop}` });
  const options = given.dataDiskBackup;
  checkType({ where, prop: 'dataDiskBackup' }, options, 'object');
  checkOneOf(of('intervalHours'), options?.intervalHours, [1, 2, 4, 6, 8, 12, 24]);
  checkPattern(of('startTime'), options?.startTime, /^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day in UTC such as "02:30"');
  checkInteger(of('retentionDays'), options?.retentionDays, 1, 365);
  checkInteger(of('deletedRetentionDays'), options?.deletedRetentionDays, 14, 180);
  checkResourceGroupName(of('resourceGroupName'), options?.resourceGroupName);
  checkPattern(of('vaultName'), options?.vaultName, /^[A-Za-z][A-Za-z0-9-]{1,49}$/, '2 to 50 letters, digits and "-", first a letter');
  checkSnapshotsFit(of('retentionDays'), options);
  checkGroupOfItsOwn(of('resourceGroupName'), given);
}

function checkSnapshotsFit(subject: Subject, options: GitLabDataDiskBackupOptions | undefined): void {
  const { intervalHours, retentionDays } = dataDiskBackupPlan(options ?? {});
  if (known(intervalHours) && known(retentionDays) && retentionDays * 24 / intervalHours > MAXIMUM_SNAPSHOTS) {
    throw new ValidationError(subject.where, {
      prop: subject.prop, problem: `more than ${MAXIMUM_SNAPSHOTS} snapshots, one every ${intervalHours} h`, got: retentionDays,
      remedy: `give at most ${Math.floor(MAXIMUM_SNAPSHOTS * intervalHours / 24)}, or a longer intervalHours`,
    });
  }
}

function checkGroupOfItsOwn(subject: Subject, given: SelfHostedGitLabProps): void {
  const name = given.dataDiskBackup?.resourceGroupName;
  for (const server of [given.resourceGroupName, given.existingResourceGroupName]) {
    if (known(name) && known(server) && name.toLowerCase() === server.toLowerCase()) {
      throw new ValidationError(subject.where, {
        prop: subject.prop, problem: 'the server\'s resource group', got: name,
        remedy: 'give another name: snapshots that Azure keeps would keep the server\'s group from being deleted',
      });
    }
  }
}
