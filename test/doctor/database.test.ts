import { look, output, platformWith, power, server, STOPPED } from './platform';
import { GitLabDatabase } from '../../src';
import { Answer } from '../preflight/azure';
import { about } from '../preflight/questions';

const TITLE = 'Database gitlab/GitLab/Database:';
let made: string | undefined;
const folder = () => made ??= platformWith({ database: GitLabDatabase.azurePostgresql({ serverName: 'acme-gitlab' }) });

const database = (properties: object): Answer => ({ call: ['flexibleServers/acme-gitlab'], answer: { properties: { state: 'Ready', version: '17', ...properties } } });

async function told(answer: Answer): Promise<string[]> {
  const { told: lines } = await look(folder(), [answer, server(output()), power('running'), STOPPED]);
  const own = lines.slice(lines.indexOf(TITLE) + 1);
  return about(own.slice(0, own.indexOf('')).filter((line) => !/^ {13}(?!->)/.test(line)), /^ +(ok|warning|BROKEN|NO ANSWER)/);
}

test('a flexible server that is ready is fine', async () => {
  expect(await told(database({ highAvailability: { mode: 'Disabled', state: 'NotEnabled' } }))).toEqual(['ok the database server is ready, PostgreSQL 17']);
  expect(await told(database({ highAvailability: { mode: 'ZoneRedundant', state: 'Healthy' } }))).toEqual(['ok the database server is ready, PostgreSQL 17']);
});

test.each<[string, object, string]>([
  ['is stopped', { state: 'Stopped' }, 'BROKEN the database server does not run (Stopped) -> az postgres flexible-server start --resource-group gitlab-rg --name acme-gitlab'],
  ['Azure has switched off', { state: 'Disabled' }, 'BROKEN the database server does not run (Disabled) -> see why in the portal, and what is written there:'
    + ' az postgres flexible-server show --resource-group gitlab-rg --name acme-gitlab'],
  ['is being changed', { state: 'Updating' }, 'warning Azure is at work on the database server (Updating) -> look again in some minutes'],
  ['has no standby yet', { highAvailability: { mode: 'ZoneRedundant', state: 'CreatingStandby' } },
    'warning the standby of the database is not ready (CreatingStandby) -> look again in an hour'],
])('a flexible server that %s', async (_, properties, expected) => {
  expect(await told(database(properties))).toContain(expected);
});

test('who may not look is told which role it takes', async () => {
  expect(await told({ call: ['flexibleServers/acme-gitlab'], error: 'ERROR: Forbidden({"error":{"code":"AuthorizationFailed","message":"no"}})' })).toEqual([
    'NO ANSWER database server acme-gitlab: not checked, this account may not ask (AuthorizationFailed: no) -> ask for the role Reader on the database server, or somebody who has it to run this',
  ]);
});
