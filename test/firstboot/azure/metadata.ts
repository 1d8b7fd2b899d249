// The instance metadata service's identity endpoint. Not checked: system-assigned identities, caching, throttling, all other endpoints.
import { IncomingMessage } from 'node:http';
import { Answer, Endpoint } from './endpoint';
import { Tokens } from './tokens';

export class Metadata implements Endpoint {
  /** The client ids of the identities that are assigned to the machine. */
  readonly identities = new Set<string>();
  /** Those of machines that have an address of their own. */
  readonly identitiesAt = new Map<string, ReadonlySet<string>>();

  /** Told of each token before whoever asked for it. */
  onToken?: (audience: string, token: string) => unknown;

  constructor(private readonly tokens: Tokens) {}

  answer(request: IncomingMessage, url: URL): Answer {
    if (request.headers.metadata !== 'true' || request.headers['x-forwarded-for'] !== undefined) {
      return { status: 400, body: { error: 'invalid_request', error_description: 'Required metadata header not specified' } };
    }
    if (url.pathname !== '/metadata/identity/oauth2/token') {
      return { status: 404 };
    }
    const [version, resource, clientId] = ['api-version', 'resource', 'client_id'].map((name) => url.searchParams.get(name));
    if (version !== '2018-02-01' || !resource) {
      return { status: 400, body: { error: 'invalid_request' } };
    }
    // more than one identity may be assigned, so a request has to name one.
    if (!clientId || !(this.identitiesAt.get(request.socket.remoteAddress ?? '') ?? this.identities).has(clientId)) {
      return { status: 400, body: { error: 'invalid_request', error_description: 'Identity not found' } };
    }
    const token = this.tokens.issue(resource, clientId);
    this.onToken?.(resource, token);
    return { status: 200, body: { access_token: token, client_id: clientId, expires_in: '86399', resource, token_type: 'Bearer' } };
  }
}
