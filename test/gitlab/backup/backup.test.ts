import { execFileSync, spawnSync } from 'child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { TerraformVariable } from 'cdktf';
import { GitLabBackupOptions, GitLabBackupPart, SelfHostedGitLab, SelfHostedGitLabProps, StorageReplication } from '../../../src';
import { scriptPath } from '../../../src/assets';
import { newStack, resource, resources, synth, TerraformJson } from '../../synth';
import { server } from '../server';

const backedUp = (backup: GitLabBackupOptions, props: Partial<SelfHostedGitLabProps> = {}) => server({ backup, ...props });

const of = (json: TerraformJson, type: string, key: RegExp): any => {
  const found = Object.entries(resources(json, type)).filter(([name]) => key.test(name));
  expect(found).toHaveLength(1);
  return found[0][1];
};

describe('the backups\' storage', () => {
  const { json, gitlab } = backedUp({});

  test('has no keys, keeps what is deleted, and cannot be destroyed', () => {
    expect(resource(json, 'azurerm_storage_account')).toMatchObject({
      name: expect.stringMatching(/^gitlabbackup\$\{local\./),
      account_replication_type: 'ZRS',
      shared_access_key_enabled: false,
      default_to_oauth_authentication: true,
      min_tls_version: 'TLS1_2',
      allow_nested_items_to_be_public: false,
      cross_tenant_replication_enabled: false,
      blob_properties: { versioning_enabled: true, delete_retention_policy: { days: 14 }, container_delete_retention_policy: { days: 14 } },
      lifecycle: { prevent_destroy: true },
    });
    expect(Object.values(resources(json, 'azurerm_storage_container')).map(({ name, lifecycle }) => [name, lifecycle.prevent_destroy]).sort()).toEqual([
      ['gitlab-backups', true], ['gitlab-backups-secrets', true],
    ]);
    expect(Object.keys({ ...resources(json, 'azurerm_storage_account'), ...resources(json, 'azurerm_storage_container') })).toEqual([
      'GitLab_Backup_8747DF85', 'GitLab_Backup_Container_8D9BD6CF', 'GitLab_Backup_SecretsContainer_6F47B25D',
    ]);
    expect(gitlab.backupStorageAccountName).toBeDefined();
  });

  test('is written by the server\'s identity, whose role is there before the machine', () => {
    expect(of(json, 'azurerm_role_assignment', /Backup_Server/)).toMatchObject({
      role_definition_name: 'Storage Blob Data Contributor', principal_type: 'ServicePrincipal',
      principal_id: '${azurerm_user_assigned_identity.GitLab_Identity_25B71D5B.principal_id}',
      scope: expect.stringContaining('azurerm_storage_account.GitLab_Backup_'),
    });
    expect(resource(json, 'azurerm_linux_virtual_machine').depends_on).toEqual(expect.arrayContaining([
      expect.stringContaining('azurerm_role_assignment.GitLab_Backup_Server_'),
    ]));
  });

  test('is emptied of old backups by Azure, secrets and old versions as well', () => {
    expect(resource(json, 'azurerm_storage_management_policy').rule).toEqual([{
      name: 'delete-old-backups',
      enabled: true,
      filters: { blob_types: ['blockBlob'], prefix_match: ['gitlab-backups/', 'gitlab-backups-secrets/'] },
      actions: { base_blob: { delete_after_days_since_modification_greater_than: 14 }, version: { delete_after_days_since_creation: 14 } },
    }]);
  });

  test('follows what is asked for', () => {
    const { json: asked } = backedUp({
      schedule: 'Sat,Sun 04:00', retentionDays: 90, deletedRetentionDays: 30, excludedParts: [GitLabBackupPart.REGISTRY, GitLabBackupPart.LFS],
      replication: StorageReplication.GRS, storageAccountName: 'acmebackups', containerName: 'weekly',
    }, { preventDestroy: false });
    expect(resource(asked, 'azurerm_storage_account')).toMatchObject({
      name: 'acmebackups', account_replication_type: 'GRS', lifecycle: { prevent_destroy: false }, blob_properties: { delete_retention_policy: { days: 30 } },
    });
    expect(resource(asked, 'azurerm_storage_management_policy').rule[0].actions.base_blob.delete_after_days_since_modification_greater_than).toBe(90);
    const parameters = asked.locals[Object.keys(asked.locals).find((name) => name.startsWith('GitLab_SetUp_BackupParameters_'))!];
    expect(parameters).toMatchObject({
      BACKUP_SCHEDULE: 'Sat,Sun 04:00', EXCLUDED_PARTS: 'registry,lfs', BACKUP_CONTAINER: 'weekly', SECRETS_CONTAINER: 'weekly-secrets',
    });
  });

  test('comes last of the steps, and runners do not wait for it', () => {
    const commands = Object.keys(resources(json, 'azurerm_virtual_machine_run_command'));
    const backup = of(json, 'azurerm_virtual_machine_run_command', /SetUp_Backup_/);
    expect(commands).toHaveLength(5);
    // a changed runner is no reason to do it again.
    expect(of(json, 'terraform_data', /SetUp_BackupAttempt/).triggers_replace).not.toHaveProperty('after');
    expect(of(json, 'terraform_data', /SetUp_RunnersAttempt/).triggers_replace).toHaveProperty('after');
    expect(backup.depends_on).toContain(`azurerm_virtual_machine_run_command.${commands.find((name) => name.includes('_Runners_'))}`);
  });

  test('is none without a word of the user', () => {
    const stack = newStack();
    const plain = new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral' });
    expect(plain.backupStorageAccountName).toBeUndefined();
    expect(synth(stack).resource).not.toHaveProperty('azurerm_storage_account');
  });
});

describe('a backup fails when', () => {
  test.each<[string, any, string]>([
    ['it is a text', 'daily', 'backup: not an object, got "daily"; give an object with its props'],
    ['the schedule is cron\'s', { schedule: '30 2 * * *' },
      'backup.schedule: not a valid value, got "30 2 * * *"; give days of the week, if not every day, and a time in UTC, such as "02:30" or "Mon..Fri 03:00"'],
    ['the hour is none', { schedule: '24:00' },
      'backup.schedule: not a valid value, got "24:00"; give days of the week, if not every day, and a time in UTC, such as "02:30" or "Mon..Fri 03:00"'],
    ['nothing is kept', { retentionDays: 0 }, 'backup.retentionDays: out of range, got 0; give a whole number from 1 to 3650'],
    ['deleted ones are kept for long', { deletedRetentionDays: 366 }, 'backup.deletedRetentionDays: out of range, got 366; give a whole number from 1 to 365'],
    ['the database is left out', { excludedParts: ['db'] },
      'backup.excludedParts[0]: not supported, got "db"; give one of "artifacts", "builds", "ci_secure_files", "external_diffs", "lfs", "packages", "pages", '
      + '"registry", "terraform_state", "uploads"'],
    ['the copies are of no kind', { replication: 'RA-GRS' }, 'backup.replication: not supported, got "RA-GRS"; give one of "LRS", "ZRS", "GRS", "GZRS", "RAGRS", "RAGZRS"'],
    ['the account has hyphens', { storageAccountName: 'gitlab-backup' },
      'backup.storageAccountName: not a valid value, got "gitlab-backup"; give 3 to 24 lower-case letters and digits'],
    ['the container has two hyphens', { containerName: 'a--b' },
      'backup.containerName: not a valid value, got "a--b"; give 3 to 55 lower-case letters, digits and single "-", not at an end'],
  ])('%s', (_, backup, message) => {
    expect(() => backedUp(backup)).toThrow(new Error(`${message} (at Test/GitLab)`));
  });

  test('only the apply knows what it leaves out', () => {
    const stack = newStack();
    const excludedParts: any = new TerraformVariable(stack, 'parts', {}).listValue;
    expect(() => new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral', backup: { excludedParts } })).toThrow(new Error(
      'backup.excludedParts: known only at apply time, got a reference; write the list here; its items may be references (at Test/GitLab)',
    ));
  });

  test('GitLab is told of another folder', () => {
    expect(() => backedUp({}, { omnibusSettings: { gitlab_rails: { backup_path: '/mnt' } } })).toThrow(new Error(
      'omnibusSettings.gitlab_rails.backup_path: set together with backup, got "/mnt"; leave one of the two out (at Test/GitLab)',
    ));
  });
});

