import { resources } from '../../synth';
import { plain, server } from '../server';

describe('the vaults', () => {
  test('let nobody in but by role, and outlive their deletion', () => {
    Object.values(resources(plain.json, 'azurerm_key_vault')).forEach((vault) => {
      expect(vault).toMatchObject({
        sku_name: 'standard',
        rbac_authorization_enabled: true,
        purge_protection_enabled: true,
        soft_delete_retention_days: 90,
      });
      expect(vault).not.toHaveProperty('access_policy');
    });
  });

  test('let the named administrators read the server\'s secrets, and only those', () => {
    const ids = ['11111111-2222-3333-4444-555555555555', 'AAAAAAAA-2222-3333-4444-555555555555'];
    const { json } = server({ secretReaderObjectIds: ids });
    const readers = Object.values(resources(json, 'azurerm_role_assignment')).filter((role) => role.role_definition_name === 'Key Vault Secrets User');
    expect(readers.map((role) => role.principal_id)).toEqual([ids[0], ids[1].toLowerCase()]);
    readers.forEach((role) => {
      expect(role.scope).toBe('${azurerm_key_vault.GitLab_ServerVault_93E3949B.id}');
      expect(role).not.toHaveProperty('principal_type');
    });
  });

  test('keep an administrator\'s role when another one leaves', () => {
    const names = (ids: string[]) => Object.keys(resources(server({ secretReaderObjectIds: ids }).json, 'azurerm_role_assignment'));
    const [one, two] = ['11111111-2222-3333-4444-555555555555', '22222222-2222-3333-4444-555555555555'];
    expect(names([one, two])).toEqual(expect.arrayContaining(names([two])));
  });
});
