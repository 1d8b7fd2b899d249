import { WeekDay } from '../../azure/week-day';
import { required, Rules } from '../../private/rules/rule';
import { integer, oneOf, text, timeOfDay } from '../../private/rules/scalars';
import { AksMaintenanceWindow } from '../maintenance-window';

export const DEFAULT_UPGRADE_WINDOW: AksMaintenanceWindow = { dayOfWeek: WeekDay.SATURDAY, startTime: '22:00' };
export const DEFAULT_NODE_OS_WINDOW: AksMaintenanceWindow = { dayOfWeek: WeekDay.SUNDAY, startTime: '22:00' };

export const MAINTENANCE_WINDOW: Rules<AksMaintenanceWindow> = {
  dayOfWeek: required(oneOf(Object.values(WeekDay))),
  startTime: required(timeOfDay('hours and minutes such as "22:00"')),
  durationHours: integer(4, 24),
  utcOffset: text('an offset from UTC such as "+09:00"', /^([+-](0\d|1[01]):[0-5]\d|[+-]12:00|\+1[23]:[0-5]\d|\+14:00)$/),
};

/** The window as azurerm takes it. */
export function weekly(window: AksMaintenanceWindow) {
  return {
    frequency: 'Weekly',
    interval: 1,
    dayOfWeek: window.dayOfWeek,
    startTime: window.startTime,
    duration: window.durationHours ?? 8,
    utcOffset: window.utcOffset ?? '+00:00',
  };
}
