import { Database } from './platform';
import { Az } from '../preflight/az';
import { Finding, Found } from '../preflight/finding';
import { answered } from '../preflight/question';

const AT_WORK = ['Provisioning', 'Restarting', 'Starting', 'Updating'];

/** One look at a flexible server, as Azure sees it: GitLab tells no more than that its database does not answer. */
export async function lookAtDatabase(az: Az, { server: { id, name }, group, path }: Database): Promise<readonly Finding[]> {
  if (!id || !name || !group) {
    return [{ check: 'database', state: 'unknown', what: `${path}: only the apply knows the database server's name or group` }];
  }
  const found = await answered(`database server ${name}`, async (): Promise<readonly Found[]> => {
    const { properties } = await az.get(id, '2024-08-01');
    return [running(properties, `--resource-group ${group} --name ${name}`), ...standby(properties)];
  }, 'the role Reader on the database server');
  return found.map((one) => ({ check: 'database', ...one }));
}

function running({ state, version }: any, named: string): Found {
  if (state === 'Ready') {
    return { state: 'ok', what: `the database server is ready, PostgreSQL ${version}` };
  }
  if (AT_WORK.includes(state)) {
    return { state: 'warning', what: `Azure is at work on the database server (${state})`, meaning: 'GitLab fails meanwhile', remedy: 'look again in some minutes' };
  }
  return {
    state: 'broken', what: `the database server does not run (${state})`, meaning: 'every page of GitLab fails',
    remedy: state === 'Stopped' ? `az postgres flexible-server start ${named}` : `see why in the portal, and what is written there: az postgres flexible-server show ${named}`,
  };
}

function standby({ highAvailability: { mode = 'Disabled', state } = {} as any }: any): Found[] {
  return mode === 'Disabled' || state === 'Healthy' ? [] : [{
    state: 'warning', what: `the standby of the database is not ready (${state})`, meaning: 'if the database dies now, GitLab is down until Azure has started it again', remedy: 'look again in an hour',
  }];
}
