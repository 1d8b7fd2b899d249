import { Construct } from 'constructs';
import { EndpointChoice } from './endpoint-choice';
import { ServerEndpoint } from './server-endpoint';
import { vaultName } from '../../azure/private/vault-name';
import { isOpenToAll } from '../../private/cidr';
import { ValidationError } from '../../private/validation-error';
import { warn } from '../../warnings/private/warn';

/** What the server's endpoint comes down to once its names and addresses are known. */
export interface EndpointPlan {
  readonly server: ServerEndpoint;
  readonly gitlabUrl: string;
}

export interface EndpointSurroundings {
  readonly fqdn: string;
  readonly publicIpAddress: string;
  readonly httpAllowedCidrs: readonly string[];
}

/** Joins a choice with its surroundings; refuses what contradicts them. */
export function endpointPlan(scope: Construct, choice: EndpointChoice, surroundings: EndpointSurroundings): EndpointPlan {
  if (choice.kind === 'http') {
    warn(scope, 'plain-http', {
      prop: 'endpoint', reason: 'anybody on the network path can read passwords and tokens over plain HTTP', remedy: 'choose GitLabEndpoint.https()',
    });
    return { server: { host: surroundings.publicIpAddress, certificate: 'none' }, gitlabUrl: `http://${surroundings.publicIpAddress}` };
  }
  const host = choice.hostname ?? surroundings.fqdn;
  const gitlabUrl = `https://${host}`;
  if (choice.kind === 'key-vault') {
    const { _keyVaultId: keyVaultId, _secretName: secretName } = choice.certificate!;
    return { server: { host, certificate: 'key-vault', keyVaultCertificate: { vaultName: vaultName(keyVaultId), secretName } }, gitlabUrl };
  }
  const letsEncrypt = wantsLetsEncrypt(scope, choice, surroundings.httpAllowedCidrs)
    ? { contactEmails: choice.letsEncryptEmail ? [choice.letsEncryptEmail] : [] }
    : undefined;
  return { server: { host, certificate: 'generated', letsEncrypt }, gitlabUrl };
}

function wantsLetsEncrypt(scope: Construct, choice: EndpointChoice, httpAllowedCidrs: readonly string[]): boolean {
  const reachable = isOpenToAll(httpAllowedCidrs);
  if (choice.letsEncrypt && !reachable) {
    throw new ValidationError(scope, {
      prop: 'endpoint', problem: 'Let\'s Encrypt must be able to reach port 80 from anywhere', got: httpAllowedCidrs,
      remedy: 'set httpAllowedCidrs to ["0.0.0.0/0"], or letsEncrypt of the endpoint to false',
    });
  }
  return choice.letsEncrypt ?? reachable;
}
