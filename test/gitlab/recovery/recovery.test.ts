import { TerraformVariable } from 'cdktf';
import { GitLabEdition, GitLabRestore, GitLabRestoreOptions, GitLabVersion, SelfHostedGitLab, SelfHostedGitLabProps } from '../../../src';
import { newStack, resource, resources, synth } from '../../synth';
import { server } from '../server';

const ACCOUNT = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/lost/providers/Microsoft.Storage/storageAccounts/lost1';
const OURS = '20261231T023000Z-19.4.1-ce';
const THEIRS = '1798684200_2026_12_31_19.4.1';
const restored = (options: Partial<GitLabRestoreOptions> = {}, props: Partial<SelfHostedGitLabProps> = {}) =>
  server({ restoreFrom: GitLabRestore.blob({ storageAccountId: ACCOUNT, ...options }), ...props }).json;
const parameters = (json: any, step: string): any => Object.entries(json.locals).find(([name]) => name.startsWith(`GitLab_SetUp_${step}Parameters_`))?.[1];

describe('a server that begins with a backup', () => {
  const json = restored();

  test('may read the backup\'s two containers, and nothing else of the account, before the machine is there', () => {
    const roles = Object.entries(resources(json, 'azurerm_role_assignment')).filter(([name]) => name.startsWith('GitLab_Recovery_'));
    expect(roles.map(([, { scope, role_definition_name: role, principal_type: type }]) => [scope, role, type]).sort()).toEqual([
      [`${ACCOUNT}/blobServices/default/containers/gitlab-backups`, 'Storage Blob Data Reader', 'ServicePrincipal'],
      [`${ACCOUNT}/blobServices/default/containers/gitlab-backups-secrets`, 'Storage Blob Data Reader', 'ServicePrincipal'],
    ]);
    expect(resource(json, 'azurerm_linux_virtual_machine').depends_on).toEqual(expect.arrayContaining(roles.map(([name]) => `azurerm_role_assignment.${name}`)));
  });

  test('is told of it by two steps: one before GitLab is installed, one before there are runners', () => {
    expect(parameters(json, 'BackupChoice')).toMatchObject({
      BACKUP_ACCOUNT: 'lost1', BACKUP_CONTAINER: 'gitlab-backups', SECRETS_CONTAINER: 'gitlab-backups-secrets', BACKUP_NAME: 'latest', EDITION: 'ce', VERSION: '19.4',
    });
    expect(parameters(json, 'Recovery')).toMatchObject({ BACKUP_ACCOUNT: 'lost1', SCHEME: 'https', SERVER_VAULT: expect.stringContaining('ServerVault') });
    const commands: [string, any][] = Object.entries(resources(json, 'azurerm_virtual_machine_run_command'));
    const [runners, recovery, gitlab] = ['Runners', 'Recovery', 'Gitlab'].map((step) => commands.find(([name]) => new RegExp(`^GitLab_SetUp_${step}_`).test(name))!);
    expect(runners[1].depends_on).toContain(`azurerm_virtual_machine_run_command.${recovery[0]}`);
    expect(recovery[1].depends_on).toContain(`azurerm_virtual_machine_run_command.${gitlab[0]}`);
  });

  test('has the same other steps as one that does not', () => {
    const triggers = (one: any) => Object.entries(resources(one, 'terraform_data')).filter(([name]) => !/BackupChoice|Recovery/.test(name))
      .map(([name, { triggers_replace: trigger }]) => [name, trigger]);
    expect(triggers(json)).toEqual(triggers(server().json));
    expect(triggers(json).length).toBeGreaterThanOrEqual(4);
  });

  test('reads the copy in the paired region, and a container of another name', () => {
    const other = restored({ secondary: true, containerName: 'weekly', backup: `${OURS}_gitlab_backup.tar` });
    expect(parameters(other, 'Recovery')).toMatchObject({
      BACKUP_ACCOUNT: 'lost1-secondary', BACKUP_CONTAINER: 'weekly', SECRETS_CONTAINER: 'weekly-secrets', BACKUP_NAME: OURS,
    });
  });

  test('takes an account and a name that only the apply knows', () => {
    const stack = newStack();
    const text = (id: string): string => new TerraformVariable(stack, id, {}).stringValue;
    new SelfHostedGitLab(stack, 'GitLab', {
      location: 'koreacentral', restoreFrom: GitLabRestore.blob({ storageAccountId: text('account'), backup: text('backup') }),
    });
    expect(parameters(synth(stack), 'Recovery')).toMatchObject({ BACKUP_ACCOUNT: '${element(split("/", var.account), 8)}', BACKUP_NAME: '${var.backup}' });
  });

  test('is refused at plan time where it would claim the lost server\'s names', () => {
    const own = restored({}, { backup: {} });
    const conditions = Object.values(resources(own, 'azurerm_role_assignment')).flatMap(({ lifecycle }: any) => lifecycle?.precondition ?? []);
    expect(conditions).toEqual([{
      condition: expect.stringMatching(/^\$\{\(?lower\("lost1"\) != "gitlabbackup\$\{local\.\w+\}"\)?\}$/),
      error_message: expect.stringMatching(/^restoreFrom: the storage account has the name .* give the construct another id, .*\(at Test\/GitLab\)$/),
    }]);
  });

  test.each<[string, Partial<SelfHostedGitLabProps>]>([
    [OURS, {}], [OURS, { version: GitLabVersion.of('19.4.1') }], [THEIRS, {}], [`${THEIRS}-ee_gitlab_backup.tar`, { edition: GitLabEdition.EE }],
    ['20261231T023000Z-18.11.2-ee', { edition: GitLabEdition.EE, version: GitLabVersion.V18_11 }],
  ])('of the release in the name %s', (backup, props) => {
    expect(parameters(restored({ backup }, props), 'Recovery').BACKUP_NAME).toBe(backup.replace('_gitlab_backup.tar', ''));
  });
});

