import { TerraformVariable } from 'cdktf';
import { AzureCloud } from '../../azure/azure-cloud';
import { GitLabRunnerOptions } from '../../gitlab/gitlab-server';

/** Where a runner's token comes from. */
export type TokenSource = GitLabSource | VaultSource | SecretSource | VolumeSource | VariableSource | RegistrationSource;

/** The token that the joined GitLab makes. */
export interface GitLabSource {
  readonly kind: 'gitlab';
}

/** A secret in a Key Vault. */
export interface VaultSource {
  readonly kind: 'vault';
  readonly keyVaultName: string;
  readonly secretName: string;
  readonly tenantId?: string;
  readonly clientId?: string;
  readonly caSecretName?: string;
  readonly keyVaultId?: string;
  readonly cloud?: AzureCloud;
}

/** A Kubernetes Secret that somebody else makes. */
export interface SecretSource {
  readonly kind: 'secret';
  readonly name: string;
  readonly key: string;
}

/** A file in a volume of the user's. */
export interface VolumeSource {
  readonly kind: 'volume';
  readonly volume: { [key: string]: any };
  readonly fileName: string;
}

/** A variable of the Terraform configuration, by way of a Kubernetes Secret. */
export interface VariableSource {
  readonly kind: 'variable';
  readonly variable: TerraformVariable;
}

/** A registration token, for which a runner is registered at each start. */
export interface RegistrationSource {
  readonly kind: 'registration';
  readonly token: TokenSource;
  readonly options: GitLabRunnerOptions;
}
