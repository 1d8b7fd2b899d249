import { IConstruct } from 'constructs';
import { isPlainObject } from '../../private/rules/collections';
import { known } from '../../private/rules/subject';
import { holdsSecret } from '../../private/secret-values';
import { isSensitiveReference } from '../../private/sensitive-references';
import { mapsIn, textsIn } from '../config/plain-data';
import { Settings } from '../config/settings';
import { patchData } from '../job-pod/patch-yaml';

const NAME = /secret|token|passw(or)?d|passphrase|credential|(api|access|account|private|signing|ssh)_?key|^docker_auth_config$/i;
/** Where a secret is, what it is called, whether there is one: not the secret. */
const ABOUT = /_(file|path|dir|url|uri|name|id|type|enabled|disabled|required|ttl|lifetime|expiry|timeout|version|image)$|^secret_detection_/i;

/**
 * The names of variables that hold what looks like a secret, by name or by value; the values stay unsaid.
 * @param scope where references are looked at, by what they refer to.
 */
export function secretsIn(environment: { readonly [name: string]: string } | undefined, scope?: IConstruct): string[] {
  return Object.entries(environment ?? {})
    .filter(([name, value]) => isSecret(name, value) || (scope !== undefined && isSensitiveReference(value, scope))).map(([name]) => name);
}

function isSecret(name: string, value: string): boolean {
  if (holdsSecret(value)) {
    return true;
  }
  // an empty one, a switch, or a variable of GitLab's that the job itself gets.
  const holdsNone = known(value) && /^(|true|false|yes|no|\d|\$\w+|\$\{\w+\})$/i.test(value);
  return NAME.test(name) && !ABOUT.test(name) && !holdsNone;
}

/** The same of what else gives variables to a job's containers: the runner's services, and patches of the pod. */
export function secretsInPods({ services = [], pod_spec: patches = [] }: Settings): { readonly setting: string; readonly name: string }[] {
  const found = (setting: string, variables: { readonly [name: string]: string }) => secretsIn(variables).map((name) => ({ setting, name }));
  return [
    ...mapsIn(services).flatMap(([, { environment }]) => found('services', Object.fromEntries(textsIn(environment).map(split)))),
    ...mapsIn(patches).flatMap(([, { patch }]) => found('pod_spec', known(patch) ? variablesIn(patchData(patch)) : {})),
  ];
}

function split(variable: string): [string, string] {
  const [name, ...rest] = variable.split('=');
  return [name, rest.join('=')];
}

/** What looks like a variable of a container, wherever it is: patches have many shapes. */
function variablesIn(value: unknown): { [name: string]: string } {
  if (Array.isArray(value)) {
    return Object.assign({}, ...value.map(variablesIn));
  }
  if (!isPlainObject(value)) {
    return {};
  }
  const { name, value: given } = value;
  return typeof name === 'string' && typeof given === 'string' ? { [name]: given } : Object.assign({}, ...Object.values(value).map(variablesIn));
}
