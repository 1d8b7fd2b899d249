import { Token } from 'cdktf';
import {
  AzureNaming, AzureProvider, GitLabDatabase, GitLabVersion, KeyVaultSecret, PostgresqlHighAvailability, PrivateEndpoints, SelfHostedGitLab,
} from '../../../src';
import { newStack, resource, resources, synth, warnings } from '../../synth';
import { attempt, LOCATION, parameters, plain, server, SUBNET } from '../server';

const VAULT = '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/secrets';
const password = KeyVaultSecret.of(VAULT, 'database');

describe('the embedded database', () => {
  test('is the default, and to ask for it changes nothing', () => {
    expect(server({ database: GitLabDatabase.embedded() }).json).toEqual(plain.json);
    expect(JSON.stringify(plain.json)).not.toMatch(/postgresql_flexible|DATABASE_|DBforPostgreSQL/);
  });

  test('does not stay empty beside another one', () => {
    const host = (value: unknown, database?: GitLabDatabase) => () =>
      attempt({ location: LOCATION, database, omnibusSettings: { gitlab_rails: { db_host: value } } });
    const message = (got: string) => `omnibusSettings.gitlab_rails.db_host: another database than the one on the data disk, which would stay empty beside it, got ${got}; `
      + 'set database to GitLabDatabase.external({ host, password }) instead (at Test/GitLab)';
    expect(host('db.example.com')).toThrow(new Error(message('"db.example.com"')));
    expect(host('10.0.0.4', GitLabDatabase.embedded())).toThrow(new Error(message('"10.0.0.4"')));
    expect(host(Token.asString({ resolve: () => 'x' }))).toThrow('which would stay empty beside it, got ');
    ['localhost', '/var/opt/gitlab/postgresql', null].forEach((value) => expect(host(value)).not.toThrow());
  });
});

