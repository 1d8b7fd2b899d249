import { execFileSync, spawnSync } from 'child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { GitLabHardeningOptions, GitLabSignIn, GitLabVersion, GitLabVisibility, KeyVaultSecret } from '../../../src';
import { scriptPath, scriptTexts } from '../../../src/assets';
import { CLOUDS } from '../../../src/azure/place/cloud-hosts';
import { BackupTarget, backupSetUp } from '../../../src/gitlab/backup/backup-set-up';
import { managedDatabaseSetUp } from '../../../src/gitlab/database/database-set-up';
import { endpointSetUp } from '../../../src/gitlab/endpoint/endpoint-set-up';
import { applicationSettings, checkVisibility, HARDENING } from '../../../src/gitlab/hardening/hardening';
import { DEFAULT_MAINTENANCE_WINDOW } from '../../../src/gitlab/machine/patching';
import { ObjectStorageTarget, objectStorageSetUp } from '../../../src/gitlab/object-storage/object-storage-set-up';
import { RecoverySource, recoverySetUp } from '../../../src/gitlab/recovery/recovery-set-up';
import { secretsSetUp } from '../../../src/gitlab/secrets/secrets-set-up';
import { BootstrapStep, bootstrapSteps, RunnerRequest, ServerSettings } from '../../../src/gitlab/set-up/bootstrap';
import { SetUpPart } from '../../../src/gitlab/set-up/set-up-part';
import { SignInChoice } from '../../../src/gitlab/sign-in/sign-in-choice';
import { signInSetUp } from '../../../src/gitlab/sign-in/sign-in-set-up';
import { versionsSetUp } from '../../../src/gitlab/versions/versions-set-up';
import { struct, takeValue } from '../../../src/private/rules/rule';
import { shellcheck, testWith } from '../../tools';

function takeHardening(options: unknown): GitLabHardeningOptions {
  return takeValue('Test', 'hardening', options, struct(HARDENING, checkVisibility));
}

const PERSON = '00000000-0000-0000-0000-000000000003';

/** With every feature, so that all scripts are among the steps. */
function allSteps(signIn = [GitLabSignIn.entraIdSaml({ tenantId: PERSON, applicationId: PERSON, administrators: [PERSON] })]): BootstrapStep[] {
  return bootstrapSteps(settings({ omnibusSettings: { gitlab_rails: { smtp_password: SECRET } } }, {
    backup: {
      accountName: 'gitlabbackup1', containerName: 'gitlab-backups', secretsContainerName: 'gitlab-backups-secrets', schedule: '02:30',
      excludedParts: ['registry'],
    },
    objectStorage: { accountName: 'gitlabobjects1', domain: 'blob.core.windows.net', identityClientId: '00000000-0000-0000-0000-000000000002' },
    signIn: signIn.map(({ _choice }) => _choice),
    recovery: RECOVERY,
  }));
}

const RECOVERY: RecoverySource = {
  accountName: 'lost', containerName: 'gitlab-backups', secondary: true, backup: 'latest', edition: 'ce', version: '19.4',
};

/** The same where the database is on another server. */
function stepsWithDatabase(): BootstrapStep[] {
  return bootstrapSteps(settings({}, {
    backup: { accountName: 'gitlabbackup1', containerName: 'b', secretsContainerName: 's', schedule: '02:30', excludedParts: ['registry'] },
    objectStorage: { accountName: 'gitlabobjects1', domain: 'blob.core.windows.net', identityClientId: '00000000-0000-0000-0000-000000000002' },
    database: managedDatabaseSetUp({
      host: 'db.postgres.database.azure.com', ipAddress: '10.40.0.5', postgresqlVersion: 17, administrator: 'gitlab-vm-identity',
      tokenAudience: 'ossrdbms-aad.database.windows.net', serverVaultName: 'server-vault',
    }),
  }));
}

const SECRET = KeyVaultSecret.of('/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/mail', 'smtp');

const RUNNER: RunnerRequest = {
  marker: `cdktf-azure-gitlab:${'1'.repeat(32)}`,
  tokenSecretName: 'runner-token-aks-11111111',
  description: 'AKS',
  tags: ['aks'],
  runUntagged: false,
  locked: false,
  paused: false,
  accessLevel: 'not_protected' as const,
};

interface Features {
  readonly backup?: BackupTarget;
  readonly objectStorage?: ObjectStorageTarget;
  readonly signIn?: readonly SignInChoice[];
  readonly recovery?: RecoverySource;
  readonly database?: SetUpPart;
}

