import { onServer, ServerCheck } from './check';
import { Found } from '../../preflight/finding';
import { duration } from '../server-look';

const WEEK_SECONDS = 7 * 86_400;
/** A maintenance window a week, and some hours. */
const MISSED_SECONDS = 8 * 86_400;
/** Units that other checks tell of. */
const TOLD = ['gitlab-backup.service', 'gitlab-update.service'];

/** Ubuntu itself: updates, restarts, packages, units, memory, clock. */
export const MACHINE: ServerCheck = {
  name: 'machine',
  judge: (seen) => [...updates(seen), ...reboot(seen), ...packages(seen), ...failedUnits(seen), ...memory(seen), ...clock(seen)],
};

function updates({ look, server }: Parameters<ServerCheck['judge']>[0]): Found[] {
  const [pending, last] = look.one('updates') ?? ['0'];
  if (pending === '0') {
    return [{ state: 'ok', what: 'security updates of Ubuntu: none is missing' }];
  }
  const seconds = last === undefined ? undefined : look.ageSeconds(last);
  return [seconds !== undefined && seconds < MISSED_SECONDS ? { state: 'ok', what: `security updates of Ubuntu: ${pending} to come in the next maintenance window` } : {
    state: 'warning', what: `${pending} security ${pending === '1' ? 'update of Ubuntu is' : 'updates of Ubuntu are'} missing, and ${seconds === undefined ? 'none was ever installed' : `nothing has been installed for ${duration(seconds)}`}`,
    meaning: 'Azure should install them once a week; a machine that is off then gets none',
    remedy: `az vm install-patches --resource-group ${server.group} --name ${server.machine.name} --maximum-duration PT2H --reboot-setting IfRequired `
      + '--classifications-to-include-linux Critical Security',
  }];
}

function reboot({ look, server }: Parameters<ServerCheck['judge']>[0]): Found[] {
  const [since] = look.one('reboot') ?? [];
  if (since === undefined) {
    return [];
  }
  const age = look.ageSeconds(since);
  return [age < WEEK_SECONDS ? { state: 'ok', what: `a restart has been due for ${duration(age)}, and comes in the next maintenance window` } : {
    state: 'warning', what: `a restart has been due for ${duration(age)}`, meaning: 'until then a kernel or a library with known holes runs, and no maintenance window has restarted the machine',
    remedy: `when people can do without GitLab for some minutes: az vm restart --resource-group ${server.group} --name ${server.machine.name}`,
  }];
}

function packages({ look }: Parameters<ServerCheck['judge']>[0]): Found[] {
  const [broken] = look.all('packages');
  return broken ? [{
    state: 'broken', what: `packages are half installed: ${broken.join(' ')}`, meaning: 'Ubuntu installs no updates, and the next upgrade of GitLab has to mend that first',
    remedy: onServer('dpkg --configure -a; apt-get -f install -y'),
  }] : [];
}

function failedUnits({ look }: Parameters<ServerCheck['judge']>[0]): Found[] {
  const units = look.all('failed').map(([unit]) => unit).filter((unit) => !TOLD.includes(unit));
  return units.length === 0 ? [] : [{
    state: 'warning', what: `units of the machine have failed: ${units.join(', ')}`, meaning: units.some((unit) => unit.startsWith('gitlab-')) ? 'what they do for GitLab was not done' : undefined,
    remedy: onServer(`systemctl status --no-pager -n 20 ${units[0]}`),
  }];
}

function memory({ look }: Parameters<ServerCheck['judge']>[0]): Found[] {
  const killed = look.all('killed');
  return killed.length === 0 ? [] : [{
    state: 'warning', what: `since yesterday the memory has not been enough; the kernel ended ${killed.map(([count, ...name]) => `${name.join(' ')} (${count})`).join(', ')}`,
    meaning: 'what was ended starts again, and GitLab is slow or away meanwhile', remedy: 'choose a larger vmSize and apply when people can do without GitLab for some minutes',
  }];
}

function clock({ look }: Parameters<ServerCheck['judge']>[0]): Found[] {
  return look.has('clock') ? [{
    state: 'warning', what: 'the clock of the machine is not synchronised', meaning: 'once it is some minutes off, codes of second factors, SAML and Azure\'s tokens are refused',
    remedy: onServer('systemctl restart chrony; chronyc tracking'),
  }] : [];
}
