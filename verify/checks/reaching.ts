import { Check } from './check';
import { AzureError } from '../../preflight/az-errors';
import { NotYet } from '../patience';
import { demand } from '../platform';

/** Where servers listen that GitLab brings, and who manages machines: none is for the Internet. */
const CLOSED_PORTS = [22, 2222, 3389, 5050, 5432, 6379, 8080, 8082, 9090, 9100, 9168, 9236];
const ROOT_PASSWORD_SECRET = 'gitlab-root-password';

export const HTTPS: Check = {
  claim: 'https',
  needs: ['apply'],
  doing: 'having the server make a token for its API, and calling it from here',
  async run(platform) {
    const gitlab = await platform.gitlab();
    // the authority is checked by each call; an answer to somebody with the token is GitLab's own.
    const version = await platform.patience.until('GitLab to answer', 10, () => gitlab.version());
    const location = await platform.outside.redirection(gitlab.host);
    demand([`https://${gitlab.host}/`, `https://${gitlab.host}:443/`].includes(location ?? ''), `http is answered with ${location ?? 'no redirection'}`);
    return `GitLab ${version}`;
  },
};

export const CLOSED: Check = {
  claim: 'closed-ports',
  needs: ['apply'],
  doing: `trying ${CLOSED_PORTS.length} other ports from here`,
  async run(platform) {
    const host = new URL((await platform.outputs()).url).hostname;
    const states = await Promise.all([80, 443, ...CLOSED_PORTS].map(async (port) => ({ port, open: await platform.outside.opens(host, port) })));
    const shut = states.filter((one) => !CLOSED_PORTS.includes(one.port) && !one.open);
    const open = states.filter((one) => CLOSED_PORTS.includes(one.port) && one.open);
    demand(shut.length === 0, `not even ${shut.map(({ port }) => port).join(' and ')} are reached from here`);
    demand(open.length === 0, `open from here: ${open.map(({ port }) => port).join(', ')}`);
    return `tried: ${CLOSED_PORTS.join(', ')}`;
  },
};

export const ROOT_PASSWORD: Check = {
  claim: 'root-password',
  needs: ['apply'],
  doing: 'reading the first password of root, without looking at it',
  async run(platform) {
    const { server_vault: vault } = await platform.outputs();
    // of the answer the CLI prints the secret's id alone.
    await platform.patience.until('the right to read the vault', 10, () => platform.az.command('keyvault', 'secret', 'show', '--subscription', platform.subscriptionId,
      '--vault-name', vault, '--name', ROOT_PASSWORD_SECRET, '--query', 'id').then(() => true, notYetAllowed));
  },
};

function notYetAllowed(error: unknown): never {
  throw error instanceof AzureError && /Forbidden/.test(`${error.code} ${error.message}`) ? new NotYet(error.message) : error;
}
