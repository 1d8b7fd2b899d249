import { KeyVault } from '@cdktf/provider-azurerm/lib/key-vault';
import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { assignIdentityRole, assignRole } from './role-assignment';
import { AzureRole } from '../azure-role';
import { createPrivateEndpoint } from '../network/private-endpoint';
import { Placement } from '../place/placement';
import { PrivateEndpoints } from '../private-endpoints';

/** The logs of a vault, in Azure's words. */
export const VAULT_LOGS = ['AuditEvent'];

export interface SecretVaultProps {
  readonly placement: Placement;
  readonly vaultName: string;
  /** What the vault is for, in names of what belongs to it. */
  readonly role: string;
  readonly tenantId: string;
  readonly preventDestroy: boolean;
  /** Closes the vault to the Internet. */
  readonly privateEndpoints?: PrivateEndpoints;
}

/** A Key Vault that nobody gets into but by role. */
export class SecretVault extends Construct {
  public readonly vaultId: string;
  public readonly vaultName: string;
  /** What has to be applied before machines reach the vault. */
  public readonly reachable: ITerraformDependable[] = [];

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
      // "trusted services" admits neither a VM nor AKS, so a closed vault needs private endpoints.
      publicNetworkAccessEnabled: props.privateEndpoints === undefined,
      // said of open vaults too: Azure keeps the rules that a plan leaves out, and a vault that is opened again would stay shut.
      networkAcls: { bypass: 'AzureServices', defaultAction: props.privateEndpoints ? 'Deny' : 'Allow' },
      lifecycle: { preventDestroy: props.preventDestroy },
    });
    this.vaultId = vault.id;
    this.vaultName = vault.name;
    if (props.privateEndpoints) {
      const { placement, vaultName: targetName, role } = props;
      this.reachable.push(createPrivateEndpoint(this, props.privateEndpoints, { placement, targetId: vault.id, targetName, kind: 'vault', role }));
    }
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
