import { serverVariables } from './server-variables';
import { HttpProxy } from '../../azure/http-proxy';
import { instanceOf } from '../../private/rules/objects';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { isSection } from '../gitlab-rb/omnibus-settings';
import { Feature } from '../private/feature';

/** What asks others over HTTP, each with an environment of its own: Rails for webhooks and imports, Gitaly for mirrors. */
const SERVICES = ['gitlab_rails', 'gitlab_workhorse', 'gitaly', 'registry', 'gitlab_pages'];

/** The proxy by which the machine reaches what is not in its network. */
export const HTTP_PROXY_FEATURE = {
  rules: { httpProxy: instanceOf(HttpProxy, 'HttpProxy.at("http://10.0.0.5:3128")') },
  together(at, { httpProxy, omnibusSettings }) {
    for (const service of httpProxy ? SERVICES : []) {
      const section: unknown = omnibusSettings?.[service] ?? undefined;
      const env: unknown = isSection(section) ? section.env ?? undefined : undefined;
      if (env !== undefined && !(known(env) && isSection(env) && ['https_proxy', 'no_proxy'].every((name) => name in env))) {
        throw new ValidationError(at('httpProxy').where, {
          prop: `omnibusSettings.${service}.env`, problem: 'takes the place of the variables that httpProxy sets', got: env,
          remedy: 'add http_proxy, https_proxy and no_proxy to it',
        });
      }
    }
  },
  plan: ({ httpProxy, privateEndpoints, pages }) => ({
    create({ endpoint, hosts, network, privateIpAddress }) {
      if (!httpProxy) {
        return {};
      }
      // other machines of this server reach it by its private address, which the name does not lead to.
      const address = privateIpAddress !== undefined || network.frontend ? [network.privateIpAddress] : [];
      const own = [endpoint.host, ...address, ...pages ? [pages.domain] : []];
      const variables = serverVariables(httpProxy, [...own, ...privateEndpoints ? [`.${hosts.keyVault}`, `.${hosts.blobStorage}`] : []]);
      return {
        setUp: {
          everyStep: variables,
          gitlabRb: { defaults: Object.fromEntries(SERVICES.map((service) => [service, { env: variables }])) },
        },
      };
    },
  }),
} satisfies Feature;
