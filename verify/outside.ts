import { get } from 'http';
import { connect } from 'net';

const TIMEOUT_MS = 5_000;

/** The server as somebody sees it who has no right to anything. */
export class Outside {
  /** Whether somebody listens there and is reached. */
  opens(host: string, port: number): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect({ host, port, timeout: TIMEOUT_MS });
      const end = (open: boolean) => {
        socket.destroy();
        resolve(open);
      };
      socket.on('connect', () => end(true)).on('timeout', () => end(false)).on('error', () => end(false));
    });
  }

  /** Where http is sent to. */
  redirection(host: string, port = 80): Promise<string | undefined> {
    return new Promise((resolve) => {
      const asked = get({ host, port, path: '/', timeout: TIMEOUT_MS }, (response) => {
        response.resume();
        resolve(response.headers.location);
      });
      asked.on('error', () => resolve(undefined)).on('timeout', () => asked.destroy());
    });
  }
}
