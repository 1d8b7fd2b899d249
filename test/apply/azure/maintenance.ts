// Microsoft.Maintenance: windows for updates inside machines, and which machine has which.
// Not checked: whether anything is installed or restarted, time zones, and whether the machine's image can be updated so.
import { AzureError } from './azure-error';
import { Arm } from './core';

const CONFIGURATION = 'Microsoft.Maintenance/maintenanceConfigurations';
const RECURRENCE = /^\d*(Day|Week|Month)s?( (Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday))*$/;

export function addMaintenance(arm: Arm): void {
  arm.references.push({ key: /^properties\.maintenanceConfigurationId$/, type: CONFIGURATION });
  arm.add(
    {
      type: CONFIGURATION,
      stateless: true,
      guarded: true,
      check({ body: { properties } }) {
        const { maintenanceScope, extensionProperties, installPatches, maintenanceWindow: window } = properties;
        const [hours, minutes] = (window?.duration ?? '').split(':').map(Number);
        if (maintenanceScope !== 'InGuestPatch' || Object.values(extensionProperties ?? {})[0] !== 'User' || !installPatches?.rebootSetting) {
          throw new AzureError(400, 'InvalidMaintenanceConfiguration', 'Extension properties must contain Patch mode, and updates a setting for restarts');
        }
        if (!(hours * 60 + minutes >= 90 && hours * 60 + minutes <= 235) || !RECURRENCE.test(window.recurEvery)
          || !/^\d{4}-\d\d-\d\d ([01]\d|2[0-3]):[0-5]\d$/.test(window.startDateTime)) {
          throw new AzureError(400, 'InvalidMaintenanceWindow', `Invalid maintenance window. ${JSON.stringify(window)}`);
        }
      },
      fill(resource) {
        resource.tags &&= Object.fromEntries(Object.entries(resource.tags).map(([name, value]) => [name.toLowerCase(), value]));
        resource.properties.extensionProperties = { inGuestPatchMode: 'User' };
      },
    },
    {
      type: 'Microsoft.Maintenance/configurationAssignments',
      stateless: true,
      check({ path }) {
        const { patchMode, automaticByPlatformSettings: settings } = arm.find(path.scope)!.properties.osProfile.linuxConfiguration.patchSettings;
        if (patchMode !== 'AutomaticByPlatform' || settings?.bypassPlatformSafetyChecksOnUserSchedule !== true) {
          throw new AzureError(400, 'BadRequest', 'The patch orchestration of the machine has to be Customer Managed Schedules: patchMode AutomaticByPlatform, '
            + 'bypassPlatformSafetyChecksOnUserSchedule true');
        }
      },
    },
  );
}
