import { FilledProps } from './filled-props';
import { ServerFeatures } from './server-features';
import { webPorts } from '../endpoint/web-ports';
import { Finding } from '../gitlab-rb/omnibus-judgement';
import { judgeListeners } from '../machine/listeners';
import { OpenPort } from '../machine/network';

/** The ports at which the server's own services listen for others. */
export function openPorts(props: FilledProps, features: ServerFeatures): OpenPort[] {
  return [
    ...webPorts(props), ...features.ports,
    { name: 'Ssh', port: props.sshPort, allowedCidrs: props.sshAllowedCidrs, shared: false },
  ];
}

/** What is wrong with settings beside what the server's props make of them. */
export function settingsFindings(props: FilledProps, features: ServerFeatures): Finding[] {
  const served = { ...props.registry && { registry_external_url: '' }, ...props.pages && { pages_external_url: '' } };
  return [...features.findings, ...judgeListeners({ ...served, ...props.omnibusSettings }, openPorts(props, features))];
}
