import { KeyVault } from '@cdktf/provider-azurerm/lib/key-vault';
import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { Placement } from './placement';
import { assignIdentityRole, assignRole } from './role-assignment';
import { AzureRole } from '../azure-role';

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
    return assignIdentityRole(this, id, AzureRole.KEY_VAULT_SECRETS_OFFICER, this.vaultId, principalId);
  }

  /** Lets a user or a group read secrets; which of the two it is, only Entra knows. */
  public grantReader(id: string, principalId: string): void {
    assignRole(this, id, AzureRole.KEY_VAULT_SECRETS_USER, this.vaultId, principalId);
  }
}
