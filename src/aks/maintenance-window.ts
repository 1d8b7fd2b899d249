import { WeekDay } from '../azure/week-day';

/**
 * When AKS may upgrade something by itself: once a week, at one time.
 * @see https://learn.microsoft.com/azure/aks/planned-maintenance
 */
export interface AksMaintenanceWindow {
  /** The day it begins. */
  readonly dayOfWeek: WeekDay;

  /** The time it begins, as `HH:MM` by a 24-hour clock; anything else is refused. */
  readonly startTime: string;

  /**
   * How long an upgrade may be started, in hours, 4 to 24; others are refused.
   * @default 8
   */
  readonly durationHours?: number;

  /**
   * The offset of `startTime` from UTC, such as `+09:00`; anything else is refused.
   * @default '+00:00'
   */
  readonly utcOffset?: string;
}
