// Microsoft.DBforPostgreSQL: flexible servers, their administrators and their settings.
// Not checked: whether anything runs, which sizes a region has, upgrades of the major version, backups, and zones.
import { AzureError } from './azure-error';
import { Arm } from './core';
import { checkServerKey } from './customer-keys';

const SERVER = 'Microsoft.DBforPostgreSQL/flexibleServers';
const ADMINISTRATOR = `${SERVER}/administrators`;
const CONFIGURATION = `${SERVER}/configurations`;

/** @param keep what a server's administrator is let in with, so that states can be searched for it. */
export function addPostgresql(arm: Arm, keep: (password: string) => void): void {
  arm.add(
    {
      type: SERVER,
      slow: true,
      created: 202,
      updated: 202,
      guarded: true,
      check({ body, before }) {
        const { properties, sku } = body;
        checkServerKey(arm, body, before);
        const refuse = (code: string, message: string) => {
          throw new AzureError(400, code, message);
        };
        if (!before && properties.authConfig?.passwordAuth !== 'Disabled' && !(properties.administratorLogin && properties.administratorLoginPassword)) {
          refuse('InvalidParameterValue', 'a server with password authentication needs an administrator and a password');
        }
        if (!before && properties.administratorLoginPassword && !/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d).{8,128}$/.test(properties.administratorLoginPassword)) {
          refuse('PasswordNotComplex', 'the password has to have 8 to 128 characters of three kinds');
        }
        if (before && properties.storage?.storageSizeGB < before.properties.storage.storageSizeGB) {
          refuse('StorageSizeDecreaseNotSupported', 'storage cannot shrink');
        }
        if (before && Number(properties.version) < Number(before.properties.version)) {
          refuse('ServerVersionDowngradeNotSupported', 'a server cannot go back to an earlier version');
        }
        if (sku?.tier === 'Burstable' && ![undefined, 'Disabled'].includes(properties.highAvailability?.mode)) {
          refuse('HANotSupportedForBurstableSkuWithBackup', 'a burstable server has no standby');
        }
      },
      fill(resource, _, before) {
        const { administratorLoginPassword, ...given } = resource.properties;
        if (administratorLoginPassword) {
          keep(administratorLoginPassword);
        }
        const highAvailability = given.highAvailability ?? { mode: 'Disabled' };
        resource.properties = {
          ...before?.properties, ...given,
          highAvailability: highAvailability.mode === 'Disabled' ? highAvailability : { standbyAvailabilityZone: '2', state: 'Healthy', ...highAvailability },
          availabilityZone: given.availabilityZone ?? before?.properties.availabilityZone ?? '1',
          state: 'Ready',
          fullyQualifiedDomainName: `${resource.name}.postgres.database.azure.com`,
          network: { publicNetworkAccess: 'Enabled', ...before?.properties.network, ...given.network },
          replicationRole: 'Primary',
        };
        if (!before) {
          arm.provision(`${resource.id}/configurations/azure.extensions`, {
            properties: { value: '', defaultValue: '', source: 'system-default', isDynamicConfig: true, isReadOnly: false, dataType: 'Set' },
          });
        }
      },
    },
    {
      type: ADMINISTRATOR,
      slow: true,
      created: 202,
      updated: 202,
      fill(resource) {
        resource.properties.objectId = resource.name;
      },
    },
    {
      type: CONFIGURATION,
      slow: true,
      created: 202,
      updated: 202,
      fill(resource, _, before) {
        resource.properties = { ...before?.properties, ...resource.properties };
      },
    },
  );
}
