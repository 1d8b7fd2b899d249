import { Construct, IConstruct } from 'constructs';
import { GitLabRegistryOptions } from './gitlab-registry';
import { REGISTRY_NGINX } from './registry-set-up';
import { Rules } from '../../private/rules/rule';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { warn } from '../../warnings/private/warn';
import { EndpointChoice } from '../endpoint/endpoint-choice';
import { ServerEndpoint } from '../endpoint/server-endpoint';
import { Finding } from '../gitlab-rb/omnibus-judgement';
import { OmnibusSettings } from '../gitlab-rb/omnibus-settings';
import { isGiven, mayBeOff, textAt, valueAt, wrongValue } from '../gitlab-rb/settings-reading';
import { hasOwnCertificate, mayLackTls } from '../gitlab-rb/site-tls';
import { freePort } from '../machine/ports';

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

/** Of two sites with one address, nginx serves the first alone: there would be no registry, or no GitLab. */
export function judgeAddress(endpoint: EndpointChoice, settings: OmnibusSettings): Finding[] {
  const url = textAt(settings, 'registry_external_url');
  if (endpoint.kind === 'http' && isServedByTls(settings)) {
    return [wrongValue(['registry_external_url'], 'HTTPS without a certificate, so that the whole web server would not start', url,
      'choose an endpoint with HTTPS, or name the certificate\'s files in registry_nginx')];
  }
  return url !== undefined && endpoint.hostname !== undefined && isSiteOf(endpoint.hostname, url)
    ? [wrongValue(['registry_external_url'], 'GitLab\'s own address, which the registry cannot share', url, 'set registry instead, which has a port of its own')]
    : [];
}

/** @see https://docs.gitlab.com/administration/packages/container_registry/#use-object-storage */
const STORAGE_DRIVERS = ['azure', 'azure_v2', 'filesystem', 'gcs', 'inmemory', 'oss', 's3', 's3_v2', 'swift'];

/** The registry does not start with two places for its images. */
export function judgeStorage(settings: OmnibusSettings): Finding[] {
  const drivers = STORAGE_DRIVERS.filter((driver) => isGiven(settings, 'registry', 'storage', driver));
  return drivers.length > 1
    ? [wrongValue(['registry', 'storage'], `has ${drivers.join(' and ')}, and with more than one the registry does not start`, valueAt(settings, 'registry', 'storage'), 'leave all out but one')]
    : [];
}

function isSiteOf(hostname: string, url: string): boolean {
  return known(hostname) && new RegExp(`^https?://${hostname.replaceAll('.', '\\.')}(:(80|443))?/?$`, 'i').test(url);
}

/** Docker and nodes ask for a certificate that they know. */
export function warnOfUntrustedRegistry(scope: Construct, choice: EndpointChoice, endpoint: ServerEndpoint): void {
  if (endpoint.certificate === 'generated' && (choice.kind === 'azure-dns' || endpoint.letsEncrypt === undefined)) {
    warn(scope, 'untrusted-registry', {
      prop: 'registry',
      reason: 'docker and the nodes of a cluster do not trust the registry\'s certificate until Let\'s Encrypt issues one, '
        + 'which for a name in Azure\'s domain may be never',
      remedy: 'use GitLabEndpoint.customDomain() or certificateFromKeyVault()',
    });
  }
}

/** Whether it needs a certificate of ours. */
function isServedByTls(settings: OmnibusSettings): boolean {
  const isElsewhere = mayBeOff(settings, 'registry', 'enable') || mayLackTls(settings, REGISTRY_NGINX);
  return /^https:/i.test(textAt(settings, 'registry_external_url') ?? '') && !hasOwnCertificate(settings, REGISTRY_NGINX) && !isElsewhere;
}

/** The server's own authority is for the server's names alone, where Let's Encrypt and a certificate of the user's may be for more. */
export function warnOfOtherName(scope: Construct, { certificate, host, letsEncrypt }: ServerEndpoint, settings: OmnibusSettings): void {
  const name = /^https:\/\/([^/?#:\s]+)(:\d+)?\/?$/i.exec(textAt(settings, 'registry_external_url') ?? '')?.[1];
  if (certificate === 'generated' && letsEncrypt === undefined && isServedByTls(settings) && name !== undefined && known(host) && name.toLowerCase() !== host.toLowerCase()) {
    warn(scope, 'untrusted-registry', {
      prop: 'omnibusSettings.registry_external_url',
      reason: `the certificate that the server makes is for ${host}, and docker and the nodes of a cluster refuse it for ${name}`,
      remedy: `use GitLabEndpoint.certificateFromKeyVault() with a certificate for both names, or give registry_nginx a certificate for ${name}`,
    });
  }
}
