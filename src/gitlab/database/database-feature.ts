import { Construct } from 'constructs';
import { isBurstable } from './database-choice';
import { externalDatabaseSetUp, managedDatabaseSetUp } from './database-set-up';
import { checkPostgresqlFits, judgePostgresqlVersion } from './database-versions';
import { FlexibleServer } from './flexible-server';
import { GitLabDatabase } from './gitlab-database';
import { platformName } from '../../azure/names/part-names';
import { instanceOf } from '../../private/rules/objects';
import { ValidationError } from '../../private/validation-error';
import { warn } from '../../warnings/private/warn';
import { isSection } from '../gitlab-rb/omnibus-settings';
import { isGiven, valueAt } from '../gitlab-rb/settings-reading';
import { shown } from '../gitlab-rb/shown-value';
import { Feature } from '../private/feature';

/** How GitLab reaches the database on its own machine: by a folder of sockets, or by the network. */
function isOwnHost(host: unknown): boolean {
  return typeof host === 'string' && /^(\/.*|localhost|127\.0\.0\.1|::1)?$/.test(host);
}

/** GitLab's database: on the data disk, which needs nothing, or elsewhere. */
export const DATABASE_FEATURE = {
  rules: { database: instanceOf(GitLabDatabase, 'one such as GitLabDatabase.azurePostgresql()') },
  together(at, { database, omnibusSettings }) {
    const rails: unknown = omnibusSettings?.gitlab_rails;
    if ((database === undefined || database._choice.kind === 'embedded') && isGiven(rails, 'db_host') && !isOwnHost(valueAt(rails, 'db_host'))) {
      throw new ValidationError(at('database').where, {
        prop: 'omnibusSettings.gitlab_rails.db_host', problem: 'another database than the one on the data disk, which would stay empty beside it',
        got: shown(isSection(rails) ? rails.db_host : undefined), remedy: 'set database to GitLabDatabase.external({ host, password }) instead',
      });
    }
    const key = isSection(rails) ? Object.keys(rails).find((name) => /^db_(host|port|username|password|database|sslmode|sslrootcert)$/.test(name)) : undefined;
    if (key !== undefined && database !== undefined && database._choice.kind !== 'embedded') {
      throw new ValidationError(at('database').where, {
        prop: `omnibusSettings.gitlab_rails.${key}`, problem: 'decided by database', got: '(hidden)', remedy: 'leave it out',
      });
    }
  },
  plan(props) {
    const { database = GitLabDatabase.embedded(), dataDiskBackup, omnibusSettings = {}, version } = props;
    const { preventDestroy, privateEndpoints, virtualMachineName } = props;
    const choice = database._choice;
    const findings = judgePostgresqlVersion(omnibusSettings, version);
    if (choice.kind === 'embedded') {
      return { findings };
    }
    const warnOfSnapshots = (scope: Construct) => dataDiskBackup ? warn(scope, 'snapshots-without-database', {
      prop: 'dataDiskBackup', reason: 'the snapshots are without the database, which is on another server',
      remedy: 'to go back to a snapshot, restore the database to the same time too, and set backup for copies of both',
    }) : undefined;
    const check = (scope: Construct) => checkPostgresqlFits(scope, choice.postgresqlVersion, version);
    if (choice.kind === 'external') {
      return {
        findings,
        check,
        warn: warnOfSnapshots,
        create: () => ({
          vaultReaders: [{ id: 'DatabasePasswordReader', vaultId: choice.password._keyVaultId }],
          setUp: externalDatabaseSetUp(choice),
        }),
      };
    }
    return {
      findings,
      check,
      warn(scope) {
        warnOfSnapshots(scope);
        if (isBurstable(choice.skuName)) {
          warn(scope, 'burstable-database', {
            prop: 'database.skuName', reason: 'a burstable size slows to a fraction of its speed once its CPU credits are used up',
            remedy: 'for more than a trial choose one such as "GP_Standard_D2ds_v5"',
          });
        }
      },
      create({ azure, hosts, identity, keyUser, network, placement, server, serverVault }) {
        const serverName = choice.serverName ?? platformName(server, 'flexibleServer') ?? azure.uniqueName(server, 'gitlab-db-');
        const administrator = { principalId: identity.principalId, name: `${virtualMachineName}-identity` };
        const made = new FlexibleServer(server, 'Database', {
          placement, serverName, database: choice, tenantId: azure.tenantId, administrator, preventDestroy, keyUser,
          subnetId: privateEndpoints?._subnetId ?? network.subnetId, after: network.interface,
        });
        const host = `${serverName}.${hosts.postgresql}`;
        return {
          usable: made.usable,
          setUp: managedDatabaseSetUp({
            host, ipAddress: made.ipAddress, postgresqlVersion: choice.postgresqlVersion,
            administrator: administrator.name, tokenAudience: hosts.postgresqlToken, serverVaultName: serverVault.vaultName,
          }),
          outputs: [{ id: 'DatabaseHost', description: 'The name of the database server.', value: host }],
          attributes: { databaseServerId: made.serverId },
        };
      },
    };
  },
} satisfies Feature;
