import { onServer, ServerCheck } from './check';
import { Found } from '../../preflight/finding';

/** GitLab's version, its patches, and what its last upgrade has left to do. */
export const VERSIONS: ServerCheck = {
  name: 'version',
  judge: ({ look, server }) => {
    const [edition, installed, newest] = look.one('version') ?? [];
    if (installed === undefined) {
      return [{ state: 'broken', what: 'GitLab is not installed, or only half', remedy: 'apply; the set-up mends a package that was cut off' }];
    }
    const [patch] = look.one('patch') ?? [];
    return [
      installedFound(`GitLab ${installed} (${edition})`, installed, newest, patch),
      ...patch === 'failed' || patch === 'cut-off' ? [{
        state: 'broken', what: `the last patch release of GitLab ${patch === 'failed' ? 'was not installed' : 'was cut off'}`, meaning: 'most of them close security holes',
        remedy: `read why: ${onServer('journalctl -u gitlab-update -n 30 --no-pager')}; then ${onServer('systemctl start --no-block gitlab-update')}`,
      } as Found] : [],
      ...migrations(look.one('migrations'), server.wanted !== undefined && minor(server.wanted) !== minor(installed)),
      ...minorDiffers(installed, server.wanted),
    ];
  },
};

function installedFound(told: string, installed: string, newest: string, patch: string | undefined): Found {
  if (newest === installed) {
    return { state: 'ok', what: `${told}, the newest patch that the server knows of` };
  }
  if (patch !== undefined) {
    return { state: 'ok', what: `${told}; ${newest} ${patch === 'weekly' ? 'comes in the next maintenance window' : 'is out'}` };
  }
  return {
    state: 'warning', what: `${told}, and ${newest} is out`, meaning: 'most patch releases close security holes, and nothing installs this one by itself',
    remedy: `give version ${newest}, or a minor version alone, whose patches come by themselves, and apply`,
  };
}

function migrations(counts: readonly string[] | undefined, upgradePlanned: boolean): Found[] {
  if (!counts) {
    return [{
      state: 'broken', what: 'GitLab\'s database does not answer', meaning: 'no page does then, and runners and background migrations are not known here',
      remedy: 'see what is said of GitLab and the disks; whether a flexible server runs: az postgres flexible-server list --output table',
    }];
  }
  const [unfinished, failed] = counts.map(Number);
  if (failed > 0) {
    return [{
      state: 'broken', what: `${failed} background ${failed === 1 ? 'migration has' : 'migrations have'} failed`, meaning: 'the next upgrade refuses to start, patches included',
      remedy: 'in GitLab: Admin, Monitoring, Background migrations, Failed, Retry',
    }];
  }
  if (unfinished === 0) {
    return [{ state: 'ok', what: 'background migrations: all finished' }];
  }
  return [upgradePlanned ? {
    state: 'warning', what: `background migrations: ${unfinished} not finished`, meaning: 'the apply that upgrades GitLab waits for them, and fails if they take too long',
    remedy: 'apply the upgrade when they are done: Admin, Monitoring, Background migrations',
  } : { state: 'ok', what: `background migrations: ${unfinished} still at work, which takes hours after an upgrade, or days` }];
}

function minorDiffers(installed: string, wanted: string | undefined): Found[] {
  return wanted === undefined || minor(wanted) === minor(installed) ? [] : [{
    state: 'warning', what: `the program wants GitLab ${wanted}, and the server runs ${installed}`, meaning: 'the next apply upgrades it',
    remedy: 'apply when people can do without GitLab for a while; a backup is made first where backup is set',
  }];
}

function minor(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}
