import { MaintenanceAssignmentVirtualMachine } from '@cdktf/provider-azurerm/lib/maintenance-assignment-virtual-machine';
import { MaintenanceConfiguration } from '@cdktf/provider-azurerm/lib/maintenance-configuration';
import { Fn, Op, Token } from 'cdktf';
import { Construct } from 'constructs';
import { GitLabMaintenanceWindow } from './gitlab-maintenance-window';
import { partName } from '../../azure/names/part-names';
import { Placement } from '../../azure/place/placement';
import { WeekDay } from '../../azure/week-day';
import { suffixed } from '../../private/default-name';
import { required, Rules } from '../../private/rules/rule';
import { integer, oneOf, timeOfDay } from '../../private/rules/scalars';
import { known } from '../../private/rules/subject';

/** A day that is over: the window is counted from it. */
const FIRST_DAY = '2026-01-01';

const DAY_MINUTES = 24 * 60;

/** With the cluster's own first window, and over before the default backup begins. */
export const DEFAULT_MAINTENANCE_WINDOW: GitLabMaintenanceWindow = { dayOfWeek: WeekDay.SATURDAY, startTime: '22:00' };

export const MAINTENANCE_WINDOW: Rules<GitLabMaintenanceWindow> = {
  dayOfWeek: required(oneOf(Object.values(WeekDay))),
  startTime: required(timeOfDay('a time of day in UTC such as "22:00"')),
  durationMinutes: integer(90, 235),
};

/** The same window some minutes later, in UTC and so perhaps on the next day. One that only the apply knows stays where it is. */
export function delayed<T extends GitLabMaintenanceWindow>(window: T, minutes: number): T {
  const { dayOfWeek, startTime } = window;
  const days = Object.values(WeekDay);
  if (!known(dayOfWeek) || !known(startTime)) {
    return window;
  }
  const [hour, minute] = startTime.split(':').map(Number);
  const start = hour * 60 + minute + minutes;
  const day = days.indexOf(dayOfWeek) + Math.floor(start / DAY_MINUTES);
  return { ...window, dayOfWeek: days[day % days.length], startTime: clock(start % DAY_MINUTES) };
}

export interface PatchingProps {
  readonly placement: Placement;
  /** What tells the machine from the server's own, for a platform's naming. */
  readonly role?: string;
  readonly machineName: string;
  readonly machineId: string;
  readonly window: Required<GitLabMaintenanceWindow>;
}

/** Security updates of the operating system in a window; without one Azure restarts the machine whenever it thinks the region quiet. */
export class Patching extends Construct {
  constructor(scope: Construct, id: string, { placement, role, machineName, machineId, window }: PatchingProps) {
    super(scope, id);
    const configuration = new MaintenanceConfiguration(this, 'Window', {
      ...placement,
      name: partName(this, 'maintenanceConfiguration', suffixed(machineName, '-updates', 80), role),
      scope: 'InGuestPatch',
      inGuestUserPatchMode: 'User',
      window: {
        startDateTime: `${FIRST_DAY} ${window.startTime}`,
        // a local time may fall into the hour that summer time leaves out, which azurerm waits for in vain.
        timeZone: 'UTC',
        recurEvery: `1Week ${window.dayOfWeek}`,
        duration: clock(window.durationMinutes),
      },
      installPatches: {
        reboot: 'IfRequired',
        // the package is held too, but not while an upgrade is under way.
        linux: [{ classificationsToInclude: ['Critical', 'Security'], packageNamesMaskToExclude: ['gitlab-*'] }],
      },
      tags: placement.tags && lowerCaseNames(placement.tags),
    });
    new MaintenanceAssignmentVirtualMachine(this, 'Assignment', {
      location: placement.location,
      maintenanceConfigurationId: configuration.id,
      virtualMachineId: machineId,
    });
  }
}

function clock(minutes: number): string {
  if (!known(minutes)) {
    return Token.asString(Fn.format('%02d:%02d', [Fn.floor(Op.div(minutes, 60)), Op.mod(minutes, 60)]));
  }
  return [Math.floor(minutes / 60), minutes % 60].map((part) => `${part}`.padStart(2, '0')).join(':');
}

/** Azure gives the names back in lower case, here alone: any other spelling would be a change in each plan. */
function lowerCaseNames(tags: { readonly [name: string]: string }): { [name: string]: string } {
  if (Token.isUnresolved(tags)) {
    // Terraform gives keys and values in one order; JSON keeps names with commas in them whole.
    const names = Token.asList(Fn.jsondecode(Fn.lower(Fn.jsonencode(Fn.keys(tags)))));
    return Token.asStringMap(Fn.zipmap(names, Fn.values(tags)));
  }
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [Token.isUnresolved(name) ? name : name.toLowerCase(), value]));
}
