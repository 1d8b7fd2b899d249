import { spawnSync } from 'child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { GitLabVersion } from '../../../src';
import { scriptPath } from '../../../src/assets';
import { CLIENTS_TABLE } from '../../../src/gitlab/database/database-versions';
import { stopsBefore, UPGRADE_STOPS } from '../../../src/gitlab/set-up/upgrade-stops';

describe('the table of required stops', () => {
  /** From which version each package may be installed, read from the packages' own preinst scripts. */
  const FLOORS: { readonly [floor: string]: readonly string[] } = {
    17.5: ['17.6', '17.7', '17.8'],
    17.8: ['17.9', '17.10', '17.11'],
    17.11: ['18.0', '18.1', '18.2'],
    18.2: ['18.3', '18.4', '18.5'],
    18.5: ['18.6', '18.7', '18.8'],
    18.8: ['18.9', '18.10', '18.11'],
    18.11: ['19.0', '19.1', '19.2'],
    19.2: ['19.3', '19.4', '19.5'],
  };
  const before = (minor: string) => stopsBefore(GitLabVersion.of(`${minor}.0`));

  test('agrees with what the packages say', () => {
    for (const [floor, versions] of Object.entries(FLOORS)) {
      versions.forEach((version) => expect([version, before(version).pop()]).toEqual([version, floor]));
    }
  });

  test('is in order, and was read within the year', () => {
    const number = (stop: string) => Number(stop.split('.')[0]) * 100 + Number(stop.split('.')[1]);
    expect([...UPGRADE_STOPS.stops].sort((a, b) => number(a) - number(b))).toEqual(UPGRADE_STOPS.stops);
    expect(UPGRADE_STOPS.readOn).toMatch(/^20\d\d-\d\d-\d\d$/);
    // the rule that the table ends with has to begin where the table ends.
    const last = UPGRADE_STOPS.stops[UPGRADE_STOPS.stops.length - 1];
    expect(last).toMatch(/\.11$/);
  });

  test('goes on by GitLab\'s rule', () => {
    expect(before('21.3').slice(-8)).toEqual(['19.5', '19.8', '19.11', '20.2', '20.5', '20.8', '20.11', '21.2']);
    expect(before('16.3')).toEqual([]);
    expect(stopsBefore(GitLabVersion.of('999999.0.0')).length).toBeLessThan(200);
  });
});

const DPKG = spawnSync('dpkg', ['--version']).status === 0;
if (!DPKG) {
  console.warn('SKIPPED: dpkg is not installed, so nobody ran the script that upgrades');
}

