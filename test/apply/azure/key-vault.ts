// Microsoft.KeyVault: vaults in Azure RBAC mode, soft-deleted ones, and the data plane for secrets.
// A closed vault answers nobody here: who reaches its private endpoint is no caller of this proxy. Not checked: access policies, firewalls, keys, certificates, backups.
import { hasRole } from './authorization';
import { AzureError } from './azure-error';
import { Arm } from './core';
import { Answer } from './request';
import { Resource } from './resource';

const VAULT = 'Microsoft.KeyVault/vaults';
export const READERS = ['Key Vault Administrator', 'Key Vault Secrets Officer', 'Key Vault Secrets User'];
export const WRITERS = ['Key Vault Administrator', 'Key Vault Secrets Officer'];

export interface Vaults {
  /** Vaults that were deleted and may come back, by name. */
  readonly deleted: Map<string, Resource>;
  /** Calls on deleted vaults; undefined for others. */
  handle(method: string, path: string): Answer | undefined;
  /** The data plane of a vault. */
  data(vault: string, method: string, path: string, body: any, principal?: string): Answer;
}

export function addKeyVault(arm: Arm, spreadMs: () => number): Vaults {
  const deleted = new Map<string, Resource>();
  const secrets = new Map<string, any>();
  arm.add({
    type: VAULT,
    slow: false,
    created: 200,
    deleted: 200,
    check({ id, path, body }) {
      const [name] = path.names;
      const { properties } = body;
      if (!/^[a-z](?!.*--)[a-z0-9-]{1,22}[a-z0-9]$/i.test(name)) {
        throw new AzureError(400, 'VaultNameNotValid', `the vault name ${name} is invalid`);
      }
      if (arm.list(VAULT).some((vault) => vault.name.toLowerCase() === name.toLowerCase() && vault.id.toLowerCase() !== id.toLowerCase())) {
        throw new AzureError(409, 'VaultAlreadyExists', `the vault name ${name} is already in use`);
      }
      if (deleted.has(name.toLowerCase()) && properties.createMode !== 'recover') {
        throw new AzureError(409, 'ConflictError', `a vault with the same name already exists in deleted state: ${name}`);
      }
      const before = arm.find(id);
      if (before?.properties.enablePurgeProtection && properties.enablePurgeProtection === false) {
        throw new AzureError(400, 'BadRequest', 'purge protection cannot be switched off');
      }
    },
    fill(resource, _, before) {
      const back = deleted.get(resource.name.toLowerCase());
      if (resource.properties.createMode === 'recover' && back) {
        resource.properties = { ...back.properties };
        deleted.delete(resource.name.toLowerCase());
      }
      delete resource.properties.createMode;
      resource.properties = {
        enableSoftDelete: true, softDeleteRetentionInDays: 90, accessPolicies: [], publicNetworkAccess: 'Enabled', ...before?.properties, ...resource.properties,
        vaultUri: `https://${resource.name.toLowerCase()}.vault.azure.net/`,
      };
    },
    gone(resource) {
      deleted.set(resource.name.toLowerCase(), resource);
    },
  });

  return {
    deleted,
    handle(method, path) {
      const match = /^(\/subscriptions\/[^/]+)\/providers\/Microsoft\.KeyVault\/locations\/([^/]+)\/deletedVaults\/([^/]+)(\/purge)?$/i.exec(path);
      if (!match) {
        return undefined;
      }
      const [, subscription, location, name, purge] = match;
      const vault = deleted.get(name.toLowerCase());
      if (!vault) {
        throw new AzureError(404, 'DeletedVaultNotFound', `no deleted vault ${name}`);
      }
      if (purge && vault.properties.enablePurgeProtection) {
        throw new AzureError(403, 'Forbidden', `the vault ${name} is protected from purging`);
      }
      if (purge && method === 'POST') {
        deleted.delete(name.toLowerCase());
        return { status: 200 };
      }
      return {
        status: 200,
        body: {
          id: `${subscription}/providers/Microsoft.KeyVault/locations/${location}/deletedVaults/${name}`, name,
          properties: { vaultId: vault.id, location, purgeProtectionEnabled: vault.properties.enablePurgeProtection, tags: vault.tags },
        },
      };
    },
    data(name, method, path, body, principal) {
      const vault = arm.list(VAULT).find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
      if (!vault) {
        throw new AzureError(404, 'VaultNotFound', name);
      }
      if (vault.properties.publicNetworkAccess === 'Disabled') {
        throw new AzureError(403, 'Forbidden', 'Public network access is disabled and request is not from a trusted service nor via an approved private link.');
      }
      const secret = /^\/secrets\/([^/]+)(?:\/([^/]*))?$/.exec(path);
      if (!secret) {
        return { status: path === '/' ? 200 : 404, body: {} };
      }
      if (!hasRole(arm, principal, method === 'GET' ? READERS : WRITERS, vault.id, spreadMs())) {
        throw new AzureError(403, 'Forbidden', `${principal} may not ${method} secrets of ${name}`);
      }
      const key = `${name}/${secret[1]}`;
      if (method === 'PUT') {
        const attributes = { enabled: true, created: 1, updated: 1, recoveryLevel: 'Recoverable' };
        secrets.set(key, { ...body, attributes, id: `${vault.properties.vaultUri}secrets/${secret[1]}/${'0'.repeat(31)}1` });
      }
      if (method === 'DELETE') {
        const gone = secrets.get(key);
        secrets.delete(key);
        return { status: 200, body: { ...gone, recoveryId: `${vault.properties.vaultUri}deletedsecrets/${secret[1]}` } };
      }
      const found = secrets.get(key);
      if (!found) {
        throw new AzureError(404, 'SecretNotFound', `no secret ${secret[1]}`);
      }
      return { status: 200, body: found };
    },
  };
}
