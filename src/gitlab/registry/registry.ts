import { Construct, IConstruct } from 'constructs';
import { GitLabRegistryOptions } from './gitlab-registry';
import { Rules } from '../../private/rules/rule';
import { ValidationError } from '../../private/validation-error';
import { warn } from '../../warnings/private/warn';
import { EndpointChoice } from '../endpoint/endpoint-choice';
import { ServerEndpoint } from '../endpoint/server-endpoint';
import { freePort } from '../machine/ports';
import { OmnibusSettings } from '../set-up/omnibus-settings';

export const REGISTRY: Rules<GitLabRegistryOptions> = {
  port: freePort(1024, 5050),
};

/** A registry with every gap filled that a constant fills. */
export function registryPlan(options: GitLabRegistryOptions) {
  return { port: options.port ?? 5050 };
}

/** Refuses a registry that the rest of the server contradicts. */
export function checkRegistryFits(where: IConstruct, endpoint: EndpointChoice, settings: OmnibusSettings | undefined): void {
  if (endpoint.kind === 'http') {
    throw new ValidationError(where, {
      prop: 'registry', problem: 'registry clients refuse plain HTTP', got: 'GitLabEndpoint.http()', remedy: 'choose an endpoint with HTTPS',
    });
  }
  const address: unknown = settings?.registry_external_url;
  if (address !== undefined && address !== null) {
    throw new ValidationError(where, {
      prop: 'omnibusSettings.registry_external_url', problem: 'set together with registry', got: address, remedy: 'leave one of the two out',
    });
  }
}

/** Docker and nodes ask for a certificate that they know. */
export function warnOfUntrustedRegistry(scope: Construct, choice: EndpointChoice, endpoint: ServerEndpoint): void {
  if (endpoint.certificate === 'generated' && (choice.kind === 'azure-dns' || endpoint.letsEncrypt === undefined)) {
    warn(scope, 'untrusted-registry', {
      prop: 'registry',
      reason: 'docker and the nodes of a cluster do not trust the server\'s own authority, whose certificate it has until Let\'s Encrypt issues one, '
        + 'which for a name in Azure\'s domain may be never',
      remedy: 'use GitLabEndpoint.customDomain() or certificateFromKeyVault()',
    });
  }
}