(DPKG ? describe : describe.skip)('upgrade.sh', () => {
  const folder = mkdtempSync(join(tmpdir(), 'upgrade-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  // what GitLab publishes, and from which version each may be installed.
  const PUBLISHED: { readonly [version: string]: string } = {
    '17.11.2': '17.8', '17.11.7': '17.8', '18.2.8': '17.11', '18.5.7': '18.2', '18.8.11': '18.5', '18.11.7': '18.8', '18.11.11': '18.8', '19.2.4': '18.11', '19.4.1': '19.2',
    '18.6.0': '18.6',
  };

  /** Runs the upgrade with everything around it played; what happened to the machine goes to a list. */
  function upgrade(from: string, to: string, env: { [name: string]: string } = {}) {
    const work = mkdtempSync(join(folder, 'run-'));
    mkdirSync(join(work, 'database'));
    if (env.SERVER === undefined || env.MOVES) {
      writeFileSync(join(work, 'database', 'PG_VERSION'), '17\n');
    }
    writeFileSync(join(work, 'gitlab.rb'), `for ${from}\n`);
    writeFileSync(join(work, 'backup.sh'), `echo "backup $1 \${LOCK_IS_HELD:+held}" >>${work}/done; exit \${BACKUP_CODE:-0}`);
    if (env.BACKED_UP) {
      writeFileSync(join(work, 'backed-up'), `${env.BACKED_UP}\n`);
    }
    const floors = Object.entries(PUBLISHED).map(([version, floor]) => `${version}) echo ${floor} ;;`).join('\n');
    const script = `set -Eeuo pipefail; shopt -s inherit_errexit nullglob
      WORK=${work} LOG=$WORK/log LIBRARY=$WORK DATA_STATE=$WORK DATABASE=$WORK/database GITLAB_RB_FILE=$WORK/gitlab.rb UBUNTU_CODENAME=noble
      EDITION=\${EDITION:-ce} INSTALLED=${from} INSTALLED_EDITION=\${INSTALLED_EDITION:-ce} VERSION=${to} PACKAGE=gitlab-$EDITION WANTED=\${WANTED:-$VERSION} AS_UNIT='' UPDATE_MARK=$WORK/updating SECONDS=0 LEFT=\${LEFT:-3000} ON_FAILURE=''
      UPGRADE_STOPS=\${TABLE-${stopsBefore(GitLabVersion.of(to)).join(' ')}}
      . <(sed -n '/^declare -A AT/,/^keep()/p' "$LIB")
      . "$UPGRADE"
      . "$UPGRADE_BACKUP"
      . <(grep -E '^(UPGRADE_DATABASE=|(check_upgrade|((check|has|has_embedded)_)?database(_[a-z_]+)?)\\(\\))' "$LIB")
      [ -z "\${SERVER-}" ] || { . "$EXTERNAL"; . "$CLIENTS"; }
      note() { echo "$*" >>"$WORK/done"; }
      say() { echo "$*"; }
      die() { echo "died: $*"; exit 1; }
      pause() { LEFT=$((LEFT - 100)); }
      time_left() { echo "$LEFT"; }
      wait_ready() { :; }
      gitlab-ctl() { :; }
      apt-mark() { :; }
      require_space() { :; }
      run() { shift; "$@"; }
      du() { printf '1\\tx\\n'; }
      apt-cache() { printf ' gitlab | %s-ce.0 | apt\\n' ${Object.keys(PUBLISHED).join(' ')}; }
      run_apt() { [ "$5" != "$PACKAGE=19.9.9-$EDITION.0" ]; }
      find() { echo "$3"; }
      floor_of() { case $1 in ${floors} esac; }
      dpkg-deb() { mkdir -p "$3"; local v=\${CHECKED}; printf 'MIN_VERSION="%s"\\nPG_MIN_VERSION=%s\\n' "$(floor_of "$v")" "\${PG_MIN:-17}" >"$3/preinst"; }
      eval "$(declare -f check_hop | sed '1s/check_hop/original_check_hop/')"
      check_hop() { CHECKED=$1; original_check_hop "$1"; }
      gitlab-psql() { note migrations; [ -z "\${PENDING-}" ] || { echo "$PENDING"; return; }; echo '0|0'; }
      [ -z "\${SERVER-}" ] || { database_version() { echo "$SERVER"; }; database_sql() { echo '0|0'; }; database_megabytes() { echo 1; }; }
      cp() { :; }
      write_gitlab_rb() { note gitlab.rb; }
      write_file() { note "marker $(cat)"; }
      reconfigure() { note reconfigure; }
      install_package() { note "install $2"; INSTALLED=$2 INSTALLED_EDITION=$1; LEFT=$((LEFT - \${HOP_COST:-0})); }
      find_versions() { :; }
      upgrade
      echo "at $INSTALLED"`;
    const result = spawnSync('bash', ['--norc', '-c', script], { encoding: 'utf8', env: { PATH: process.env.PATH, UPGRADE: scriptPath('gitlab', 'upgrade.sh'), UPGRADE_BACKUP: scriptPath('gitlab', 'upgrade-backup.sh'), LIB: scriptPath('gitlab', 'lib.sh'), EXTERNAL: scriptPath('gitlab', 'external-database.sh'), CLIENTS: scriptPath('gitlab', 'database-clients.sh'), ...env } as NodeJS.ProcessEnv });
    const noted = spawnSync('cat', [join(work, 'done')], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean);
    return { code: result.status, lines: (result.stdout + result.stderr).trim().split('\n'), noted };
  }

  describe('with a database elsewhere', () => {
    const elsewhere = (from: string, to: string, version: string) => upgrade(from, to, {
      SERVER: version, PG_MIN: '16', DATABASE_HOST: 'db.example.com', DATABASE_CLIENTS: CLIENTS_TABLE, WALK: 'yes',
    }).lines.at(-1);

    test('does not begin before the database is there', () => {
      const { code, lines, noted } = upgrade('19.2.4', '19.4.1', { SERVER: '17', MOVES: 'yes', DATABASE_HOST: 'db.example.com', DATABASE_CLIENTS: CLIENTS_TABLE });
      expect([code, ...lines]).toEqual([1, 'died: GitLab 19.2.4 is to become 19.4.1 and its database is to move to db.example.com, and only one of them can be done at a time; '
        + 'set the version to 19.2.4, apply, then set it to 19.4.1']);
      expect(noted).toEqual([]);
    });

    test('goes on while the clients of each version on the way fit', () => {
      expect(elsewhere('19.2.4', '19.4.1', '17')).toBe('at 19.4.1');
      expect(elsewhere('18.8.11', '18.11.7', '17')?.replace(/^died: /, '')).toMatch(/^GitLab 18\.8\.11 has no client for PostgreSQL 17/);
      expect(elsewhere('18.8.11', '18.11.7', '16')).toBe('at 18.11.7');
    });

    test('stops before a version that wants a later server, and says so', () => {
      expect(elsewhere('18.11.7', '19.2.4', '16')).toBe('died: GitLab 19.2.4 works with PostgreSQL 17 or later and db.example.com is PostgreSQL 16; '
        + 'give the stack\'s database a later postgresqlVersion, apply, and run this step again');
    });

    test('stops where the installed version cannot dump the database', () => {
      expect(elsewhere('19.2.4', '19.4.1', '18')).toBe('died: GitLab 19.2.4 has no client for PostgreSQL 18, so its package cannot back the database up before it becomes 19.4.1; '
        + 'see that the server has a backup, then run touch /etc/gitlab/skip-auto-backup on the machine and this step again');
    });
  });

  test('takes one step where that is all', () => {
    expect(upgrade('19.2.4', '19.4.1')).toEqual({
      code: 0, lines: ['GitLab 19.2.4 (ce) becomes 19.4.1 (ce)', 'at 19.4.1'], noted: ['migrations', 'marker ce 19.4.1', 'gitlab.rb', 'install 19.4.1'],
    });
  });

  test('walks over the newest patch of each stop, and gives gitlab.rb of the last version to the last alone', () => {
    const { code, lines, noted } = upgrade('18.5.7', '19.4.1', { WALK: 'yes' });
    expect(lines[0]).toBe('the way to 19.4.1: 18.5.7, 18.8, 18.11, 19.2, 19.4.1');
    expect(code).toBe(0);
    // the marker first: a machine that dies on the way leaves data of the version that it was going to.
    const stop = (version: string) => ['migrations', `marker ce ${version}`, `install ${version}`, 'reconfigure'];
    expect(noted).toEqual([...stop('18.8.11'), ...stop('18.11.11'), ...stop('19.2.4'), 'migrations', 'marker ce 19.4.1', 'gitlab.rb', 'install 19.4.1']);
  });

  test('refuses a long way that nobody allowed, names it whole, and touches nothing', () => {
    expect(upgrade('18.5.7', '19.4.1')).toEqual({
      code: 1, noted: [],
      lines: ['died: GitLab 18.5.7 cannot become 19.4.1 in one step, the way is 18.8, 18.11, 19.2, 19.4.1; set upgradeThroughStopsAllowed to true and apply, or set the '
        + 'version to 18.8.11 and apply, and so on'],
    });
  });

  test('tells a stack that names minor versions the next of them', () => {
    expect(upgrade('18.5.7', '19.4.1', { WANTED: '19.4' }).lines).toEqual([
      'died: GitLab 18.5.7 cannot become 19.4.1 in one step, the way is 18.8, 18.11, 19.2, 19.4.1; set upgradeThroughStopsAllowed to true and apply, or set the '
        + 'version to 18.8 and apply, and so on',
    ]);
  });

  test('believes the package where the table knows nothing', () => {
    expect(upgrade('18.8.11', '19.4.1', { TABLE: '' }).lines).toEqual([
      'died: GitLab 18.8.11 cannot become 19.4.1 in one step, the way is 19.2, 19.4.1; set upgradeThroughStopsAllowed to true and apply, or set the version to 19.2.4 and '
        + 'apply, and so on',
    ]);
    expect(upgrade('18.8.11', '19.4.1', { TABLE: '', WALK: 'yes' }).noted.filter((line) => line.startsWith('install'))).toEqual([
      'install 18.11.11', 'install 19.2.4', 'install 19.4.1',
    ]);
  });

  test('refuses a downgrade, a version that nobody publishes, and two changes at once', () => {
    expect(upgrade('19.4.1', '19.2.4').lines).toEqual([
      'died: this server runs GitLab 19.4.1 and cannot go back to 19.2.4; set the version to 19.4.1 or later and apply, or restore a backup of 19.2.4 onto a new data disk',
    ]);
    expect(upgrade('19.8.0', '19.9.9').lines[0]).toMatch(/^died: gitlab-ce 19\.9\.9 cannot be downloaded, .*choose a version of https:\/\/packages\.gitlab\.com/);
    expect(upgrade('19.2.4', '19.4.1', { EDITION: 'ee' }).lines[0]).toMatch(/^died: the edition and the version cannot change in one step/);
    expect(upgrade('19.4.1', '19.4.1', { INSTALLED_EDITION: 'ee' }).lines[0]).toMatch(/^died: this server runs the Enterprise Edition/);
  });

  test('waits for background migrations, not for ever, and stops at a failed one', () => {
    expect(upgrade('19.2.4', '19.4.1', { PENDING: '3|0' })).toMatchObject({
      code: 1,
      lines: [
        'GitLab 19.2.4 (ce) becomes 19.4.1 (ce)', 'waiting for 3 background migrations of GitLab 19.2.4',
        'died: 3 background migrations of GitLab 19.2.4 are still running; they go on by themselves, run this step again later',
      ],
    });
    expect(upgrade('19.2.4', '19.4.1', { PENDING: '3|1' }).lines[1]).toMatch(/^died: a background migration of GitLab 19\.2\.4 has failed; open Admin/);
  });

  test('stops between two steps when time runs out, and says what is ahead', () => {
    const { lines, noted } = upgrade('18.5.7', '19.4.1', { WALK: 'yes', HOP_COST: '1000' });
    expect(lines[lines.length - 1]).toBe(
      'died: GitLab is at 18.11.11, ahead are 19.2, 19.4.1, for which this run has no time left; run this step again to go on',
    );
    expect(noted.filter((line) => line.startsWith('install'))).toEqual(['install 18.8.11', 'install 18.11.11']);
  });

  test('makes a backup before each step where there are backups, but not a second one of the same release', () => {
    const first = upgrade('18.8.11', '19.2.4', { WALK: 'yes', BACKUP: 'yes' });
    expect(first.noted).toEqual([
      'migrations', 'backup create held', 'marker ce 18.11.11', 'install 18.11.11', 'reconfigure',
      'migrations', 'backup create held', 'marker ce 19.2.4', 'gitlab.rb', 'install 19.2.4',
    ]);
    const now = Math.floor(Date.now() / 1000);
    const again = (backedUp: string) => upgrade('18.11.11', '19.2.4', { BACKUP: 'yes', BACKED_UP: backedUp }).noted.includes('backup create held');
    expect([`18.11.11-ce ${now - 3600}`, `18.11.11-ce ${now - 90000}`, `18.8.11-ce ${now}`].map(again)).toEqual([false, true, true]);
    expect(upgrade('18.11.11', '19.2.4', { BACKUP: 'yes', BACKUP_CODE: '1' })).toMatchObject({
      code: 1,
      noted: ['migrations', 'backup create held'],
      lines: [expect.anything(), 'died: no backup could be made, so nothing is upgraded; mend what the lines above say, or take backup out of the stack, '
        + 'then run this step again'],
    });
  });
});
