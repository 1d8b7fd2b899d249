import { PostgresqlHighAvailability } from './postgresql-high-availability';
import { KeyVaultSecret } from '../../azure/key-vault-secret';

/** Options for a database on an Azure Database for PostgreSQL flexible server that is made for it. */
export interface AzurePostgresqlOptions {
  /**
   * The server's name, unique in all of Azure: 3 to 63 lower-case letters, digits and `-`. Changing it would replace the server, which
   * `preventDestroy` stops.
   * @default - `gitlab-db-` and eight digits derived from the subscription and the construct's path
   */
  readonly serverName?: string;

  /**
   * The server's compute size by Azure's name: `B_Standard_…` (burstable), `GP_Standard_…` or `MO_Standard_…`. Its memory limits the number
   * of connections: too few with `B_Standard_B1ms`, while other burstable sizes give a warning. Changing it restarts the database.
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-compute
   * @default 'GP_Standard_D2ds_v5'
   */
  readonly skuName?: string;

  /**
   * The size of the server's storage in GB: a power of two, 32 to 16384. It can only grow: `preventDestroy` stops a smaller number.
   * @default 64
   */
  readonly storageSizeGb?: number;

  /**
   * PostgreSQL's major version: 16, 17 or 18, one that GitLab's `version` works with. A later one upgrades the server in place, with GitLab
   * down meanwhile, and cannot be taken back. Upgrade GitLab first, by an apply of its own, to a version that works with both.
   * @see https://docs.gitlab.com/install/requirements/#postgresql
   * @default 17
   */
  readonly postgresqlVersion?: number;

  /**
   * A standby server, which doubles the costs of compute and storage. Burstable sizes cannot have one.
   * @see https://learn.microsoft.com/azure/reliability/reliability-postgresql-flexible-server
   * @default - none
   */
  readonly highAvailability?: PostgresqlHighAvailability;

  /**
   * How many days the server can be restored to any point in time, 7 to 35.
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-backup-restore
   * @default 14
   */
  readonly backupRetentionDays?: number;

  /**
   * Whether backups are kept in the paired region too. Changing it would replace the server, which `preventDestroy` stops.
   * @default false
   */
  readonly geoRedundantBackupEnabled?: boolean;
}

/** Options for a database of GitLab's on a PostgreSQL server that exists. */
export interface ExternalDatabaseOptions {
  /** The server's DNS name in lower case. Its certificate has to be valid for it: GitLab connects by TLS only. */
  readonly host: string;

  /**
   * The server's port, 1 to 65535.
   * @default 5432
   */
  readonly port?: number;

  /**
   * The role that owns the database.
   * @default 'gitlab'
   */
  readonly username?: string;

  /**
   * The database's name. It has to exist, empty and with the extensions `pg_trgm`, `btree_gist` and `amcheck`.
   * @see https://docs.gitlab.com/install/postgresql_extensions/
   * @default 'gitlabhq_production'
   */
  readonly databaseName?: string;

  /** The role's password. GitLab takes a changed value at `secretReloadTime`. */
  readonly password: KeyVaultSecret;

  /**
   * The certificate of the authority that signed the server's certificate, in PEM.
   * @default - the authorities that Ubuntu trusts
   */
  readonly caCertificate?: string;

  /**
   * PostgreSQL's major version: 16, 17 or 18, one that GitLab's `version` works with.
   * @see https://docs.gitlab.com/install/requirements/#postgresql
   * @default 17
   */
  readonly postgresqlVersion?: number;
}
