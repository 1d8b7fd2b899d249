import { SecretSource, VaultSource } from '../token/token-source';

/** Where a secret of a runner's is: a vault or a Kubernetes Secret. */
export type SecretFrom = VaultSource | SecretSource;

/** What a program says to give it. */
export function shownSecret({ kind }: SecretFrom): string {
  return kind === 'vault' ? 'RunnerSecret.keyVaultSecret()' : 'RunnerSecret.kubernetesSecret()';
}

/** Secrets by what they are for. */
export interface SecretsFrom { readonly [name: string]: SecretFrom }
