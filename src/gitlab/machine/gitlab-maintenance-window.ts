import { WeekDay } from '../../azure/week-day';

/**
 * A maintenance window, once a week. From its start Azure may install Ubuntu's security updates and restart the server if they require it;
 * halfway through, the server installs GitLab's newest patch release if `version` is a minor version.
 * @see https://learn.microsoft.com/azure/update-manager/scheduled-patching
 */
export interface GitLabMaintenanceWindow {
  /** The day on which the window starts. */
  readonly dayOfWeek: WeekDay;

  /** When the window starts, in UTC as `HH:MM`. It should not overlap with `backup.schedule`. */
  readonly startTime: string;

  /**
   * The length of the window in minutes, 90 to 235. Azure keeps the last ten for a restart. A patch release of GitLab that is being
   * installed when the window ends is installed to its end.
   * @default 180
   */
  readonly durationMinutes?: number;
}
