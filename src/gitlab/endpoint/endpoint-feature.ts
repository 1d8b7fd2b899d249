import { endpointSetUp } from './endpoint-set-up';
import { GitLabEndpoint } from './gitlab-endpoint';
import { judgeHosts } from './host-judgement';
import { judgeScheme } from './scheme-judgement';
import { instanceOf } from '../../private/rules/objects';
import { takeOptional } from '../../private/rules/rule';
import { Feature } from '../private/feature';
import { domainName } from '../private/text-rules';

/** The certificate, and the record in the user's DNS. What the endpoint comes down to, every feature is given. */
export const ENDPOINT_FEATURE = {
  rules: { endpoint: instanceOf(GitLabEndpoint, 'one such as GitLabEndpoint.https()') },
  plan: ({ endpoint: { _choice: { hostname, certificate, kind, proxy } }, network, omnibusSettings, privateAddress }) => ({
    findings: [...judgeHosts(hostname, omnibusSettings ?? {}), ...kind === 'http' ? [] : judgeScheme(omnibusSettings ?? {})],
    // the factory of the endpoint does not know the stack.
    check: (scope) => takeOptional(scope, 'endpoint', hostname, domainName()),
    create: ({ endpoint, fqdn }) => ({
      vaultReaders: certificate === undefined ? [] : [{ id: 'CertificateReader', vaultId: certificate._keyVaultId }],
      setUp: endpointSetUp(endpoint),
      outputs: hostname === undefined || proxy || network._privateAddress?.dnsZoneEnabled ? [] : [{
        id: 'DnsRecord',
        ...privateAddress === undefined
          ? { description: 'The DNS record that GitLab\'s name needs, unless an A record leads to the public address.', value: `${hostname} CNAME ${fqdn}` }
          : { description: 'The DNS record that GitLab\'s name needs in the networks that reach it.', value: `${hostname} A ${privateAddress}` },
      }],
    }),
  }),
} satisfies Feature;
