import { GitLabProxyOptions } from './gitlab-proxy';
import { allowedCidrs } from '../../private/rules/addresses';
import { required, Rules } from '../../private/rules/rule';
import { text, trueOrFalse } from '../../private/rules/scalars';
import { domainName } from '../private/text-rules';

export const PROXY: Rules<GitLabProxyOptions> = {
  host: required(domainName()),
  trustedCidrs: required(allowedCidrs({ least: 1, shortestPrefix: 8 })),
  clientAddressHeader: text('the name of an HTTP header such as "X-Forwarded-For"', /^[A-Za-z0-9-]{1,64}$/),
  healthProbesAllowed: trueOrFalse(),
  sshHost: domainName(),
};
