import { required, Rules } from '../../private/rules/rule';
import { integer, oneOf, text } from '../../private/rules/scalars';
import { AksMaintenanceWindow, AksWeekDay } from '../maintenance-window';

export const DEFAULT_UPGRADE_WINDOW: AksMaintenanceWindow = { dayOfWeek: AksWeekDay.SATURDAY, startTime: '22:00' };
export const DEFAULT_NODE_OS_WINDOW: AksMaintenanceWindow = { dayOfWeek: AksWeekDay.SUNDAY, startTime: '22:00' };

export const MAINTENANCE_WINDOW: Rules<AksMaintenanceWindow> = {
  dayOfWeek: required(oneOf(Object.values(AksWeekDay))),
  startTime: required(text('hours and minutes such as "22:00"', /^([01]\d|2[0-3]):[0-5]\d$/)),
  durationHours: integer(4, 24),
  utcOffset: text('an offset from UTC such as "+09:00"', /^[+-](0\d|1[0-4]):[0-5]\d$/),
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