describe('a restore fails when', () => {
  test.each<[string, any, string]>([
    ['the account is named, not identified', { storageAccountId: 'lost1' }, 'storageAccountId: not a valid value, got "lost1"; give the ARM id of a Microsoft.Storage/storageAccounts'],
    ['nobody knows where the backup is', {}, 'storageAccountId: missing, got nothing; give the ARM id of a Microsoft.Storage/storageAccounts'],
    ['the backup has another kind of name', { storageAccountId: ACCOUNT, backup: 'backup.tar' },
      'backup: not a valid value, got "backup.tar"; give the name of a backup such as "20261231T023000Z-19.4.1-ce" or "1798684200_2026_12_31_19.4.1", or "latest"'],
    ['the copy is named like an account', { storageAccountId: ACCOUNT, secondary: 'yes' }, 'secondary: not true or false, got "yes"; give true or false'],
  ])('%s', (_, options, message) => {
    expect(() => GitLabRestore.blob(options)).toThrow(message);
  });

  test.each<[string, Partial<SelfHostedGitLabProps>, string]>([
    ['20261231T023000Z-19.3.2-ce', {}, 'a backup of another release than the 19.4 (ce) that the server is to have, got "20261231T023000Z-19.3.2-ce"; '
      + 'set version to GitLabVersion.minor("19.3") and edition to GitLabEdition.CE'],
    [OURS, { version: GitLabVersion.of('19.4.2') }, 'a backup of another release than the 19.4.2 (ce)'],
    [OURS, { edition: GitLabEdition.EE }, 'a backup of another release than the 19.4 (ee)'],
    [`${THEIRS}-ee`, {}, 'and edition to GitLabEdition.EE'],
    ['1798684200_2026_12_31_19.40.1', {}, 'GitLabVersion.minor("19.40")'],
  ])('the release contradicts the name: %s', (backup, props, message) => {
    expect(() => restored({ backup }, props)).toThrow(message);
  });

  test('it is something else, or the account of the backups to come', () => {
    expect(() => server({ restoreFrom: { storageAccountId: ACCOUNT } as any })).toThrow('restoreFrom: not a GitLabRestore');
    expect(() => restored({}, { backup: { storageAccountName: 'lost1' } })).toThrow(
      'restoreFrom.storageAccountId: the account that backup.storageAccountName is about to make, got "lost1"; '
      + 'give one of the two another name: the backups to come need an account of their own (at Test/GitLab)');
  });
});
