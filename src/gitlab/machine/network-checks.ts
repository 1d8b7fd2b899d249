import { Together } from '../../private/rules/rule';
import { ValidationError } from '../../private/validation-error';
import { SelfHostedGitLabProps } from '../self-hosted-gitlab-props';

/** Refuses what needs a public address. */
export const checkNetworkFits: Together<SelfHostedGitLabProps> = (at, props) => {
  const options = props.network?._privateAddress;
  const { where } = at('network');
  if (options === undefined) {
    return;
  }
  const refuse = (prop: string, problem: string, got: unknown, remedy: string) => {
    throw new ValidationError(where, { prop, problem, got, remedy });
  };
  if (props.dnsLabel !== undefined) {
    refuse('dnsLabel', 'Azure\'s name belongs to a public address, and network gives the server none', props.dnsLabel, 'leave it out');
  }
  if (options.address === undefined && props.subnet?._existingId !== undefined) {
    refuse('network.address', 'missing', undefined, 'give an address that is free in the subnet that exists, such as "10.1.0.4"');
  }
  if (options.natGatewayEnabled !== undefined && props.subnet?._existingId !== undefined) {
    refuse('network.natGatewayEnabled', 'a subnet that exists has its own way out', options.natGatewayEnabled, 'leave it out');
  }
  if (options.natGatewayEnabled === false && props.httpProxy === undefined) {
    refuse('network.natGatewayEnabled', 'the server has no other way to its packages', false, 'leave it out, or give httpProxy');
  }
  if (options.dnsVirtualNetworkIds !== undefined && options.dnsZoneEnabled !== true) {
    refuse('network.dnsVirtualNetworkIds', 'there is no zone to link them to', options.dnsVirtualNetworkIds, 'set dnsZoneEnabled to true, or leave it out');
  }
  const choice = props.endpoint?._choice ?? { kind: 'azure-dns' };
  if (choice.kind === 'azure-dns') {
    refuse('endpoint', 'Azure\'s name belongs to a public address, and network gives the server none', props.endpoint && 'GitLabEndpoint.https()',
      'give a domain of your own such as GitLabEndpoint.customDomain("gitlab.example.com")');
  }
  if (choice.proxy?.frontDoorId !== undefined) {
    refuse('endpoint', 'Front Door reaches public addresses only', 'GitLabEndpoint.behindFrontDoor()', 'choose GitLabEndpoint.behindProxy() with a proxy in a connected network');
  }
  if (choice.letsEncrypt === true || choice.letsEncryptEmail !== undefined) {
    refuse('endpoint', 'Let\'s Encrypt cannot reach a private address', choice.letsEncrypt === true ? { letsEncrypt: true } : { letsEncryptEmail: choice.letsEncryptEmail },
      'leave it out, or choose GitLabEndpoint.certificateFromKeyVault()');
  }
  if (options.dnsZoneEnabled && choice.hostname === undefined) {
    refuse('network.dnsZoneEnabled', 'the endpoint has no name', true, 'leave it out, or choose GitLabEndpoint.customDomain()');
  }
  if (options.dnsZoneEnabled && choice.proxy) {
    refuse('network.dnsZoneEnabled', 'GitLab\'s name leads to the proxy of the endpoint', true, 'leave it out, and let the name lead to the proxy');
  }
};
