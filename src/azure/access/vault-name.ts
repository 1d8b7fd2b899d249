import { armIdPart } from '../place/arm-id';

/** The name in a Key Vault's ARM id. */
export function vaultName(keyVaultId: string): string {
  return armIdPart(keyVaultId, 8);
}
