// The way to the real API server behind the names of clusters: whom Azure RBAC lets in is its administrator there.
import { IncomingMessage, ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { mayEnter } from './container-service';
import { Arm } from './core';

/** The real API server that all clusters' names lead to. */
export interface ApiServer {
  /** 127.0.0.1 unless said. */
  readonly host?: string;
  readonly port: number;
  readonly token: string;
  readonly certificateAuthority: string;
}

/** Who calls which cluster. */
export interface Caller {
  readonly host: string;
  readonly principal: string | undefined;
  /** How long a role assignment takes to count. */
  readonly spreadMs: number;
}

/** Passes a call on, or refuses a caller without a role. Both are in the log. */
export function callApiServer(arm: Arm, apiServer: ApiServer, caller: Caller, request: IncomingMessage, response: ServerResponse): void {
  const { host, principal, spreadMs } = caller;
  const refused = !mayEnter(arm, host, principal, spreadMs);
  arm.log.push({ host, method: request.method!, path: request.url!, principal, start: Date.now(), status: refused ? 403 : undefined });
  if (refused) {
    const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Forbidden', code: 403, message: `${principal} has no role on this cluster` };
    response.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify(status));
    return;
  }
  const { host: address = '127.0.0.1', port, token, certificateAuthority } = apiServer;
  const upstream = httpsRequest({
    host: address, port, ca: certificateAuthority, method: request.method, path: request.url,
    headers: { ...request.headers, host: `${address}:${port}`, authorization: `Bearer ${token}` },
  }, (answer) => {
    response.writeHead(answer.statusCode!, answer.headers);
    answer.pipe(response);
  });
  upstream.on('error', () => response.destroy());
  response.on('close', () => upstream.destroy());
  request.pipe(upstream);
}
