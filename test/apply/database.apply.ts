import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { promisify } from 'node:util';
import { Azure } from './azure/azure';
import { outcome } from './harness/expectation';
import { synthesise } from './harness/program';
import { tail, Workspace } from './harness/workspace';
import { succeed, World } from './harness/world';
import { AzurePostgresqlOptions, GitLabDatabase, PostgresqlHighAvailability, SelfHostedGitLab } from 'cdktf-azure-gitlab';

const SERVER = 'Microsoft.DBforPostgreSQL/flexibleServers';
const world = new World();
let azure: Azure;
let workspace: Workspace;

const server = (options: AzurePostgresqlOptions = {}) => synthesise((stack) => {
  new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral', database: GitLabDatabase.azurePostgresql(options) });
});
/** Lines that a page tells to run in the stack's folder. */
async function terraform(commands: string, variables: NodeJS.ProcessEnv): Promise<void> {
  const programs = mkdtempSync(join(workspace.folder, 'programs-'));
  symlinkSync(process.env.APPLY_TERRAFORM!, join(programs, 'terraform'));
  const env = { ...workspace.variables, ...variables, PATH: `${programs}:${workspace.variables.PATH}` };
  await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', commands], { cwd: workspace.folder, env });
}

const passwords = () => [...azure.secrets].filter(([, what]) => what === 'password of a database server').map(([password]) => password);

before(async () => {
  azure = await world.azure();
  workspace = world.workspace(azure).load(server());
  await workspace.applied();
});

test('a server that only its endpoint reaches, administered by the machine; planned empty', async () => {
  const [{ id, name, properties, sku }] = azure.arm.list(SERVER);
  assert.equal(properties.network.publicNetworkAccess, 'Disabled');
  assert.deepEqual([sku.name, properties.version, properties.storage.storageSizeGB], ['Standard_D2ds_v5', '17', 64]);
  const [identity] = azure.arm.list('Microsoft.ManagedIdentity/userAssignedIdentities');
  assert.deepEqual(azure.arm.list(`${SERVER}/administrators`).map((one) => [one.name, one.properties.principalName, one.properties.principalType]), [
    [identity.properties.principalId, 'gitlab-vm-identity', 'ServicePrincipal'],
  ]);
  assert.equal(azure.arm.find(`${id}/configurations/azure.extensions`)!.properties.value, 'AMCHECK,BTREE_GIST,PG_TRGM');
  const database = azure.arm.list('Microsoft.Compute/virtualMachines/runCommands').find((one) => one.name.startsWith('database-'))!;
  const parameters = Object.fromEntries(database.properties.parameters.map((one: any) => [one.name, one.value]));
  assert.deepEqual([parameters.DATABASE_HOST, parameters.DATABASE_ADDRESS], [`${name}.postgres.database.azure.com`, '10.40.0.200']);
  assert.deepEqual((await workspace.plan()).actions, {});
});

test('the administrator\'s password is in no plan and no state, and one is sent once alone', async () => {
  assert.equal(passwords().length, 1);
  assert.match(passwords()[0], /^[0-9a-f]{64}Aa1$/);
  const state = JSON.stringify(workspace.state);
  assert.ok(!state.includes(passwords()[0]));
  assert.match(state, /"administrator_password_wo": ?null/);
});

test('what can change in place does, and no password is sent with it', async () => {
  const bigger = server({
    skuName: 'GP_Standard_D4ds_v5', storageSizeGb: 128, backupRetentionDays: 30, highAvailability: PostgresqlHighAvailability.ZONE_REDUNDANT, postgresqlVersion: 18,
  });
  workspace.load(bigger);
  const actions = outcome(await workspace.plan(), workspace, workspace);
  assert.equal(actions['GitLab/Database/Resource'], 'update');
  assert.deepEqual(Object.entries(actions).filter(([path, action]) => action !== 'update' && !path.startsWith('GitLab/SetUp/')), []);
  await workspace.applied();
  assert.equal(passwords().length, 1);
  const [{ properties, sku }] = azure.arm.list(SERVER);
  assert.deepEqual([sku.name, properties.storage.storageSizeGB, properties.highAvailability.mode, properties.version], ['Standard_D4ds_v5', 128, 'ZoneRedundant', '18']);
  assert.deepEqual((await workspace.plan()).actions, {});
});

