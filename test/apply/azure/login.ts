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

export function principalOf(authorization: string | undefined): string | undefined {
  try {
    return JSON.parse(Buffer.from(authorization!.split('.')[1], 'base64url').toString()).oid;
  } catch {
    return undefined;
  }
}
