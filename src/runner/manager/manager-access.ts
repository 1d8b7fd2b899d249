import { IConstruct } from 'constructs';
import { ManagerPlan } from './manager-plan';
import { IAksCluster } from '../../aks/cluster';
import { WorkloadIdentity } from '../../aks/workload-identity';
import { AzureCloud } from '../../azure/azure-cloud';
import { AzureRole } from '../../azure/azure-role';
import { platformName } from '../../azure/names/part-names';
import { IDENTITY_NAME_LENGTH } from '../../azure/private/rules';
import { defaultName } from '../../private/default-name';
import { SecretFrom, SecretsFrom } from '../secret/secret-from';
import { VaultSource } from '../token/token-source';

/** The manager's identity in Azure, made when something first needs it, and what it may read. */
export class ManagerAccess {
  private readonly vaultIds: string[] = [];
  private made?: WorkloadIdentity;

  constructor(
    private readonly runner: IConstruct,
    private readonly cluster: IAksCluster,
    private readonly manager: ManagerPlan,
    private readonly cloud: AzureCloud,
  ) {}

  /** Made on first use. */
  public get identity(): WorkloadIdentity {
    return this.made ??= new WorkloadIdentity(this.runner, 'Identity', this.cluster, {
      namespace: this.manager.namespace,
      serviceAccountName: this.manager.account.name,
      identityName: platformName(this.runner, 'identity') ?? defaultName(this.runner, IDENTITY_NAME_LENGTH, '-identity'),
    });
  }

  /** Nothing where nothing has needed it. */
  public get identityIfNeeded(): WorkloadIdentity | undefined {
    return this.made;
  }

  public toSecrets(secrets: SecretsFrom): SecretsFrom {
    return Object.fromEntries(Object.entries(secrets).map(([name, source]) => [name, this.toSecret(source)]));
  }

  public toSecret<T extends SecretFrom | undefined>(source: T): T | VaultSource {
    return source?.kind === 'vault' ? this.toVault(source) : source;
  }

  /**
   * Opens a vault to the manager, unless another identity reads it.
   * @param owner the construct that has made the vault.
   */
  public toVault(given: VaultSource, owner?: IConstruct): VaultSource {
    const source = { ...given, cloud: given.cloud ?? this.cloud };
    if (source.clientId !== undefined) {
      return { ...source, tenantId: source.tenantId ?? this.cluster.tenantId };
    }
    const { identity } = this;
    if (source.keyVaultId !== undefined && !this.vaultIds.includes(source.keyVaultId)) {
      const count = this.vaultIds.push(source.keyVaultId);
      identity._grant(count === 1 ? 'KeyVault' : `KeyVault${count}`, AzureRole.KEY_VAULT_SECRETS_USER, source.keyVaultId, owner);
    }
    return { ...source, clientId: identity.clientId, tenantId: source.tenantId ?? this.cluster.tenantId };
  }
}
