import { Check } from './check';
import { anotherManager, podPath } from './running-jobs';
import { AzureError } from '../../preflight/az-errors';
import { nextJobSucceeds } from '../jobs';
import { NotTried } from '../outcome';
import { NotYet } from '../patience';
import { demand } from '../platform';

const NODES = '/api/v1/nodes';

/** What `kubectl drain` does of it: the node takes nothing new, and the manager is evicted, by the API that budgets of disruption may refuse. */
export const NODE_DRAINED: Check = {
  claim: 'node-drained',
  needs: ['job-runner-test'],
  doing: 'draining the node of the runner\'s manager',
  async run(platform) {
    const kubernetes = await platform.kubernetes();
    const [manager] = await platform.managers();
    demand(manager !== undefined, 'there is no pod of a manager');
    const { nodeName } = manager.spec;
    const nodes = await kubernetes.list(NODES);
    const pool = (name: string) => nodes.find(({ metadata }: any) => metadata.name === name)?.metadata.labels?.['kubernetes.azure.com/agentpool'];
    if (nodes.filter(({ metadata }: any) => pool(metadata.name) === pool(nodeName)).length < 2) {
      throw new NotTried('its pool has no second node');
    }
    await kubernetes.call('PATCH', `${NODES}/${nodeName}`, { spec: { unschedulable: true } });
    try {
      const { metadata: { name, namespace } } = manager;
      const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
      await platform.patience.until('the manager\'s budget of disruptions', 10, () => kubernetes.call('POST', `${podPath(manager)}/eviction`, eviction)
        .then(() => true, notNow));
      const next = await anotherManager(platform, manager);
      demand(next.spec.nodeName !== nodeName, 'the manager is on the drained node again');
      await nextJobSucceeds(platform, 'a drained node');
    } finally {
      await kubernetes.call('PATCH', `${NODES}/${nodeName}`, { spec: { unschedulable: null } });
    }
  },
};

/** What `kubectl drain` takes for "later" too. */
function notNow(error: unknown): never {
  throw error instanceof AzureError && / with 429$/.test(error.message) ? new NotYet('a budget of disruptions forbids it for now') : error;
}