describe('a flexible server', () => {
  const { json, stack, gitlab } = server({ database: GitLabDatabase.azurePostgresql() });
  const made = resource(json, 'azurerm_postgresql_flexible_server');

  test('is what an expert would have, and closed to everybody', () => {
    expect(made).toMatchObject({
      name: expect.stringMatching(/^gitlab-db-\$\{local\./),
      version: '17',
      sku_name: 'GP_Standard_D2ds_v5',
      storage_mb: 65536,
      backup_retention_days: 14,
      geo_redundant_backup_enabled: false,
      public_network_access_enabled: false,
      authentication: { active_directory_auth_enabled: true, password_auth_enabled: true },
      lifecycle: { prevent_destroy: true, create_before_destroy: true, ignore_changes: ['zone', 'create_mode', 'source_server_id'] },
    });
    expect(made).not.toHaveProperty('high_availability');
    expect(warnings(stack)).toEqual([]);
    expect(gitlab.databaseServerId).toBeDefined();
  });

  test('has an administrator\'s password that is only written, and that nobody knows', () => {
    expect(made).toMatchObject({ administrator_password_wo: '${sha256(uuid())}Aa1', administrator_password_wo_version: 1 });
    expect(made).not.toHaveProperty('administrator_password');
  });

  test('is administered by the machine\'s identity, which may make what GitLab needs', () => {
    expect(resource(json, 'azurerm_postgresql_flexible_server_active_directory_administrator')).toMatchObject({
      object_id: '${azurerm_user_assigned_identity.GitLab_Identity_25B71D5B.principal_id}', principal_name: 'gitlab-vm-identity', principal_type: 'ServicePrincipal',
    });
    expect(resource(json, 'azurerm_postgresql_flexible_server_configuration')).toMatchObject({ name: 'azure.extensions', value: 'AMCHECK,BTREE_GIST,PG_TRGM' });
  });

  test('is reached by an endpoint in the machine\'s subnet, made once the machine has its address, and by name without any zone', () => {
    const endpoint = resource(json, 'azurerm_private_endpoint');
    expect(endpoint).toMatchObject({
      subnet_id: resource(json, 'azurerm_network_interface').ip_configuration[0].subnet_id,
      private_service_connection: { subresource_names: ['postgresqlServer'], is_manual_connection: false },
      depends_on: ['azurerm_network_interface.GitLab_Network_Interface_FA4A5DF3'],
      lifecycle: { ignore_changes: ['private_dns_zone_group'] },
    });
    expect(parameters(json, 'Database')).toMatchObject({
      DATABASE_HOST: expect.stringMatching(/^gitlab-db-\$\{.*\}\.postgres\.database\.azure\.com$/),
      DATABASE_ADDRESS: expect.stringMatching(/^\$\{azurerm_private_endpoint\..*private_ip_address\}$/),
      DATABASE_ADMINISTRATOR: 'gitlab-vm-identity',
      DATABASE_AUDIENCE: 'ossrdbms-aad.database.windows.net',
    });
  });

  test('lies in the subnet for endpoints, where there is one', () => {
    const endpoints = `${SUBNET.replace(/[^/]+$/, '')}endpoints`;
    const closed = server({ database: GitLabDatabase.azurePostgresql(), privateEndpoints: PrivateEndpoints.dnsByPolicy(endpoints) }).json;
    Object.values(resources(closed, 'azurerm_private_endpoint')).forEach(({ subnet_id: subnetId }) => expect(subnetId).toBe(endpoints));
  });

  test('is named in gitlab.rb, with a password that only the machine reads', () => {
    const rb = parameters(json, 'Gitlab').GITLAB_RB;
    expect(rb).toContain('postgresql["enable"] = false\npostgresql["version"] = 17');
    expect(rb).toContain('gitlab_rails["db_sslmode"] = "verify-full"');
    expect(rb).toContain('gitlab_rails["db_password"] = File.read("/etc/gitlab/database-password", encoding: "UTF-8").chomp');
  });

  test('is told to all steps, which ask it instead of the disk', () => {
    for (const [name, { source }] of Object.entries(resources(json, 'azurerm_virtual_machine_run_command'))) {
      expect([name, source.script]).toEqual([name, expect.stringContaining('external-database.sh')]);
    }
    expect(JSON.stringify(plain.json)).not.toContain('external-database.sh');
  });

  test('may be another', () => {
    const other = server({
      database: GitLabDatabase.azurePostgresql({
        serverName: 'acme-gitlab', skuName: 'MO_Standard_E4ds_v5', storageSizeGb: 512, postgresqlVersion: 18, highAvailability: PostgresqlHighAvailability.ZONE_REDUNDANT,
        backupRetentionDays: 35, geoRedundantBackupEnabled: true,
      }),
      preventDestroy: false,
    }).json;
    expect(resource(other, 'azurerm_postgresql_flexible_server')).toMatchObject({
      name: 'acme-gitlab', sku_name: 'MO_Standard_E4ds_v5', storage_mb: 524288, version: '18', high_availability: { mode: 'ZoneRedundant' }, backup_retention_days: 35,
      geo_redundant_backup_enabled: true, lifecycle: { prevent_destroy: false, create_before_destroy: false, ignore_changes: ['zone', 'create_mode', 'source_server_id', 'high_availability[0].standby_availability_zone'] },
    });
  });

  test('takes its names from a platform\'s naming', () => {
    const named = newStack();
    AzureNaming.cloudAdoptionFramework({ environment: 'prod', regionAbbreviations: { koreacentral: 'krc' } }).applyTo(named);
    new SelfHostedGitLab(named, 'GitLab', { location: 'koreacentral', database: GitLabDatabase.azurePostgresql() });
    const output = synth(named);
    expect(resource(output, 'azurerm_postgresql_flexible_server').name).toBe('psql-gitlab-prod-krc-001');
    expect(resource(output, 'azurerm_private_endpoint').name).toBe('pep-gitlab-database-prod-krc-001');
    expect(parameters(output, 'Database').DATABASE_HOST).toBe('psql-gitlab-prod-krc-001.postgres.database.azure.com');
  });

  test('does not share its name', () => {
    const two = newStack();
    const database = GitLabDatabase.azurePostgresql({ serverName: 'acme-gitlab' });
    new SelfHostedGitLab(two, 'One', { location: 'koreacentral', database });
    new SelfHostedGitLab(two, 'Two', { location: 'koreacentral', database, virtualMachineName: 'two' });
    expect(() => synth(two)).toThrow(/database\.serverName: .*acme-gitlab/);
  });

  test('is upgraded only where GitLab\'s clients go along, which the machine judges at each step of the way', () => {
    expect(parameters(json, 'Gitlab').DATABASE_CLIENTS).toBe('19.3:17,18 19.0:17 18.9:16,17 18.0:16');
  });

  test('has its resource provider registered, which other stacks do not ask for', () => {
    const registered = (one: any) => one.provider.azurerm[0].resource_providers_to_register;
    expect(registered(json)).toContain('Microsoft.DBforPostgreSQL');
    expect(registered(plain.json)).not.toContain('Microsoft.DBforPostgreSQL');
    const own = newStack();
    new AzureProvider(own, 'Azure');
    new SelfHostedGitLab(own, 'GitLab', { location: 'koreacentral', database: GitLabDatabase.azurePostgresql() });
    expect(registered(synth(own))).toContain('Microsoft.DBforPostgreSQL');
    expect(warnings(own)).toEqual([]);
  });
});

describe('a database that exists', () => {
  const { json } = server({ database: GitLabDatabase.external({ host: 'db.example.com', port: 6432, username: 'git_lab', databaseName: 'main', password }) });

  test('is named in gitlab.rb, with a password from the user\'s vault', () => {
    const rb = parameters(json, 'Gitlab').GITLAB_RB;
    expect(rb).toContain('gitlab_rails["db_host"] = "db.example.com"\ngitlab_rails["db_port"] = 6432\ngitlab_rails["db_username"] = "git_lab"\ngitlab_rails["db_database"] = "main"');
    const [, file] = /gitlab_rails\["db_password"\] = File\.read\("([^"]+)"/.exec(rb)!;
    expect(parameters(json, 'Database')).toMatchObject({ DATABASE_PASSWORD_FILE: file, DATABASE_AUTHORITIES: '/etc/ssl/certs/ca-certificates.crt' });
    expect(parameters(json, 'Database')).not.toHaveProperty('DATABASE_ADMINISTRATOR');
    expect(Object.values(resources(json, 'azurerm_role_assignment')).map(({ scope }) => scope)).toContain(VAULT);
    expect(json.resource).not.toHaveProperty('azurerm_postgresql_flexible_server');
  });

  test('is judged by the authority that the user names', () => {
    const caCertificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    const own = server({ database: GitLabDatabase.external({ host: 'db.example.com', password, caCertificate }) }).json;
    expect(parameters(own, 'Database')).toMatchObject({ DATABASE_AUTHORITY_PEM: expect.stringContaining('BEGIN CERTIFICATE'), DATABASE_AUTHORITIES: '/etc/gitlab/database-authority.crt' });
    expect(parameters(own, 'Gitlab').GITLAB_RB).toContain('gitlab_rails["db_sslrootcert"] = "/etc/gitlab/database-authority.crt"');
  });
});

