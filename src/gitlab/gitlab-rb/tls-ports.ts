import { Finding } from './omnibus-judgement';
import { UNLESS_MEANT, wrongValue } from './settings-reading';

/** Servers of one kind: which of their usual ports encrypt from the start, and what to do about a port that does, or does not, against the settings. */
export interface TlsPorts {
  readonly servers: string;
  readonly encrypts: { readonly [port: string]: boolean };
  readonly ifEncrypted: string;
  readonly ifPlain: string;
}

/** Either side would wait for the other to begin. `wanted` is what the settings say, if they do. */
export function judgeTlsPort(ports: TlsPorts, path: readonly string[], port: unknown, wanted: boolean | undefined): Finding[] {
  const is = ports.encrypts[String(port)];
  return is === undefined || wanted === undefined || is === wanted ? []
    : [wrongValue(path, `${ports.servers} ${is ? '' : 'do not '}encrypt from the start at this port`, port, `${is ? ports.ifEncrypted : ports.ifPlain}${UNLESS_MEANT}`)];
}
