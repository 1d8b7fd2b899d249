// Key Vault's data plane for secrets, with their versions and soft delete, under the policy of Azure's landing zones that a secret has a content type.
// Not checked: firewalls, keys, certificates as such, expiry, throttling, that a deletion takes a while.
import { IncomingMessage } from 'node:http';
import { Answer, Endpoint } from './endpoint';
import { Tokens } from './tokens';

const AUDIENCE = 'https://vault.azure.net';

/** Whether the identity of a client id may use a method on secrets. */
export type Permission = (clientId: string, method: string) => boolean;

interface Secret {
  /** Oldest first. */
  readonly versions: string[];
  deleted?: boolean;
}

export class KeyVault implements Endpoint {
  private readonly secrets = new Map<string, Secret>();
  /** How often a secret was written, deleted or recovered. */
  changes = 0;

  constructor(private readonly name: string, private readonly tokens: Tokens, private readonly may: Permission) {}

  answer(request: IncomingMessage, url: URL, body: Buffer): Answer {
    const caller = this.tokens.owner(request.headers.authorization, AUDIENCE);
    if (!caller) {
      return { ...failed(401, 'Unauthorized'), headers: { 'www-authenticate': `Bearer authorization="https://login.microsoftonline.com/tenant", resource="${AUDIENCE}"` } };
    }
    if (!['7.4', '7.5', '7.6'].includes(url.searchParams.get('api-version') ?? '')) {
      return failed(400, 'BadParameter');
    }
    const [, collection, name, action] = /^\/(secrets|deletedsecrets)\/([^/]+)(?:\/([^/]*))?$/.exec(url.pathname) ?? [];
    if (!name) {
      return failed(404, 'NotFound');
    }
    if (!this.may(caller, request.method!)) {
      return failed(403, 'Forbidden', 'ForbiddenByRbac');
    }
    if (!/^[0-9a-zA-Z-]{1,127}$/.test(name)) {
      return failed(400, 'BadParameter');
    }
    const secret = this.secrets.get(name);
    if (collection === 'deletedsecrets') {
      return this.recover(request.method, secret, name, action);
    }
    switch (request.method) {
      case 'GET': return secret && !secret.deleted && secret.versions[numberOf(secret, action) - 1] !== undefined ? this.shown(name, secret, action) : failed(404, 'SecretNotFound');
      case 'PUT': return this.put(name, secret, body);
      case 'DELETE':
        if (!secret || secret.deleted) {
          return failed(404, 'SecretNotFound');
        }
        secret.deleted = true;
        this.changes += 1;
        return { status: 200, body: { recoveryId: `https://${this.name}.vault.azure.net/deletedsecrets/${name}` } };
      default: return failed(405, 'BadParameter');
    }
  }

  /** The newest value, or undefined. */
  value(name: string): string | undefined {
    const secret = this.secrets.get(name);
    return secret?.deleted ? undefined : secret?.versions.at(-1);
  }

  versions(name: string): readonly string[] {
    return this.secrets.get(name)?.versions ?? [];
  }

  /** What a person does in the portal. */
  set(name: string, value: string): void {
    this.secrets.set(name, { versions: [...this.versions(name), value] });
  }

  /** As if the secret had never been. */
  purge(name: string): void {
    this.secrets.delete(name);
  }

  get names(): string[] {
    return [...this.secrets.keys()].filter((name) => !this.secrets.get(name)!.deleted).sort();
  }

  private put(name: string, secret: Secret | undefined, body: Buffer): Answer {
    if (secret?.deleted) {
      return failed(409, 'Conflict', 'ObjectIsDeletedButRecoverable');
    }
    let value: unknown;
    let contentType: unknown;
    try {
      ({ value, contentType } = JSON.parse(body.toString()));
    } catch {
      return failed(400, 'BadParameter');
    }
    if (typeof contentType !== 'string' || contentType === '') {
      return failed(403, 'Forbidden', 'ForbiddenByPolicy');
    }
    if (typeof value !== 'string' || value.length > 25_600) {
      return failed(400, 'BadParameter');
    }
    this.set(name, value);
    this.changes += 1;
    return this.shown(name, this.secrets.get(name)!);
  }

  private recover(method: string | undefined, secret: Secret | undefined, name: string, action?: string): Answer {
    if (!secret?.deleted) {
      return failed(404, 'SecretNotFound');
    }
    if (method === 'POST' && action === 'recover') {
      secret.deleted = false;
      this.changes += 1;
    }
    return this.shown(name, secret);
  }

  private shown(name: string, secret: Secret, version?: string): Answer {
    const number = numberOf(secret, version);
    return { status: 200, body: { value: secret.versions[number - 1], id: `https://${this.name}.vault.azure.net/secrets/${name}/${String(number).padStart(32, '0')}` } };
  }
}

/** Which of its versions is meant, from 1: the newest, unless one is named. */
function numberOf({ versions }: Secret, version?: string): number {
  return version ? Number(version) : versions.length;
}

function failed(status: number, code: string, inner?: string): Answer {
  return { status, body: { error: { code, message: code, ...inner ? { innererror: { code: inner } } : {} } } };
}