function settings(changes: Partial<Omit<ServerSettings, 'parts'>> = {}, { backup, objectStorage, signIn = [], recovery, database }: Features = {}): ServerSettings {
  const { endpoint, version } = { endpoint: { host: 'gitlab.example.com', certificate: 'generated' } as const, version: GitLabVersion.V19_4, ...changes };
  return {
    version,
    hosts: CLOUDS[0],
    edition: 'ce',
    upgradeThroughStopsAllowed: false,
    ubuntuCodename: 'noble',
    endpoint,
    identityClientId: '00000000-0000-0000-0000-000000000001',
    serverVaultName: 'server-vault',
    runnerVaultName: 'runner-vault',
    dataDiskLun: 0,
    dataDiskSizeGb: 128,
    vmSize: 'Standard_D4s_v5',
    lowMemoryTuningEnabled: false,
    runners: [RUNNER],
    parts: [
      endpointSetUp(endpoint), objectStorageSetUp(objectStorage, version), secretsSetUp('03:00'), backupSetUp(backup, endpoint, CLOUDS[0]),
      ...recovery ? [recoverySetUp(recovery, endpoint, CLOUDS[0], 'server-vault')] : [],
      signInSetUp(signIn, 'https://gitlab.example.com'),
      ...database ? [database] : [],
      versionsSetUp({ ...DEFAULT_MAINTENANCE_WINDOW, durationMinutes: 180 }),
    ],
    deadlineSeconds: 3300,
    ...changes,
  };
}

function composed(step: BootstrapStep): string {
  return step.scripts.map((name) => readFileSync(scriptPath('gitlab', name), 'utf8')).join('\n');
}

