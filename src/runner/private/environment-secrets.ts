import { known } from '../../private/rules/subject';

const NAME = /secret|token|passw(or)?d|passphrase|credential|(api|access|account|private|signing|ssh)_?key|^docker_auth_config$/i;
/** Where a secret is, what it is called, whether there is one: not the secret. */
const ABOUT = /_(file|path|dir|url|uri|name|id|type|enabled|disabled|required|ttl|lifetime|expiry|timeout|version|image)$|^secret_detection_/i;
const VALUES = [
  // GitLab's, GitHub's, Slack's and AWS' own beginnings.
  /\bgl(pat|ptt|dt|rt|rtr|cbt|ft|imt|agent|soat|oas|ffct|wt)-[\w-]{8,}/, /\bgh[pousr]_\w{16,}/, /\bgithub_pat_\w{16,}/, /\bxox[abpr]-[\w-]{8,}/, /\b(AKIA|ASIA)[A-Z0-9]{16}\b/,
  // keys, keys of Azure's storage and buses, tokens that are signed, a user with a password in an address.
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/, /\b(AccountKey|SharedAccessKey|SharedAccessSignature)=./i, /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\./, /:\/\/[^/\s:@]+:[^/\s:@$]+@/,
];

/** The names of variables that hold what looks like a secret, by name or by value; the values stay unsaid. */
export function secretsIn(environment: { readonly [name: string]: string } | undefined): string[] {
  return Object.entries(environment ?? {}).filter(([name, value]) => isSecret(name, value)).map(([name]) => name);
}

function isSecret(name: string, value: string): boolean {
  if (known(value) && VALUES.some((pattern) => pattern.test(value))) {
    return true;
  }
  // an empty one, a switch, or a variable of GitLab's that the job itself gets.
  const holdsNone = known(value) && /^(|true|false|yes|no|\d|\$\w+|\$\{\w+\})$/i.test(value);
  return NAME.test(name) && !ABOUT.test(name) && !holdsNone;
}
