import { KeyVaultSecret } from '../../azure/key-vault-secret';

/** What an endpoint decides, for the construct that carries it out. */
export interface EndpointChoice {
  readonly kind: 'azure-dns' | 'custom-domain' | 'key-vault' | 'http' | 'proxy';
  readonly hostname?: string;
  readonly letsEncrypt?: boolean;
  readonly letsEncryptEmail?: string;
  readonly certificate?: KeyVaultSecret;
  readonly proxy?: ProxyChoice;
}

/** What ends TLS in front of the server. */
export interface ProxyChoice {
  /** Whose word on clients' addresses is taken, and who alone is let in. Not with Front Door, which has addresses all over the world. */
  readonly trustedCidrs?: string[];
  readonly clientAddressHeader: string;
  readonly healthProbesAllowed?: boolean;
  readonly sshHost?: string;
  readonly frontDoorId?: string;
}

/** The addresses that alone reach the web ports where TLS ends in front. */
export function proxyAddresses({ proxy }: EndpointChoice): string[] | undefined {
  return proxy && (proxy.trustedCidrs ?? ['AzureFrontDoor.Backend']);
}