describe('blob.sh', () => {
  const folder = mkdtempSync(join(tmpdir(), 'blob-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  // what Blob storage answers, for the few calls that the script makes; blobs are files.
  const CURL = `#!/usr/bin/env node
    const { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } = require('fs');
    const config = readFileSync(0, 'utf8');
    const all = (name) => [...config.matchAll(new RegExp('^' + name + ' = "(.*)"$', 'gm'))].map((match) => match[1]);
    const [url] = all('url').map((text) => new URL(text));
    const header = (name) => all('header').map((text) => text.split(': ')).find(([key]) => key === name)?.[1];
    const file = process.env.STORE + '/' + url.pathname.replace(/\\//g, '_');
    const [comp, id] = ['comp', 'blockid'].map((name) => url.searchParams.get(name));
    const answer = (status, headers = '', body = '') => {
      writeFileSync(all('output')[0], body);
      writeFileSync(all('dump-header')[0], 'HTTP/1.1 ' + status + '\\r\\n' + headers + '\\r\\n\\r\\n');
      process.stdout.write(String(status));
    };
    appendFileSync(process.env.STORE + '/log', all('request')[0] + ' ' + url.pathname + ' ' + header('Authorization') + '\\n');
    const trouble = process.env.STORE + '/trouble';
    if (existsSync(trouble)) {
      const [status, code] = readFileSync(trouble, 'utf8').trim().split(' ');
      if (!process.env.LASTING) { rmSync(trouble); }
      answer(status, 'x-ms-error-code: ' + code);
    } else if (all('request')[0] === 'PUT' && comp === 'block') {
      writeFileSync(file + '@' + id, readFileSync(all('upload-file')[0]));
      answer(201);
    } else if (all('request')[0] === 'PUT' && comp === 'blocklist') {
      const ids = [...readFileSync(all('upload-file')[0], 'utf8').matchAll(/<Latest>(.*?)<\\/Latest>/g)].map((match) => match[1]);
      writeFileSync(file, Buffer.concat(ids.map((one) => readFileSync(file + '@' + one))));
      answer(201);
    } else if (all('request')[0] === 'PUT') {
      writeFileSync(file, readFileSync(all('upload-file')[0]));
      answer(201);
    } else if (existsSync(file)) {
      const whole = readFileSync(file);
      const [from, to] = header('x-ms-range').match(/\\d+/g).map(Number);
      answer(206, 'Content-Range: bytes ' + from + '-' + Math.min(to, whole.length - 1) + '/' + whole.length, whole.subarray(from, to + 1));
    } else {
      answer(404, 'x-ms-error-code: BlobNotFound');
    }`;
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin', 'curl'), CURL, { mode: 0o755 });

  const SCRIPTS = { BLOB: scriptPath('gitlab', 'blob.sh'), RELEASES: scriptPath('gitlab', 'backup-release.sh'), PARTS: scriptPath('gitlab', 'backup-parts.sh'), RESTORE: scriptPath('gitlab', 'restore.sh'), BACKUP: scriptPath('gitlab', 'backup.sh'), LIB: scriptPath('gitlab', 'lib.sh') };

  function run(script: string, env: { [name: string]: string } = {}) {
    const store = mkdtempSync(join(folder, 'store-'));
    const prelude = `set -Eeuo pipefail; shopt -s inherit_errexit nullglob
      WORK=$(mktemp -d "$STORE/work.XXXX"); LOG=$STORE/script-log; : >"$LOG"; PATIENCE=\${PATIENCE:-600} BACKUP_ACCOUNT=account IDENTITY_CLIENT_ID=identity
      die() { echo "died: $*"; exit 1; }
      refuse_stranger() { :; }
      pause() { :; }
      identity_token() { n=$((\${n:-0} + 1)); TOKEN=token-$1-$n; }
      . "$BLOB"
      BLOCK_BYTES=1000`;
    const result = spawnSync('bash', ['--norc', '-c', `${prelude}\n${script}`], {
      encoding: 'utf8', env: { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}`, STORE: store, ...SCRIPTS, ...env },
    });
    const log = spawnSync('cat', [join(store, 'log')], { encoding: 'utf8' }).stdout;
    return { code: result.status, output: result.stdout + result.stderr, log, store };
  }

  test('uploads in blocks, and downloads in pieces, what is larger than one', () => {
    const { code, output, log, store } = run(`
      blob_upload box/big bash -c 'head -c 2500 /dev/urandom | tee "$STORE/sent"'
      blob_size box/big
      echo "size $SIZE"
      blob_download box/big tee "$STORE/received"`);
    expect(output).toBe('size 2500\n');
    expect(code).toBe(0);
    expect(readFileSync(join(store, 'received')).equals(readFileSync(join(store, 'sent')))).toBe(true);
    expect(log.trim().split('\n')).toEqual([
      ...Array(4).fill('PUT /box/big Bearer token-storage.azure.com-1'), ...Array(4).fill('GET /box/big Bearer token-storage.azure.com-1'),
    ]);
  });

  test('takes another token when one has expired, and waits where a role has not spread', () => {
    const { output, log } = run(`
      echo '401 InvalidAuthenticationInfo' >"$STORE/trouble"
      blob_upload box/a echo one
      echo '403 AuthorizationPermissionMismatch' >"$STORE/trouble"
      blob_upload box/b echo two`);
    expect(output).toBe('');
    expect(log).toContain('token-storage.azure.com-2');
    expect(log.trim().split('\n')).toHaveLength(6);
  });

  test('leaves no blob of a command that failed', () => {
    const { code, output, store } = run('blob_upload box/half bash -c "echo half; exit 3"');
    expect(code).toBe(1);
    expect(output).toMatch(/^died: bash failed while its output was uploaded to box\/half; see .*script-log on the machine, then run this step again\n$/);
    expect(execFileSync('ls', [store], { encoding: 'utf8' })).not.toMatch(/^_box_half$/m);
  });

  test('tells what is missing where a role never comes', () => {
    const { output } = run('echo "403 AuthorizationPermissionMismatch" >"$STORE/trouble"; sleep 1; blob_put box/a /dev/null', { LASTING: 'yes', PATIENCE: '-1' });
    expect(output).toMatch(/^died: the storage account account answers PUT box\/a with 403 AuthorizationPermissionMismatch .*identity the role Storage Blob Data Contributor/);
  });

  test('knows a blob that is not there', () => {
    expect(run('blob_size box/none; echo "[$SIZE]"').output).toBe('[]\n');
  });

  // a whole machine in a folder: what the two scripts touch of it, and GitLab's commands, which note what they were asked.
  const MACHINE = `
    ROOT=$STORE/root DATA_ROOT=/srv/gitlab DATA_STATE=$STORE/state OS_STATE=$STORE/os-state DATABASE=$STORE/database LOG=$STORE/log LOCK_IS_HELD=yes STOPPED_AT='' FAILURE='' ON_FAILURE=''
    BACKUP_CONTAINER=box SECRETS_CONTAINER=box-secrets EXCLUDED_PARTS=registry,lfs SECONDS=0 LIBRARY=$STORE
    echo 'echo "gitlab.sh $1" >>"\${0%/*}/done"' >"$LIBRARY/gitlab.sh"
    mkdir -p "$ROOT/etc/gitlab" "$ROOT/srv/gitlab/ssh" "$ROOT/etc/ssh" "$ROOT/backups" "$DATA_STATE" "$OS_STATE"
    echo '{"gitlab_rails": {"db_key_base": "old"}}' >"$ROOT/etc/gitlab/gitlab-secrets.json"
    echo key >"$ROOT/srv/gitlab/ssh/ssh_host_rsa_key"
    note() { echo "$*" >>"$STORE/done"; }
    say() { note "say $*"; }
    run() { shift; "$@"; }
    require_space() { note "space $2"; }
    wait_ready() { note ready; }
    du() { printf '7\\tx\\n'; }
    write_file() { case $1 in /*/state/*) cat >"$1" ;; *) cat >"$ROOT$1" ;; esac; }
    install() { [ "$1" = -d ] || cp "$3" "$ROOT$4"; }
    stat() { case $2 in %a) echo 600 ;; *) command stat "$@" ;; esac; }
    systemctl() { note "systemctl $*"; }
    dpkg-query() { printf 'installed %s-ce.0\\n' "\${INSTALLED:-19.4.1}"; }
    gitlab-ctl() { note "gitlab-ctl $*"; }
    gitlab-rake() { note "gitlab-rake $*"; }
    gitlab-psql() { case "$*" in *projects*) echo "\${PROJECTS:-0}" ;; *) note "gitlab-psql $*" ;; esac; }
    gitlab-backup() {
      note "gitlab-backup $*"
      if [ "$1" = create ]; then
        mkdir -p "$BACKUPS/db" "$BACKUPS/tmp"
        echo data >"$BACKUPS/db/dump"; echo "\${INFORMATION:-:gitlab_version: 19.4.1}" >"$BACKUPS/backup_information.yml"; echo earlier >"$BACKUPS/1_gitlab_backup.tar"
        return "\${CREATE_CODE:-0}"
      fi
      cat "$BACKUPS/backup_information.yml" "$BACKUPS/db/dump" >"$STORE/loaded"
    }
    . "$RELEASES"
    . "$PARTS"
    . "$RESTORE"
    . <(grep -E '^(has_)?database(_[a-z]+)?\\(\\)' "$LIB"; sed -n '/^json_field() {/,/2>/p' "$LIB"; echo '}')
    . <(sed '/^begin backup/,$d' "$BACKUP")
    BACKUPS=$ROOT/backups OUTGOING=$ROOT/outgoing BLOCK_BYTES=20000`;
  writeFileSync(join(folder, 'bin', 'tar'), `#!/usr/bin/env bash
    if [ "$2" = / ]; then set -- -C "$STORE/root" "\${@:3}"; fi
    exec /bin/tar "$@"\n`.replace('\\n', '\n'), { mode: 0o755 });
  writeFileSync(join(folder, 'bin', 'setpriv'), `#!/usr/bin/env bash
    echo "as $1 $2 $3" >>"$STORE/done"
    exec "\${@:4}"\n`, { mode: 0o755 });
  const noted = (store: string) => readFileSync(join(store, 'done'), 'utf8').trim().split('\n');

  test('a backup goes away whole and comes back whole', () => {
    const { output, code, store } = run(`${MACHINE}
      make_backup
      cp "$DATA_STATE/backed-up" "$STORE/backed-up"
      ls "$BACKUPS" "$ROOT" >"$STORE/left"
      : >"$STORE/done"
      echo new >"$ROOT/etc/gitlab/gitlab-secrets.json"
      touch "$OS_STATE/reconfigured"
      name=$(cd "$STORE" && echo _box_2*_gitlab_backup.tar) name=\${name#_box_}
      restore "$name" account`);
    expect(output).toBe('');
    expect(code).toBe(0);
    expect(readFileSync(join(store, 'loaded'), 'utf8')).toBe(':gitlab_version: 19.4.1\ndata\n');
    expect(readFileSync(join(store, 'root/etc/gitlab/gitlab-secrets.json'), 'utf8')).toBe('{"gitlab_rails": {"db_key_base": "old"}}\n');
    expect(readFileSync(join(store, 'root/etc/ssh/ssh_host_rsa_key'), 'utf8')).toBe('key\n');
    expect(readFileSync(join(store, 'backed-up'), 'utf8')).toMatch(/^19\.4\.1-ce \d+\n$/);
    // finished archives are not this script's, and nothing else is left.
    expect(readFileSync(join(store, 'left'), 'utf8')).toMatch(/backups:\n1_gitlab_backup\.tar\ntmp\n/);
    expect(readFileSync(join(store, 'left'), 'utf8')).not.toContain('outgoing');
    expect(noted(store).filter((line) => !line.startsWith('say') && !line.startsWith('space'))).toEqual([
      'as --reuid=git --regid=git --clear-groups', 'systemctl try-reload-or-restart ssh.service', 'gitlab.sh before-restore', 'gitlab-ctl reconfigure', 'gitlab-ctl stop puma',
      'gitlab-ctl stop sidekiq', 'gitlab-backup restore', 'gitlab-ctl reconfigure', 'gitlab-ctl restart', 'ready', 'gitlab-rake gitlab:doctor:secrets',
      'gitlab-rake gitlab:check SANITIZE=true', 'gitlab-psql -At -c ANALYZE',
    ]);
  });

  test('a link in an archive leads root nowhere', () => {
    const { code, store } = run(`${MACHINE}
      ln -s /etc/passwd "$ROOT/srv/gitlab/ssh/ssh_host_x_key"
      make_backup
      name=$(cd "$STORE" && echo _box_2*_gitlab_backup.tar) name=\${name#_box_}
      restore "$name" account`);
    expect(code).toBe(0);
    expect(readdirSync(join(store, 'root/etc/ssh'))).toEqual(['ssh_host_rsa_key']);
  });

  test('a backup leaves out what it is told to, makes no archive on the disk, and names the release', () => {
    const { store } = run(`${MACHINE}\nmake_backup`);
    expect(noted(store).find((line) => line.startsWith('gitlab-backup'))).toMatch(/^gitlab-backup create BACKUP=\d{8}T\d{6}Z-19\.4\.1-ce SKIP=registry,lfs,remote,tar$/);
  });

  test('a backup that breaks off leaves nothing on the disk', () => {
    const { output, store } = run(`${MACHINE}
      trap 'set +e; $ON_FAILURE; rm -rf "$WORK"' EXIT
      mkdir() { command mkdir "$@"; case "$*" in *outgoing) die 'broke off' ;; esac; }
      make_backup`);
    expect(output).toMatch(/^died: broke off/);
    expect(execFileSync('ls', [join(store, 'root')], { encoding: 'utf8' })).not.toContain('outgoing');
  });

  test('a backup that failed is told of beside the backups, in the words of the journal', () => {
    const { store } = run(`${MACHINE}
      journalctl() { [ "$1" = --sync ] || echo "why it failed"; }
      tell_of_failure`);
    const [name] = readdirSync(store).filter((file) => /^_box_failures_\d{8}T\d{6}Z\.log$/.test(file));
    expect(readFileSync(join(store, name), 'utf8')).toBe('why it failed\n');
  });

  test.each<[string, string, { [name: string]: string }, RegExp]>([
    ['is of another release', '20261124T023000Z-19.2.4-ce', {}, /^died: the backup is of GitLab 19\.2\.4-ce and this server runs 19\.4\.1-ce; set version and edition/],
    ['has no such name', 'latest', {}, /^died: "latest" is no backup's name; restore again with one such as/],
    ['meets projects', '20261124T023000Z-19.4.1-ce', { PROJECTS: '3' }, /^died: this server has 3 projects, which a restore would replace; if that is meant, restore again with overwrite/],
    ['is not there', '20261124T023000Z-19.4.1-ce', {}, /^died: the storage account account has no box-secrets\/20261124T023000Z-19\.4\.1-ce\.tar\.gz/],
  ])('a restore refuses when the backup %s', (_, name, env, message) => {
    const { output, code } = run(`${MACHINE}\nrestore ${name}`, env);
    expect([code, output]).toEqual([1, expect.stringMatching(message)]);
  });
});
