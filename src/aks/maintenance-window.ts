import { WeekDay } from '../azure/week-day';

/**
 * When AKS may perform automatic upgrades, once a week.
 * @see https://learn.microsoft.com/azure/aks/planned-maintenance
 */
export interface AksMaintenanceWindow {
  /** The day on which the window starts. */
  readonly dayOfWeek: WeekDay;

  /** When the window starts, as `HH:MM` on the 24-hour clock. */
  readonly startTime: string;

  /**
   * The length of the window in hours, 4 to 24. Upgrades can start during it.
   * @default 8
   */
  readonly durationHours?: number;

  /**
   * The offset of `startTime` from UTC, such as `+09:00`.
   * @default '+00:00'
   */
  readonly utcOffset?: string;
}
