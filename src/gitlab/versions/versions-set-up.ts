import { GitLabMaintenanceWindow } from '../machine/gitlab-maintenance-window';
import { SetUpPart } from '../set-up/set-up-part';

/** Without a window, the script still takes back the timer that looked for patch releases. */
export function versionsSetUp(window: Required<GitLabMaintenanceWindow> | undefined): SetUpPart {
  return {
    inSteps: {
      gitlab: {
        scripts: ['updates.sh'],
        parameters: window && { UPDATE_DAY: window.dayOfWeek, UPDATE_TIME: window.startTime, UPDATE_WINDOW_MINUTES: String(window.durationMinutes) },
      },
    },
  };
}
