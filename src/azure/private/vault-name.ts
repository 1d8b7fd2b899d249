import { Fn, Token } from 'cdktf';
import { known } from '../../private/rules/subject';

/** The name in a Key Vault's ARM id. */
export function vaultName(keyVaultId: string): string {
  return known(keyVaultId) ? keyVaultId.split('/')[8] : Token.asString(Fn.element(Fn.split('/', keyVaultId), 8));
}
