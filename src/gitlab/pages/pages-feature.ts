import { checkPagesFit, checkRawPages, PAGES, pagesPlan, pagesSetUp, warnOfPublicPages } from './pages';
import { struct } from '../../private/rules/rule';
import { Feature } from '../private/feature';

export const PAGES_FEATURE = {
  rules: { pages: struct(PAGES) },
  plan(props) {
    const pages = props.pages && pagesPlan(props.pages);
    if (!pages) {
      return { check: (scope) => checkRawPages(scope, props.endpoint._choice, props.omnibusSettings) };
    }
    return {
      warn: (scope) => pages.accessControlEnabled ? undefined : warnOfPublicPages(scope),
      create({ endpoint, fqdn, privateIpAddress, server }) {
        checkPagesFit(server, pages, endpoint, props);
        return {
          vaultReaders: pages.certificate ? [{ id: 'PagesCertificateReader', vaultId: pages.certificate.vaultId }] : [],
          setUp: pagesSetUp(pages, endpoint),
          outputs: endpoint.proxy ? [] : [{
            id: 'PagesDnsRecord',
            ...privateIpAddress === undefined
              ? { description: 'The DNS record that GitLab Pages need, unless an A record leads to the public address.', value: `${pages.domain} CNAME ${fqdn}` }
              : { description: 'The DNS record that GitLab Pages need in the networks that reach it.', value: `${pages.domain} A ${privateIpAddress}` },
          }],
        };
      },
    };
  },
} satisfies Feature;
