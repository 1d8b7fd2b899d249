import { IncomingMessage } from 'node:http';

export interface Answer {
  readonly status: number;
  /** JSON, or bytes as they are. */
  readonly body?: unknown;
  readonly headers?: { [name: string]: string };
}

/** One service behind a public name. */
export interface Endpoint {
  answer(request: IncomingMessage, url: URL, body: Buffer): Answer;
}
