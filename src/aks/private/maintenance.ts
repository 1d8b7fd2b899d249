import { checkKind } from './prop-checks';
import { checkShape } from './release-checks';
import { WeekDay } from '../../azure/week-day';
import { checkInteger, checkOneOf, Subject } from '../../private/checks';
import { AksMaintenanceWindow } from '../maintenance-window';

export const DEFAULT_UPGRADE_WINDOW: AksMaintenanceWindow = { dayOfWeek: WeekDay.SATURDAY, startTime: '22:00' };
export const DEFAULT_NODE_OS_WINDOW: AksMaintenanceWindow = { dayOfWeek: WeekDay.SUNDAY, startTime: '22:00' };

export function checkMaintenanceWindow(subject: Subject, window: AksMaintenanceWindow | undefined): void {
  checkKind(subject, window, 'an object');
  if (window === undefined) {
    return;
  }
  const at = (prop: string): Subject => ({ where: subject.where, prop: `${subject.prop}.${prop}` });
  checkOneOf(at('dayOfWeek'), window.dayOfWeek ?? 'nothing' as any, Object.values(WeekDay));
  checkShape(at('startTime'), window.startTime, true, /^([01]\d|2[0-3]):[0-5]\d$/, 'not a time of day', 'give hours and minutes such as "22:00"');
  checkKind(at('durationHours'), window.durationHours, 'a number');
  checkInteger(at('durationHours'), window.durationHours, 4, 24);
  checkShape(at('utcOffset'), window.utcOffset, false, /^[+-](0\d|1[0-4]):[0-5]\d$/, 'not an offset from UTC', 'give hours and minutes such as "+09:00"');
}

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
