// The landing zones' guardrails for storage accounts, Enforce-GR-Storage0 with its own parameters, and what Enforce-GR-KeyVaultSup0 does to vaults. Nobody has them by default.
import { Policy } from './policy';

const STORAGE = 'Microsoft.Storage/storageAccounts';
const BLOB_SERVICE = `${STORAGE}/blobServices`;

export const STORAGE_GUARDRAILS: readonly Policy[] = [
  guardrail('Storage accounts should prevent shared key access', (account) => account.allowSharedKeyAccess !== false),
  guardrail('Storage accounts should prevent cross tenant object replication', (account) => account.allowCrossTenantReplication !== false),
  guardrail('Storage accounts should have infrastructure encryption', (account) => account.encryption?.requireInfrastructureEncryption !== true),
  guardrail('Encryption for storage services should be enforced for Storage Accounts', ({ encryption: { services } = {} as any }) =>
    [services?.blob, services?.file].some((one) => one?.enabled !== true) || [services?.queue, services?.table].some((one) => one?.keyType !== 'Account')),
  guardrail('Allowed Copy scope should be restricted for Storage Accounts', (account) => account.allowedCopyScope !== 'AAD'),
  guardrail('Storage accounts should restrict network access', (account) => account.networkAcls?.defaultAction !== 'Deny'),
  guardrail('Storage accounts should restrict network access using virtual network rules', ({ networkAcls }) =>
    networkAcls?.defaultAction !== 'Deny' || networkAcls.ipRules?.length > 0),
  guardrail('Network ACL bypass option should be restricted for Storage Accounts', (account) => account.networkAcls?.bypass !== 'None'),
  guardrail('Virtual network rules should be restricted for Storage Accounts', (account) => account.networkAcls?.virtualNetworkRules?.length > 0),
  guardrail('Resource Access Rules resource IDs should be restricted for Storage Accounts', (account) => account.networkAcls?.resourceAccessRules?.length > 0),
  guardrail('Resource Access Rules Tenants should be restricted for Storage Accounts', (account) => account.networkAcls?.resourceAccessRules?.length > 0),
  guardrail('Storage Accounts with SFTP enabled should be denied', (account) => account.isSftpEnabled === true),
  guardrail('Storage account keys should not be expired', (account) => account.keyPolicy?.keyExpirationPeriodInDays !== undefined),
  guardrail('Storage Accounts should restrict CORS rules', (service) => service.cors?.corsRules?.length > 0, BLOB_SERVICE),
  guardrail('Storage Accounts should use a container delete retention policy', ({ containerDeleteRetentionPolicy: kept }) => kept?.enabled !== true || kept.days < 7, BLOB_SERVICE),
];

/** What they change instead of refusing it. */
export const CLOSED_BY_POLICY: readonly Policy[] = [
  {
    assignment: 'Enforce-GR-KeyVaultSup0', definition: 'Configure key vaults to enable firewall', types: ['Microsoft.KeyVault/vaults'],
    changes: ({ properties }) => {
      properties.networkAcls = { ...properties.networkAcls, defaultAction: 'Deny' };
    },
  },
  {
    assignment: 'Enforce-GR-Storage0', definition: 'Configure storage accounts to disable public network access', types: [STORAGE],
    changes: ({ properties }) => {
      properties.publicNetworkAccess = 'Disabled';
    },
  },
  {
    assignment: 'Enforce-GR-Storage0', definition: 'Configure your Storage account public access to be disallowed', types: [STORAGE],
    changes: ({ properties }) => {
      if (properties.allowBlobPublicAccess === true) {
        properties.allowBlobPublicAccess = false;
      }
    },
  },
];

function guardrail(definition: string, denies: (properties: any) => boolean, type = STORAGE): Policy {
  return { assignment: 'Enforce-GR-Storage0', definition, types: [type], denies: ({ properties }) => denies(properties) };
}
