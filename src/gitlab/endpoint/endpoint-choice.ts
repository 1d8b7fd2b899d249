import { KeyVaultSecret } from '../../azure/key-vault-secret';

/** What an endpoint decides, for the construct that carries it out. */
export interface EndpointChoice {
  readonly kind: 'azure-dns' | 'custom-domain' | 'key-vault' | 'http';
  readonly hostname?: string;
  readonly letsEncrypt?: boolean;
  readonly letsEncryptEmail?: string;
  readonly certificate?: KeyVaultSecret;
}
