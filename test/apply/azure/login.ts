// Entra ID: a token for every client id that asks; the object id follows from the client id. Tokens are not signed, secrets not checked.
import { createHash } from 'node:crypto';

/** A UUID that follows from a text. */
export function uuidOf(text: string): string {
  const hash = createHash('sha256').update(text).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

export function tokenFor(clientId: string, tenantId: string, audience: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const expiry = Math.floor(Date.now() / 1000) + 3600;
  const claims = { aud: audience, iss: `https://sts.windows.net/${tenantId}/`, tid: tenantId, oid: uuidOf(clientId), appid: clientId, idtyp: 'app', exp: expiry };
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.standin`;
}

/** What Microsoft's sign-in libraries ask for before they ask for a token; undefined for other paths. */
export function discovery(path: string): object | undefined {
  const authority = 'https://login.microsoftonline.com';
  if (path === '/common/discovery/instance') {
    return {
      tenant_discovery_endpoint: `${authority}/common/v2.0/.well-known/openid-configuration`,
      metadata: [{ preferred_network: 'login.microsoftonline.com', preferred_cache: 'login.windows.net', aliases: ['login.microsoftonline.com', 'login.windows.net'] }],
    };
  }
  const [, tenant] = /^\/([^/]+)\/v2\.0\/\.well-known\/openid-configuration$/.exec(path) ?? [];
  return tenant === undefined ? undefined : {
    authorization_endpoint: `${authority}/${tenant}/oauth2/v2.0/authorize`, token_endpoint: `${authority}/${tenant}/oauth2/v2.0/token`, issuer: `${authority}/${tenant}/v2.0`,
  };
}

/** Whom a token is of; undefined where there is none, or it is for something else than the host that it was sent to. */
export function principalOf(authorization: string | undefined, host: string): string | undefined {
  try {
    const { oid, aud } = JSON.parse(Buffer.from(authorization!.split('.')[1], 'base64url').toString());
    const wanted = Object.entries(AUDIENCES).find(([suffix]) => host.endsWith(suffix))?.[1];
    return wanted && aud.startsWith(wanted) ? oid : undefined;
  } catch {
    return undefined;
  }
}

/** What a token has to be for, by the end of the host's name. */
const AUDIENCES: { [suffix: string]: string } = {
  'management.azure.com': 'https://management.azure.com/',
  '.vault.azure.net': 'https://vault.azure.net',
  '.azmk8s.io': '6dae42f8-4368-4678-94ff-3960e28e3630',
};
