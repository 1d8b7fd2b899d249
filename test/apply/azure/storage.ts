// Microsoft.Storage: accounts, their blob service, containers and lifecycle rules.
// Not checked: the data plane (it refuses shared keys that are switched off and answers nothing else), replication, firewalls.
import { AzureError } from './azure-error';
import { Arm } from './core';
import { checkAccountKey } from './customer-keys';

const ACCOUNT = 'Microsoft.Storage/storageAccounts';

/** @param issue registers a secret value that is handed out */
export function addStorage(arm: Arm, issue: (text: string) => string): void {
  const service = (kind: string, properties: any) => ({
    type: `${ACCOUNT}/${kind}`, created: 200, stateless: true,
    fill: (resource: any, _: Arm, before?: any) => {
      resource.properties = { ...properties, ...before?.properties, ...resource.properties };
    },
  });
  arm.add(
    {
      type: ACCOUNT,
      created: 200,
      deleted: 200,
      check({ id, path, body }) {
        const [name] = path.names;
        if (!/^[a-z0-9]{3,24}$/.test(name)) {
          throw new AzureError(400, 'AccountNameInvalid', `${name} is not a valid storage account name`);
        }
        checkAccountKey(arm, body);
        if (arm.list(ACCOUNT).some((other) => other.name === name && other.id.toLowerCase() !== id.toLowerCase())) {
          throw new AzureError(409, 'StorageAccountAlreadyTaken', `the storage account named ${name} is already taken`);
        }
      },
      fill(resource, _, before) {
        const { name, location } = resource;
        const host = (kind: string) => `https://${name}.${kind}.core.windows.net/`;
        resource.kind ??= 'StorageV2';
        resource.sku = { ...before?.sku, ...resource.sku, tier: 'Standard' };
        resource.properties = {
          accessTier: 'Hot', allowBlobPublicAccess: false, allowCrossTenantReplication: false, allowSharedKeyAccess: true, minimumTlsVersion: 'TLS1_0',
          supportsHttpsTrafficOnly: true, publicNetworkAccess: 'Enabled', networkAcls: { bypass: 'AzureServices', defaultAction: 'Allow', ipRules: [], virtualNetworkRules: [] },
          encryption: { keySource: 'Microsoft.Storage', services: { blob: { enabled: true, keyType: 'Account' }, file: { enabled: true, keyType: 'Account' } } },
          ...before?.properties, ...resource.properties,
          creationTime: '2026-01-01T00:00:00Z', primaryLocation: location, statusOfPrimary: 'available',
          primaryEndpoints: { blob: host('blob'), file: host('file'), queue: host('queue'), table: host('table'), dfs: host('dfs'), web: host('z1.web') },
        };
        for (const [kind, properties] of Object.entries({ blobServices: BLOB_SERVICE, fileServices: FILE_SERVICE })) {
          if (!arm.find(`${resource.id}/${kind}/default`)) {
            arm.put(`${resource.id}/${kind}/default`, { properties: structuredClone(properties) });
          }
        }
      },
      actions: {
        listKeys: (account) => ({
          keys: [1, 2].map((n) => ({ keyName: `key${n}`, permissions: 'FULL', value: Buffer.from(issue(`storage key ${n} ${account.id}`)).toString('base64') })),
        }),
      },
    },
    service('blobServices', BLOB_SERVICE),
    service('fileServices', FILE_SERVICE),
    {
      type: `${ACCOUNT}/blobServices/containers`,
      stateless: true,
      check({ path }) {
        if (!/^[a-z0-9](?!.*--)[a-z0-9-]{1,61}[a-z0-9]$/.test(path.names.at(-1)!)) {
          throw new AzureError(400, 'ContainerNameInvalid', `${path.names.at(-1)} is not a valid container name`);
        }
      },
      fill(resource) {
        resource.properties = { publicAccess: 'None', hasImmutabilityPolicy: false, hasLegalHold: false, leaseState: 'Available', leaseStatus: 'Unlocked', ...resource.properties };
      },
    },
    { type: `${ACCOUNT}/managementPolicies`, stateless: true, created: 200 },
  );
}

const BLOB_SERVICE = {
  cors: { corsRules: [] }, deleteRetentionPolicy: { enabled: false }, isVersioningEnabled: false, changeFeed: { enabled: false },
};
const FILE_SERVICE = { cors: { corsRules: [] }, shareDeleteRetentionPolicy: { enabled: true, days: 7 }, protocolSettings: { smb: {} } };
