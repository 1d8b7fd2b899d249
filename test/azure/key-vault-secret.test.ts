import { TerraformVariable } from 'cdktf';
import { KeyVaultSecret } from '../../src';
import { newStack } from '../synth';

const VAULT = '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v';

test('is a vault and a name', () => {
  expect(KeyVaultSecret.of(VAULT, 'smtp-password')).toMatchObject({ _keyVaultId: VAULT, _secretName: 'smtp-password' });
});

test('takes references', () => {
  const { stringValue } = new TerraformVariable(newStack(), 'x', {});
  expect(KeyVaultSecret.of(stringValue, stringValue)).toMatchObject({ _keyVaultId: stringValue, _secretName: stringValue });
});

test.each<[string, () => KeyVaultSecret, string]>([
  ['the vault is a name', () => KeyVaultSecret.of('certs', 'gitlab'), 'keyVaultId: not a valid value, got "certs"; give the ARM id of a Microsoft.KeyVault/vaults'],
  ['the vault is another resource', () => KeyVaultSecret.of(VAULT.replace('KeyVault/vaults', 'Storage/storageAccounts'), 'gitlab'),
    `keyVaultId: not a valid value, got "${VAULT.replace('KeyVault/vaults', 'Storage/storageAccounts')}"; give the ARM id of a Microsoft.KeyVault/vaults`],
  ['the vault is missing', () => KeyVaultSecret.of(undefined as any, 'gitlab'), 'keyVaultId: missing, got nothing; give the ARM id of a Microsoft.KeyVault/vaults'],
  ['the name is an address', () => KeyVaultSecret.of(VAULT, 'https://certs/gitlab'),
    'secretName: not a valid value, got "https://certs/gitlab"; give at most 127 letters, digits and "-"'],
  ['the name is missing', () => KeyVaultSecret.of(VAULT, undefined as any), 'secretName: missing, got nothing; give at most 127 letters, digits and "-"'],
])('fails when %s', (_, make, message) => {
  expect(make).toThrow(new Error(`${message} (at KeyVaultSecret.of)`));
});
