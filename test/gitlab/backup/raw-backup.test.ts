import { Token } from 'cdktf';
import { judgeUpload } from '../../../src/gitlab/backup/raw-backup';
import { attempt, LOCATION } from '../server';

const told = (rails: any) => judgeUpload({ gitlab_rails: rails }).map(({ path, problem, remedy }) => `${path.slice(1).join('.')}: ${problem}; ${remedy}`);
const CONNECTION = { provider: 'AWS', region: 'eu-west-1', use_iam_profile: true };

test.each<[string, any, string]>([
  ['nowhere', { backup_upload_connection: CONNECTION }, 'backup_upload_remote_directory: missing, without which no backup is uploaded; give the bucket or container'],
  ['a provider by its name elsewhere', { backup_upload_connection: { provider: 'Azure', azure_storage_account_name: 'a' }, backup_upload_remote_directory: 'b' },
    'backup_upload_connection.provider: not a provider that GitLab knows; write "AzureRM", or name it in uncheckedOmnibusKeys'],
  ['no account', { backup_upload_connection: { provider: 'AzureRM' }, backup_upload_remote_directory: 'b' },
    'backup_upload_connection.azure_storage_account_name: missing beside "AzureRM"; give the storage account\'s name'],
])('backups that GitLab cannot upload are refused: %s', (_, rails, message) => {
  expect(told(rails)).toEqual([message]);
  for (const backup of [undefined, {}]) {
    expect(() => attempt({ location: LOCATION, backup, omnibusSettings: { gitlab_rails: rails } })).toThrow(message.slice(0, message.indexOf(';')));
  }
});

test.each<[string, any]>([
  ['a bucket', { backup_upload_connection: CONNECTION, backup_upload_remote_directory: 'b' }],
  ['a provider in small letters', { backup_upload_connection: { provider: 'aliyun' }, backup_upload_remote_directory: 'b' }],
  ['what only the apply knows', { backup_upload_connection: Token.asAny({ resolve: () => ({}) }) }],
  ['none', { backup_upload_connection: {} }],
])('backups are taken: %s', (_, rails) => {
  expect(told(rails)).toEqual([]);
});
