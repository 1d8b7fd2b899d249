import { SecretKey } from '../job-pod/environment-secrets';

/** A variable of a container, or where it is. */
export type Variable = { readonly name: string } & ({ readonly value: string } | { readonly valueFrom: { readonly secretKeyRef: SecretKey } });

/** Keys of Secrets by the names of variables. */
export interface SecretKeys { readonly [variable: string]: SecretKey }

/** Kubernetes puts the API server's address in. */
const API_SERVER = '$(KUBERNETES_SERVICE_HOST)';
const INSIDE = [API_SERVER, '.svc', '.cluster.local'];

/** The variables that were given, and with a proxy the way past it to the API server: without one the manager would ask the proxy for that too. */
export function managerVariables(given: { readonly [name: string]: string } = {}, secrets: SecretKeys = {}): Variable[] {
  const names = [...Object.keys(given), ...Object.keys(secrets)];
  const hidden = Object.entries(secrets).map(([name, secretKeyRef]) => ({ name, valueFrom: { secretKeyRef } }));
  if (!names.some((name) => /^(https|all)_proxy$/i.test(name))) {
    return [...Object.entries(given).map(([name, value]) => ({ name, value })), ...hidden];
  }
  const isException = (name: string) => /^no_proxy$/i.test(name);
  const variables = Object.entries(given).map(([name, value]) => ({ name, value: isException(name) ? [value, ...INSIDE].filter((part) => part !== '').join(',') : value }));
  return [...variables, ...hidden, ...names.some(isException) ? [] : [{ name: 'NO_PROXY', value: INSIDE.join(',') }]];
}
