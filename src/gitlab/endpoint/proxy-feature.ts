import { checkProxyFits } from './proxy-checks';
import { proxySetUp } from './proxy-set-up';
import { Feature } from '../private/feature';
import { FilledProps } from '../private/filled-props';

/** What ends TLS in front of the server, by one of the endpoints. */
export const PROXY_FEATURE = {
  rules: {},
  together: checkProxyFits,
  plan: (props) => ({
    create: ({ endpoint, fqdn }) => ({ setUp: proxySetUp(endpoint, fqdn, webSections(props)) }),
  }),
} satisfies Feature;

/** The sections of nginx that serve something, by this library's props or by GitLab's own names. */
function webSections({ omnibusSettings, pages, registry }: FilledProps): string[] {
  const serves = (name: string) => (omnibusSettings?.[`${name}_external_url`] ?? undefined) !== undefined;
  return [
    'nginx', ...registry || serves('registry') ? ['registry_nginx'] : [], ...pages || serves('pages') ? ['pages_nginx'] : [],
    ...serves('gitlab_kas') ? ['gitlab_kas_nginx'] : [],
  ];
}
