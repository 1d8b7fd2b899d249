import { OpenPort } from '../machine/network';
import { FilledProps } from '../private/filled-props';

/** The web ports. Where TLS ends in front, nothing listens at 443, and only the proxy reaches 80: runners too come by it. */
export function webPorts(props: FilledProps): OpenPort[] {
  const { endpoint: { _choice: { proxy } }, httpAllowedCidrs, webAllowedCidrs } = props;
  const http = { name: 'Http', port: 80, allowedCidrs: httpAllowedCidrs } as const;
  return proxy
    ? [{ ...http, shared: false }]
    : [{ ...http, shared: true }, { name: 'Https', port: 443, allowedCidrs: webAllowedCidrs, shared: true }];
}
