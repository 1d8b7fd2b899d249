import { BACKUP } from './checks/backup';
import { CERTIFICATE } from './checks/certificate';
import { ServerCheck } from './checks/check';
import { DATABASE } from './checks/database';
import { DISKS } from './checks/disks';
import { GATE } from './checks/gate';
import { GITLAB } from './checks/gitlab';
import { LOCKS } from './checks/locks';
import { MACHINE } from './checks/machine';
import { NODE } from './checks/node';
import { RUNNERS } from './checks/runners';
import { STEPS } from './checks/steps';
import { VERSIONS } from './checks/versions';
import { Server } from './platform';
import { SCRIPT } from './script';
import { ServerLook } from './server-look';
import { Az } from '../preflight/az';
import { AzureError } from '../preflight/az-errors';
import { Finding, Found } from '../preflight/finding';
import { answered } from '../preflight/question';

const CHECKS: readonly ServerCheck[] = [GITLAB, GATE, STEPS, DISKS, DATABASE, LOCKS, BACKUP, CERTIFICATE, VERSIONS, RUNNERS, MACHINE];
const NODE_CHECKS: readonly ServerCheck[] = [NODE, STEPS, DISKS, CERTIFICATE, MACHINE];
const RIGHT = 'the role Virtual Machine Contributor on the machine';

/** One look at a server, if it is on. */
export async function lookAtServer(az: Az, server: Server): Promise<readonly Finding[]> {
  const { machine: { subscriptionId, name, id }, group, path } = server;
  if (!subscriptionId || !group || !name || !id) {
    return [{ check: 'machine', state: 'unknown', what: `${path}: only the apply knows the machine's name or group` }];
  }
  const found = await answered(`machine ${name}`, async (): Promise<readonly Finding[]> => {
    const { statuses } = await az.get(`${id}/instanceView`, '2024-07-01');
    const power = statuses.map(({ code }: any) => /^PowerState\/(.*)$/.exec(code)?.[1]).find((state?: string) => state);
    const named = `--resource-group ${group} --name ${name}`;
    if (power !== 'running') {
      return [{ check: 'machine', ...off(server, power), remedy: `az vm start ${named}` }];
    }
    const look = ServerLook.read(await az.onMachine(subscriptionId, group, name, SCRIPT).catch(busy));
    const checks = server.isNode ? NODE_CHECKS : CHECKS;
    return look ? checks.flatMap(({ name: check, judge }) => judge({ server, look }).map((one) => ({ check, ...one }))) : [{
      check: 'machine', state: 'unanswered', what: 'what the server told came incomplete', remedy: 'run this again',
    }];
  }, RIGHT);
  return found.map((one) => ({ check: 'machine', ...one }));
}

function off({ isNode }: Server, power: string | undefined): Found {
  return isNode ? { state: 'warning', what: `the node is off (${power})`, meaning: 'the other nodes serve, and an apply that changes this one fails' }
    : { state: 'broken', what: `the server is off (${power})`, meaning: 'nobody reaches GitLab; backups, patches and security updates wait, and an apply fails' };
}

/** How a line is run on a server, for whoever reads the report. */
export function howToRun({ machine: { name }, group }: Server): string {
  return `az vm run-command invoke --resource-group ${group} --name ${name} --command-id RunShellScript --query "value[0].message" --output tsv --scripts "export HOME=/root; LINE"`;
}

/** Azure runs one of these scripts at a time. */
function busy(error: unknown): never {
  throw error instanceof AzureError && error.code === 'Conflict'
    ? new AzureError(error.code, error.message, 'somebody else\'s az vm run-command is at work there; run this again in some minutes') : error;
}
