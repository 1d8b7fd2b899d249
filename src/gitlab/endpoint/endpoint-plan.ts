import { Construct } from 'constructs';
import { EndpointChoice } from './endpoint-choice';
import { ServerEndpoint, serverUrl } from './server-endpoint';
import { vaultName } from '../../azure/access/vault-name';
import { contains, isOpenToAll } from '../../private/cidr';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { warn } from '../../warnings/private/warn';

/** What the server's endpoint comes down to once its names and addresses are known. */
export interface EndpointPlan {
  readonly server: ServerEndpoint;
  readonly gitlabUrl: string;
}

export interface EndpointSurroundings {
  readonly fqdn: string;
  /** The server's own address: the public one, if it has one. */
  readonly ipAddress: string;
  readonly privateAddress?: string;
  readonly httpAllowedCidrs: readonly string[];
}

/** Joins a choice with its surroundings; refuses what contradicts them. */
export function endpointPlan(scope: Construct, choice: EndpointChoice, surroundings: EndpointSurroundings): EndpointPlan {
  if (choice.kind === 'http') {
    warn(scope, 'plain-http', {
      prop: 'endpoint', reason: 'anybody on the network path can read passwords and tokens over plain HTTP', remedy: 'choose GitLabEndpoint.https()',
    });
    return { server: { host: surroundings.ipAddress, certificate: 'none' }, gitlabUrl: `http://${surroundings.ipAddress}` };
  }
  if (choice.proxy) {
    warnOfPlainInternet(scope, choice.proxy.trustedCidrs);
    const server = { host: choice.hostname!, certificate: 'none', proxy: choice.proxy } as const;
    return { server, gitlabUrl: serverUrl(server) };
  }
  const host = choice.hostname ?? surroundings.fqdn;
  const gitlabUrl = `https://${host}`;
  if (choice.kind === 'key-vault') {
    const { _keyVaultId: keyVaultId, _secretName: secretName } = choice.certificate!;
    return { server: { host, certificate: 'key-vault', keyVaultCertificate: { vaultName: vaultName(keyVaultId), secretName } }, gitlabUrl };
  }
  const letsEncrypt = wantsLetsEncrypt(scope, choice, surroundings)
    ? { contactEmails: choice.letsEncryptEmail ? [choice.letsEncryptEmail] : [] }
    : undefined;
  return { server: { host, certificate: 'generated', letsEncrypt }, gitlabUrl };
}

const PRIVATE_BLOCKS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];

function warnOfPlainInternet(scope: Construct, trustedCidrs: readonly string[] | undefined): void {
  const isPublic = (cidr: string) => known(cidr) && !PRIVATE_BLOCKS.some((block) => contains(block, cidr));
  const far = trustedCidrs === undefined ? 'Front Door' : known(trustedCidrs) && trustedCidrs.filter(isPublic).join(', ');
  if (far) {
    warn(scope, 'plain-http-from-proxy', {
      prop: 'endpoint', reason: `requests from ${far} cross the Internet unencrypted on their way to the server`,
      remedy: 'let a proxy in the server\'s own or a peered network end TLS',
    });
  }
}

function wantsLetsEncrypt(scope: Construct, choice: EndpointChoice, { httpAllowedCidrs, privateAddress }: EndpointSurroundings): boolean {
  if (privateAddress !== undefined) {
    return false;
  }
  const reachable = isOpenToAll(httpAllowedCidrs);
  const wanted = choice.letsEncrypt ?? (choice.kind === 'custom-domain' || reachable);
  if (wanted && !reachable) {
    throw new ValidationError(scope, {
      prop: 'endpoint', problem: 'Let\'s Encrypt must be able to reach port 80 from anywhere', got: httpAllowedCidrs,
      remedy: 'set httpAllowedCidrs to ["0.0.0.0/0"], or letsEncrypt of the endpoint to false',
    });
  }
  return wanted;
}
