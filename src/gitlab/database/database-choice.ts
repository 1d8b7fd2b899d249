import { AzurePostgresqlOptions, ExternalDatabaseOptions } from './database-options';
import { PostgresqlHighAvailability } from './postgresql-high-availability';
import { keyVaultSecret } from '../../azure/access/key-vault-secret-rules';
import { PART_KINDS } from '../../azure/names/part-kinds';
import { pemCertificate } from '../../private/rules/pem';
import { also, required, Rules, Together } from '../../private/rules/rule';
import { decided, integer, oneOf, text, trueOrFalse } from '../../private/rules/scalars';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { hostName } from '../private/text-rules';

type Filled<T, K extends keyof T> = T & Required<Pick<T, K>>;

/** A flexible server with every gap filled that a constant fills. */
export type AzureDatabase = Filled<AzurePostgresqlOptions, 'skuName' | 'storageSizeGb' | 'postgresqlVersion' | 'backupRetentionDays' | 'geoRedundantBackupEnabled'>;
export type ExternalDatabase = Filled<ExternalDatabaseOptions, 'port' | 'username' | 'databaseName' | 'postgresqlVersion'>;

export type DatabaseChoice =
  | { readonly kind: 'embedded' }
  | { readonly kind: 'azure' } & AzureDatabase
  | { readonly kind: 'external' } & ExternalDatabase;

const SKU = /^(B_Standard_B(1ms|2s|2ms|4ms|8ms|12ms|16ms|20ms)|GP_Standard_D\d{1,2}(s_v3|ds_v4|ds_v5|ads_v5|ds_v6)|MO_Standard_E\d{1,2}(s_v3|ds_v4|ds_v5|ads_v5|ds_v6))$/;

/** What Azure offers, in GB. */
const STORAGE_SIZES_GB = [32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384];

/** Each has a client in some version of GitLab's package. */
const POSTGRESQL_VERSIONS = [16, 17, 18];

/** Names that need no quotes in SQL, and that neither PostgreSQL nor Azure keeps for itself. */
function sqlName() {
  return text('1 to 63 lower-case letters, digits and "_", first a letter, not beginning with "pg_" or "azure"', /^(?!pg_|azure|postgres$|template[01]$)[a-z][a-z0-9_]{0,62}$/);
}

export const AZURE_POSTGRESQL: Rules<AzurePostgresqlOptions> = {
  serverName: PART_KINDS.flexibleServer.rule,
  skuName: also(text('a compute size such as "GP_Standard_D2ds_v5"', SKU), ({ where, prop }, sku) => {
    if (sku === 'B_Standard_B1ms') {
      throw new ValidationError(where, { prop, problem: 'takes 35 connections, fewer than GitLab opens', got: sku, remedy: 'give one such as "GP_Standard_D2ds_v5"' });
    }
  }),
  storageSizeGb: decided(oneOf(STORAGE_SIZES_GB)),
  postgresqlVersion: decided(oneOf(POSTGRESQL_VERSIONS)),
  highAvailability: decided(oneOf(Object.values(PostgresqlHighAvailability))),
  backupRetentionDays: integer(7, 35),
  geoRedundantBackupEnabled: trueOrFalse(),
};

export const EXTERNAL_DATABASE: Rules<ExternalDatabaseOptions> = {
  host: required(also(hostName(), ({ where, prop }, host) => {
    const [, server, suffix] = /^([^.]+)\.privatelink\.(postgres\.database\..+)$/.exec(host) ?? [];
    if (server !== undefined) {
      throw new ValidationError(where, {
        prop, problem: 'not a name that the server\'s certificate is valid for', got: host,
        remedy: `give "${server}.${suffix}", which the private DNS zone leads to the same endpoint`,
      });
    }
  })),
  port: integer(1, 65535),
  username: sqlName(),
  databaseName: sqlName(),
  password: required(keyVaultSecret()),
  caCertificate: pemCertificate(),
  postgresqlVersion: decided(oneOf(POSTGRESQL_VERSIONS)),
};

/** Refuses a standby of what cannot have one. */
export const checkStandby: Together<AzurePostgresqlOptions> = (at, { skuName, highAvailability }) => {
  if (highAvailability !== undefined && known(skuName) && isBurstable(skuName)) {
    const { where, prop } = at('highAvailability');
    throw new ValidationError(where, { prop, problem: `the burstable size ${skuName} cannot have a standby`, got: highAvailability, remedy: 'give a size such as "GP_Standard_D2ds_v5"' });
  }
};

export function isBurstable(skuName: string | undefined): boolean {
  return skuName?.startsWith('B_') === true;
}
