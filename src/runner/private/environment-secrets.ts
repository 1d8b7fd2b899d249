import { known } from '../../private/rules/subject';
import { holdsSecret } from '../../private/secret-values';

const NAME = /secret|token|passw(or)?d|passphrase|credential|(api|access|account|private|signing|ssh)_?key|^docker_auth_config$/i;
/** Where a secret is, what it is called, whether there is one: not the secret. */
const ABOUT = /_(file|path|dir|url|uri|name|id|type|enabled|disabled|required|ttl|lifetime|expiry|timeout|version|image)$|^secret_detection_/i;

/** The names of variables that hold what looks like a secret, by name or by value; the values stay unsaid. */
export function secretsIn(environment: { readonly [name: string]: string } | undefined): string[] {
  return Object.entries(environment ?? {}).filter(([name, value]) => isSecret(name, value)).map(([name]) => name);
}

function isSecret(name: string, value: string): boolean {
  if (holdsSecret(value)) {
    return true;
  }
  // an empty one, a switch, or a variable of GitLab's that the job itself gets.
  const holdsNone = known(value) && /^(|true|false|yes|no|\d|\$\w+|\$\{\w+\})$/i.test(value);
  return NAME.test(name) && !ABOUT.test(name) && !holdsNone;
}
