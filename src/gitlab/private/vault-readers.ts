import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { VaultReader } from './feature';
import { assignIdentityRole } from '../../azure/access/role-assignment';
import { AzureRole } from '../../azure/azure-role';

/** Lets the server's identity read each vault's secrets. Azure refuses the same role of the same identity at the same vault a second time. */
export function grantVaultReaders(scope: Construct, principalId: string, readers: readonly VaultReader[]): ITerraformDependable[] {
  const same = ({ vaultId }: VaultReader) => readers.find((reader) => reader.vaultId.toLowerCase() === vaultId.toLowerCase());
  return readers.filter((reader) => same(reader) === reader)
    .map(({ id, vaultId }) => assignIdentityRole(scope, id, AzureRole.KEY_VAULT_SECRETS_USER, vaultId, principalId));
}
