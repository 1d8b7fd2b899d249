import { AZURE_POSTGRESQL, checkStandby, DatabaseChoice, EXTERNAL_DATABASE } from './database-choice';
import { AzurePostgresqlOptions, ExternalDatabaseOptions } from './database-options';
import { takeProps } from '../../private/rules/rule';

/**
 * Where GitLab's database is.
 *
 * A database on the data disk moves to another server in one apply; no other move is made.
 *
 * @see https://docs.gitlab.com/administration/postgresql/external/
 * @example
 * new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral', database: GitLabDatabase.azurePostgresql() });
 */
export class GitLabDatabase {
  /** The PostgreSQL that GitLab's package brings, on the data disk. */
  static embedded(): GitLabDatabase {
    return new GitLabDatabase({ kind: 'embedded' });
  }

  /**
   * A flexible server of its own, which only the GitLab server reaches, by a private endpoint in its subnet. GitLab's password is generated
   * on the GitLab server and stored in its Key Vault; nobody knows that of the administrator whom Azure requires. Needs Terraform 1.11 or
   * later.
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/overview
   */
  static azurePostgresql(options: AzurePostgresqlOptions = {}): GitLabDatabase {
    const given = takeProps('GitLabDatabase.azurePostgresql', 'options', options, AZURE_POSTGRESQL, checkStandby);
    return new GitLabDatabase({
      kind: 'azure',
      ...given,
      skuName: given.skuName ?? 'GP_Standard_D2ds_v5',
      storageSizeGb: given.storageSizeGb ?? 64,
      postgresqlVersion: given.postgresqlVersion ?? 17,
      backupRetentionDays: given.backupRetentionDays ?? 14,
      geoRedundantBackupEnabled: given.geoRedundantBackupEnabled ?? false,
    });
  }

  /** A database on a server that exists, reached by TLS with a password from a Key Vault. */
  static external(options: ExternalDatabaseOptions): GitLabDatabase {
    const given = takeProps('GitLabDatabase.external', 'options', options, EXTERNAL_DATABASE);
    return new GitLabDatabase({
      kind: 'external',
      ...given,
      port: given.port ?? 5432,
      username: given.username ?? 'gitlab',
      databaseName: given.databaseName ?? 'gitlabhq_production',
      postgresqlVersion: given.postgresqlVersion ?? 17,
    });
  }

  private constructor(
    /** @internal */
    public readonly _choice: DatabaseChoice,
  ) {}
}
