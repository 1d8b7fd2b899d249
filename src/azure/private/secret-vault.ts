import { KeyVault } from '@cdktf/provider-azurerm/lib/key-vault';
import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { Placement } from './placement';

/** The logs of a vault, in Azure's words. */
export const VAULT_LOGS = ['AuditEvent'];

export interface SecretVaultProps {
  readonly placement: Placement;
  readonly vaultName: string;
  readonly tenantId: string;
  readonly preventDestroy: boolean;
}

/** A Key Vault that nobody gets into but by role. */
export class SecretVault extends Construct {
  public readonly vaultId: string;
  public readonly vaultName: string;

  constructor(scope: Construct, id: string, props: SecretVaultProps) {
    super(scope, id);
    const vault = new KeyVault(this, 'Resource', {
      ...props.placement,
      name: props.vaultName,
      tenantId: props.tenantId,
      skuName: 'standard',
      rbacAuthorizationEnabled: true,
      // neither can be changed on a vault that exists.
      purgeProtectionEnabled: true,
      softDeleteRetentionDays: 90,
      // "trusted services" admits neither a VM nor AKS, so a closed vault would need private endpoints.
      publicNetworkAccessEnabled: true,
      lifecycle: { preventDestroy: props.preventDestroy },
    });
    this.vaultId = vault.id;
    this.vaultName = vault.name;
  }

  /** Lets a managed identity read and write secrets. */
  public grantOfficer(id: string, principalId: string): ITerraformDependable {
    return grantSecrets(this, id, 'Key Vault Secrets Officer', this.vaultId, principalId);
  }

  /** Lets a user or a group read secrets; which of the two it is, only Entra knows. */
  public grantReader(id: string, principalId: string): void {
    new RoleAssignment(this, id, { scope: this.vaultId, roleDefinitionName: 'Key Vault Secrets User', principalId });
  }
}

/** Gives a managed identity a role on a vault, ours or not. */
export function grantSecrets(scope: Construct, id: string, roleDefinitionName: string, vaultId: string, principalId: string): RoleAssignment {
  // the type spares azure a look-up that fails while a new identity is still spreading.
  return new RoleAssignment(scope, id, { scope: vaultId, roleDefinitionName, principalId, principalType: 'ServicePrincipal' });
}
