import { WeekDay } from '../azure/week-day';

/**
 * When Azure may put security updates of Ubuntu onto the server and restart it where they need it: once a week, at one time. GitLab itself is
 * not among them: it changes with `version` alone.
 * @see https://learn.microsoft.com/azure/update-manager/scheduled-patching
 */
export interface GitLabMaintenanceWindow {
  /** The day it begins. */
  readonly dayOfWeek: WeekDay;

  /** The time it begins, in UTC, as `HH:MM` by a 24-hour clock; anything else is refused. Keep it clear of `backup.schedule`. */
  readonly startTime: string;

  /**
   * How long it lasts, in minutes, 90 to 235; others are refused. Azure keeps the last ten for a restart.
   * @default 180
   */
  readonly durationMinutes?: number;
}