test.each<[number | string, string]>([[17, '19.4'], ['18', '19.4'], [16, '18.9'], [14, '17.0']])('PostgreSQL %s is in the package of GitLab %s', (version, gitlab) => {
  expect(() => attempt({ location: 'koreacentral', version: GitLabVersion.minor(gitlab), omnibusSettings: { postgresql: { version } } })).not.toThrow();
});

describe('the server fails when', () => {
  const cases: [string, () => object, string][] = [
    ['GitLab has no client for the server', () => ({ database: GitLabDatabase.azurePostgresql({ postgresqlVersion: 16 }) }),
      'database.postgresqlVersion: GitLab 19.4 works with PostgreSQL 17 and 18, got 16; give postgresqlVersion 18'],
    ['the server is newer than GitLab\'s client', () => ({ version: GitLabVersion.minor('18.8'), database: GitLabDatabase.external({ host: 'db.example.com', password }) }),
      'database.postgresqlVersion: GitLab 18.8 works with PostgreSQL 16, got 17; give postgresqlVersion 16'],
    ['GitLab is old', () => ({ version: GitLabVersion.minor('17.11'), database: GitLabDatabase.azurePostgresql() }),
      'database: a database outside of the server needs GitLab 18 or later, got "17.11"; set version to GitLabVersion.V19_4, or leave it out'],
    ['the package does not have the version', () => ({ omnibusSettings: { postgresql: { version: 16 } } }),
      'omnibusSettings.postgresql.version: the package of GitLab 19.4 has 17 and 18 alone, got 16; leave it out, or give 18'],
    ['an older package does not have it', () => ({ version: GitLabVersion.minor('17.5'), omnibusSettings: { postgresql: { version: '12' } } }),
      'omnibusSettings.postgresql.version: the package of GitLab 17.5 has 14 and 16 alone, got "12"; leave it out, or give 16'],
    ['a version is a patch', () => ({ omnibusSettings: { postgresql: { version: '17.8' } } }),
      'omnibusSettings.postgresql.version: the package of GitLab 19.4 has 17 and 18 alone, got "17.8"; leave it out, or give 18'],
    ['the size takes too few connections', () => ({ database: GitLabDatabase.azurePostgresql({ skuName: 'B_Standard_B1ms' }) }),
      'skuName: takes 35 connections, fewer than GitLab opens, got "B_Standard_B1ms"; give one such as "GP_Standard_D2ds_v5"'],
    ['the size does not exist', () => ({ database: GitLabDatabase.azurePostgresql({ skuName: 'GP_Standard_D2s_v5' }) }),
      'skuName: not a valid value, got "GP_Standard_D2s_v5"; give a compute size such as "GP_Standard_D2ds_v5"'],
    ['a burstable size has a standby', () => ({ database: GitLabDatabase.azurePostgresql({ skuName: 'B_Standard_B2s', highAvailability: PostgresqlHighAvailability.SAME_ZONE }) }),
      'highAvailability: the burstable size B_Standard_B2s cannot have a standby, got "SameZone"; give a size such as "GP_Standard_D2ds_v5"'],
    ['the storage is of a size that Azure does not have', () => ({ database: GitLabDatabase.azurePostgresql({ storageSizeGb: 100 }) }),
      'storageSizeGb: not supported, got 100; give one of 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384'],
    ['the name is that of the private zone', () => ({ database: GitLabDatabase.external({ host: 'db.privatelink.postgres.database.azure.com', password }) }),
      'host: not a name that the server\'s certificate is valid for, got "db.privatelink.postgres.database.azure.com"; '
        + 'give "db.postgres.database.azure.com", which the private DNS zone leads to the same endpoint'],
    ['the password is a text', () => ({ database: GitLabDatabase.external({ host: 'db.example.com', password: 'secret' as any }) }),
      'password: not a KeyVaultSecret, got "(hidden)"; give KeyVaultSecret.of(keyVaultId, secretName)'],
    ['two places say where the database is', () => ({ database: GitLabDatabase.azurePostgresql(), omnibusSettings: { gitlab_rails: { db_host: 'elsewhere' } } }),
      'omnibusSettings.gitlab_rails.db_host: decided by database, got "(hidden)"; leave it out'],
  ];
  test.each(cases)('%s', (_, props, message) => {
    expect(() => attempt({ location: 'koreacentral', ...props() })).toThrow(message);
  });
});