test('a failover that swaps the zones plans nothing', async () => {
  const [one] = azure.arm.list(SERVER);
  one.properties.availabilityZone = '2';
  one.properties.highAvailability.standbyAvailabilityZone = '1';
  assert.deepEqual((await workspace.plan()).actions, {});
});

test('what would lose the data is refused: another name, less storage, an earlier version, other copies', async () => {
  const grown = {
    skuName: 'GP_Standard_D4ds_v5', storageSizeGb: 128, backupRetentionDays: 30, highAvailability: PostgresqlHighAvailability.ZONE_REDUNDANT, postgresqlVersion: 18,
  };
  for (const program of [
    server({ ...grown, serverName: 'another-name' }), server({ ...grown, storageSizeGb: 64 }), server({ ...grown, postgresqlVersion: 17 }),
    server({ ...grown, geoRedundantBackupEnabled: true }),
  ]) {
    const plan = await workspace.fork({ stackFolder: program }).plan();
    assert.notEqual(plan.status, 0);
    assert.deepEqual(plan.errors.filter((error) => /azurerm_postgresql_flexible_server\.\w+ has lifecycle.prevent_destroy set/.test(error)).length, 1, tail(plan.output));
  }
});

test('without the database in the program, what the machine says of its data stops the apply before the server goes; and with it all is back', async () => {
  const grown = {
    skuName: 'GP_Standard_D4ds_v5', storageSizeGb: 128, backupRetentionDays: 30, highAvailability: PostgresqlHighAvailability.ZONE_REDUNDANT, postgresqlVersion: 18,
  };
  const [{ id }] = azure.arm.list(SERVER);
  azure.machines.runScript = (command) => (command.name.startsWith('gitlab-') ? { exitCode: 0, output: 'the database of this GitLab is elsewhere\nexit:1' } : succeed(command));
  workspace.load(synthesise((stack) => {
    new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral' });
  }));
  for (const attempt of ['first', 'second']) {
    const { status, output } = await workspace.apply();
    assert.notEqual(status, 0, attempt);
    assert.match(output, /the database of this GitLab is elsewhere/);
    assert.deepEqual(azure.arm.list(SERVER).map((one) => one.id), [id], attempt);
  }
  azure.machines.runScript = succeed;
  workspace.load(server(grown));
  await workspace.applied();
  assert.deepEqual(azure.arm.list(SERVER).map((one) => one.id), [id]);
  assert.deepEqual((await workspace.plan()).actions, {});
});

test('a server that Azure restored to a point in time takes the place of the first one, which stays', async () => {
  const [first] = azure.arm.list(SERVER);
  const restored = first.id.replace(/[^/]+$/, 'acme-restored');
  azure.arm.provision(restored, {
    ...structuredClone(first), id: restored, name: 'acme-restored',
    properties: { ...structuredClone(first.properties), sourceServerResourceId: first.id, fullyQualifiedDomainName: 'acme-restored.postgres.database.azure.com' },
  });
  azure.arm.provision(`${restored}/configurations/azure.extensions`, structuredClone(azure.arm.find(`${first.id}/configurations/azure.extensions`)!));
  workspace.load(server({
    skuName: 'GP_Standard_D4ds_v5', storageSizeGb: 128, backupRetentionDays: 30, highAvailability: PostgresqlHighAvailability.ZONE_REDUNDANT, postgresqlVersion: 18, serverName: 'acme-restored',
  }));
  const [, commands] = /^ *```sh\n *RESTORED=.*?\n(.*?)^ *```$/ms.exec(readFileSync(join(process.env.APPLY_APP!, 'docs/database.md'), 'utf8'))!;
  await terraform(commands, { RESTORED: restored });
  const actions = outcome(await workspace.plan(), workspace, workspace);
  assert.deepEqual(Object.entries(actions).filter(([path]) => path.startsWith('GitLab/Database/')), [
    ['GitLab/Database/Administrator', 'create'], ['GitLab/Database/Endpoint', 'replace'], ['GitLab/Database/Extensions', 'create'], ['GitLab/Database/Resource', 'update'],
  ]);
  assert.deepEqual(Object.entries(actions).filter(([path, action]) => action !== 'update' && !/^GitLab\/(Database|SetUp)\//.test(path)), []);
  await workspace.applied();
  assert.deepEqual(azure.arm.list(SERVER).map((one) => one.id).sort(), [first.id, restored].sort());
  assert.deepEqual((await workspace.plan()).actions, {});
});