describe('steps', () => {
  test('come in the order in which they have to run', () => {
    expect(bootstrapSteps(settings()).map((step) => [step.name, step.scripts])).toEqual([
      ['metadata', ['lib.sh', 'key-vault.sh', 'apt.sh', 'metadata.sh']],
      ['data-disk', ['lib.sh', 'key-vault.sh', 'data-disk.sh']],
      ['gitlab', ['lib.sh', 'key-vault.sh', 'apt.sh', 'packages.sh', 'readiness.sh', 'upgrade.sh', 'vault-files.sh', 'gitlab-secrets.sh', 'certificate.sh', 'object-storage.sh', 'secret-files.sh', 'upgrade-backup.sh', 'shown-certificates.sh', 'updates.sh', 'gitlab.sh']],
      ['runners', ['lib.sh', 'key-vault.sh', 'administrators.sh', 'runners.sh']],
    ]);
  });

  test('get all they need, and nothing empty, which Azure would not set', () => {
    const [metadata, disk, gitlab, runners] = bootstrapSteps(settings());
    expect(metadata.parameters).toEqual({ DEADLINE_SECONDS: '3300', IDENTITY_CLIENT_ID: '00000000-0000-0000-0000-000000000001' });
    expect(disk.parameters).toEqual({
      DEADLINE_SECONDS: '3300', IDENTITY_CLIENT_ID: '00000000-0000-0000-0000-000000000001', DISK_LUN: '0', DISK_SIZE_GB: '128',
    });
    expect(gitlab.parameters).toMatchObject({
      SERVER_VAULT: 'server-vault', RUNNER_VAULT: 'runner-vault', SCHEME: 'https', SERVER_HOST: 'gitlab.example.com', CERTIFICATE: 'generated',
      EDITION: 'ce', VERSION: '19.4', VM_SIZE: 'Standard_D4s_v5', UBUNTU_CODENAME: 'noble',
    });
    expect(gitlab.parameters).not.toHaveProperty('LETS_ENCRYPT');
    expect(JSON.parse(runners.parameters.WANTED_JSON).runners).toEqual([{ ...RUNNER, maximumTimeoutSeconds: null }]);
    bootstrapSteps(settings()).forEach((step) => expect(Object.values(step.parameters)).not.toContain(''));
  });

  test('run again with another value of rerun', () => {
    bootstrapSteps(settings({ rerun: '2' })).forEach((step) => expect(step.parameters.RERUN).toBe('2'));
    bootstrapSteps(settings()).forEach((step) => expect(step.parameters).not.toHaveProperty('RERUN'));
  });

  test('are told of each kind of certificate', () => {
    const parameters = (endpoint: ServerSettings['endpoint']) => bootstrapSteps(settings({ endpoint }))[2].parameters;
    expect(parameters({ host: '20.1.2.3', certificate: 'none' })).toMatchObject({ SCHEME: 'http', CERTIFICATE: 'none' });
    expect(parameters({ host: 'a.example', certificate: 'generated', letsEncrypt: { contactEmails: [] } })).toMatchObject({ LETS_ENCRYPT: 'yes' });
    expect(parameters({ host: 'a.example', certificate: 'key-vault', keyVaultCertificate: { vaultName: 'mine', secretName: 'web' } }))
      .toMatchObject({ CERTIFICATE: 'key-vault', CERTIFICATE_VAULT: 'mine', CERTIFICATE_SECRET: 'web' });
  });

  test('end with the backup, which is told where to put what', () => {
    const steps = allSteps();
    expect(steps.map((step) => step.name)).toEqual(['metadata', 'data-disk', 'secrets', 'backup-choice', 'sign-in', 'gitlab', 'recovery', 'runners', 'backup']);
    expect(steps[5].parameters.BACKUP).toBe('yes');
    expect(steps[8].scripts).toEqual(['lib.sh', 'key-vault.sh', 'readiness.sh', 'blob.sh', 'backup-release.sh', 'backup-parts.sh', 'restore.sh', 'backup.sh']);
    expect(steps[8].parameters).toEqual({
      DEADLINE_SECONDS: '3300', IDENTITY_CLIENT_ID: '00000000-0000-0000-0000-000000000001', SCHEME: 'https', SERVER_HOST: 'gitlab.example.com',
      BACKUP_ACCOUNT: 'gitlabbackup1', BACKUP_CONTAINER: 'gitlab-backups', SECRETS_CONTAINER: 'gitlab-backups-secrets', BACKUP_SCHEDULE: '02:30',
      EXCLUDED_PARTS: 'registry',
    });
  });

  test('stay on one line where a heredoc takes them', () => {
    const [, , , runners] = bootstrapSteps(settings({ runners: [{ ...RUNNER, description: 'a\nWANTED_JSON\nb "#{exit}"' }] }));
    expect(runners.parameters.WANTED_JSON).not.toContain('\n');
    expect(JSON.parse(runners.parameters.WANTED_JSON).runners[0].description).toBe('a\nWANTED_JSON\nb "#{exit}"');
  });

  test.each(['metadata', 'data-disk', 'secrets', 'sign-in', 'backup-choice', 'gitlab', 'recovery', 'runners', 'backup'])('%s stays below what a run command takes', (name) => {
    // Azure's agent on the machine refuses a script of more than 256 KiB (maxScriptSize in Azure/run-command-handler-linux); half of that is far from it.
    const step = allSteps(name === 'sign-in' ? undefined : []).find((candidate) => candidate.name === name) as BootstrapStep;
    expect(Buffer.byteLength(composed(step)) + Buffer.byteLength(JSON.stringify(step.parameters))).toBeLessThan(128_000);
  });

  test('read no variable that is neither given nor optional', () => {
    for (const step of [...allSteps(), ...stepsWithDatabase()]) {
      const text = composed(step);
      const made = new Set([...text.matchAll(/(?:^|[\s;(]|\blocal )([A-Z][A-Z_]+)=/gm)].map((match) => match[1]));
      const read = [...text.matchAll(/\$\{?([A-Z][A-Z_]+)(?![A-Z_]*[:-])\}?/g)].map((match) => match[1]);
      const shell = ['BASH_COMMAND', 'BASH_REMATCH', 'BASH_SOURCE', 'LINENO', 'SECONDS', 'CERTIFICATE_VAULT', 'CERTIFICATE_SECRET',
        'PAGES_CERTIFICATE_VAULT', 'PAGES_CERTIFICATE_SECRET', 'PAGES_CERTIFICATE_NAME', 'LETS_ENCRYPT_PAGES', 'SHARED_NAME', 'SSH_PORT', 'DATABASE_AUTHORITY_PEM'];
      expect([...new Set(read)].filter((name) => !made.has(name) && !shell.includes(name) && !(name in step.parameters))).toEqual([]);
    }
  });
});

describe('scripts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'scripts-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([...allSteps(), ...stepsWithDatabase()])('$name is what bash can read', (step) => {
    execFileSync('bash', ['-n'], { input: composed(step) });
  });

  testWith(shellcheck, 'shellcheck').each([...allSteps(), ...stepsWithDatabase()])('$name gives shellcheck nothing to say', (step) => {
    const file = join(folder, `${step.name}.sh`);
    writeFileSync(file, composed(step));
    // functions of a database elsewhere take the place of lib.sh's.
    expect(spawnSync('shellcheck', [...'DATABASE_HOST' in step.parameters ? ['--exclude=SC2317'] : [], file], { encoding: 'utf8' }).stdout).toBe('');
  });

  test('ask the database in one place, since it may be elsewhere, and where it is moved from', () => {
    const all = Object.entries(scriptTexts('gitlab')).filter(([, text]) => /gitlab-psql|PG_VERSION"|postgresql\/data/.test(text)).map(([name]) => name);
    expect(all.sort()).toEqual(['lib.sh', 'move-database.sh']);
  });

  test('wait for no process substitution, whose exit status bash may lose', () => {
    const all = Object.entries(scriptTexts('gitlab')).filter(([, text]) => /\bexec \d+[<>] ?[<>]\(/.test(text)).map(([name]) => name);
    expect(all).toEqual([]);
  });

  test('put nothing secret into the arguments of a command', () => {
    const text = allSteps().map(composed).join('\n');
    // builtins, functions of ours and here-strings have no arguments that others could see.
    const commands = text.split('\n').filter((line) => /\$\{?(?:SECRET|TOKEN|STORAGE_TOKEN)\b/.test(line));
    const unseen = /^\s*(?:\[|printf |STORAGE_TOKEN=|while \[|if \[|vault_put |write_file |case |password=|packed\+?=|for part in |GITLAB_ROOT_PASSWORD=|\*\) header=|base64 -d <<<|cat <<<)/;
    expect(commands.filter((line) => !unseen.test(line))).toEqual([]);
  });

  test('are constant: what differs comes by the environment', () => {
    const [before, after] = [settings(), settings({ version: GitLabVersion.V19_2, lowMemoryTuningEnabled: true, runners: [] })].map(bootstrapSteps);
    expect(after.map(composed)).toEqual(before.map(composed));
  });
});

describe('hardening', () => {
  test('is there without a word of the user, and asked for only once', () => {
    expect(applicationSettings()).toEqual({
      always: {},
      once: {
        signup_enabled: false,
        default_project_visibility: 0,
        default_group_visibility: 0,
        default_snippet_visibility: 0,
        restricted_visibility_levels: [20],
        admin_mode: true,
        require_admin_two_factor_authentication: true,
        minimum_password_length: 12,
        throttle_unauthenticated_enabled: true,
        throttle_unauthenticated_api_enabled: true,
        throttle_protected_paths_enabled: true,
        rsa_key_restriction: 3072,
        dsa_key_restriction: -1,
        import_sources: [],
        allow_runner_registration_token: false,
      },
    });
  });

  test.each<[GitLabHardeningOptions, object]>([
    [{ signupEnabled: true }, { signup_enabled: true }],
    [{ defaultVisibility: GitLabVisibility.INTERNAL },
      { default_project_visibility: 10, default_group_visibility: 10, default_snippet_visibility: 10 }],
    [{ publicVisibilityAllowed: true }, { restricted_visibility_levels: [] }],
    [{ adminModeRequired: false }, { admin_mode: false }],
    [{ adminTwoFactorRequired: false }, { require_admin_two_factor_authentication: false }],
    [{ minimumPasswordLength: 16 }, { minimum_password_length: 16 }],
    [{ rateLimitsEnabled: false },
      { throttle_unauthenticated_enabled: false, throttle_unauthenticated_api_enabled: false, throttle_protected_paths_enabled: false }],
    [{ minimumRsaKeyBits: 4096 }, { rsa_key_restriction: 4096 }],
    [{ dsaKeysAllowed: true }, { dsa_key_restriction: 0 }],
    [{ importSources: ['github'] }, { import_sources: ['github'] }],
    [{ registrationTokensAllowed: true }, { allow_runner_registration_token: true }],
  ])('%j is set by every run', (options, always) => {
    const found = applicationSettings(takeHardening(options));
    expect(found.always).toEqual(always);
    Object.keys(always).forEach((name) => expect(found.once).not.toHaveProperty(name));
  });

  test.each<[string, any, string]>([
    ['public by default while nothing may be public', { defaultVisibility: GitLabVisibility.PUBLIC },
      'hardening.defaultVisibility: public, but public visibility is not allowed, got "public"; '
      + 'set hardening.publicVisibilityAllowed to true, or choose GitLabVisibility.PRIVATE or INTERNAL (at Test)'],
    ['a short password is asked for', { minimumPasswordLength: 7 },
      'hardening.minimumPasswordLength: out of range, got 7; give a whole number from 8 to 128 (at Test)'],
    ['bits are not a size of RSA', { minimumRsaKeyBits: 2000 },
      'hardening.minimumRsaKeyBits: not supported, got 2000; give one of 1024, 2048, 3072, 4096 (at Test)'],
    ['a source has another name', { importSources: ['github', 'Git Hub'] },
      'hardening.importSources[1]: not a valid value, got "Git Hub"; give GitLab\'s name of the source, such as "github" (at Test)'],
    ['sources are not a list', { importSources: 'github' },
      'hardening.importSources: not a list, got "github"; give a list, each item GitLab\'s name of the source, such as "github" (at Test)'],
    ['a switch is neither on nor off', { signupEnabled: 'yes' },
      'hardening.signupEnabled: not true or false, got "yes"; give true or false (at Test)'],
  ])('fails when %s', (_, options, message) => {
    expect(() => takeHardening(options)).toThrow(expect.objectContaining({ message }));
  });
});
