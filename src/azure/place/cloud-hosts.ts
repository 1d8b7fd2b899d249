import { Rule } from '../../private/rules/rule';
import { decided, oneOf } from '../../private/rules/scalars';
import { known } from '../../private/rules/subject';
import { AzureCloud } from '../azure-cloud';

/** What one cloud calls what all of them have. */
export interface CloudHosts {
  readonly cloud: AzureCloud;
  /** The cloud in azurerm's words. */
  readonly environment: string;
  /** The cloud in the words of the Key Vault driver and of kubelogin; the public one needs none. */
  readonly keyVaultDriver: string;
  readonly keyVault: string;
  readonly blobStorage: string;
  readonly postgresql: string;
  /** Whom tokens for PostgreSQL are for. */
  readonly postgresqlToken: string;
  /** Whom tokens for Azure Monitor are for. */
  readonly monitor: string;
  /** What the names of clusters' API servers end with, behind the region. */
  readonly apiServer: string;
  /** What the DNS names of public addresses end with, behind the region. */
  readonly publicAddress: string;
}

const PUBLIC: CloudHosts = {
  cloud: AzureCloud.PUBLIC,
  environment: 'public',
  keyVaultDriver: '',
  keyVault: 'vault.azure.net',
  blobStorage: 'blob.core.windows.net',
  postgresql: 'postgres.database.azure.com',
  postgresqlToken: 'ossrdbms-aad.database.windows.net',
  monitor: 'monitor.azure.com',
  apiServer: 'azmk8s.io',
  publicAddress: 'cloudapp.azure.com',
};

/** @see https://learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure */
const US_GOVERNMENT: CloudHosts = {
  cloud: AzureCloud.US_GOVERNMENT,
  environment: 'usgovernment',
  keyVaultDriver: 'AzureUSGovernmentCloud',
  keyVault: 'vault.usgovcloudapi.net',
  blobStorage: 'blob.core.usgovcloudapi.net',
  postgresql: 'postgres.database.usgovcloudapi.net',
  postgresqlToken: 'ossrdbms-aad.database.usgovcloudapi.net',
  monitor: 'monitor.azure.us',
  apiServer: 'cx.aks.containerservice.azure.us',
  publicAddress: 'cloudapp.usgovcloudapi.net',
};

/** The clouds that constructs can be created in. */
export const CLOUDS: readonly CloudHosts[] = [PUBLIC, US_GOVERNMENT];

/** The regions of clouds that nothing here has been made for: another operator, or no way to the Internet that GitLab's packages come from. */
export const FOREIGN_REGIONS = /^(china|usnat|ussec|bleu|deloscloud)/;

/** The cloud that a region is in; of a region that only the apply knows nothing can be said. */
export function cloudOfRegion(location: string | undefined): CloudHosts | undefined {
  if (!known(location)) {
    return undefined;
  }
  return /^us(gov|dod)/.test(location) ? US_GOVERNMENT : PUBLIC;
}

/** The cloud that a provider names: by azurerm's words, old and new. */
export function cloudOfEnvironment(environment: unknown): CloudHosts | undefined {
  return typeof environment === 'string' ? CLOUDS.find((cloud) => cloud.environment === environment.toLowerCase()) : undefined;
}

/** A cloud that constructs can be created in; it decides about hosts, and so has to be known. */
export function supportedCloud(): Rule<AzureCloud> {
  return decided(oneOf(CLOUDS.map(({ cloud }) => cloud)));
}

/** The zone in which a cloud looks the names up, by what an endpoint leads to. */
export function privateLinkZone({ keyVault, blobStorage }: CloudHosts, kind: 'vault' | 'blob'): string {
  return `privatelink.${kind === 'vault' ? keyVault.replace('vault', 'vaultcore') : blobStorage}`;
}
