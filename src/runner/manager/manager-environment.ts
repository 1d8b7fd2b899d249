/** A variable of a container. */
export interface Variable { readonly name: string; readonly value: string }

/** Kubernetes puts the API server's address in. */
const API_SERVER = '$(KUBERNETES_SERVICE_HOST)';
const INSIDE = [API_SERVER, '.svc', '.cluster.local'];

/** The variables that were given, and with a proxy the way past it to the API server: without one the manager would ask the proxy for that too. */
export function managerVariables(given: { readonly [name: string]: string } = {}): Variable[] {
  const names = Object.keys(given);
  const variables = Object.entries(given).map(([name, value]) => ({ name, value }));
  if (!names.some((name) => /^(https|all)_proxy$/i.test(name))) {
    return variables;
  }
  const exceptions = names.filter((name) => /^no_proxy$/i.test(name));
  return exceptions.length === 0 ? [...variables, { name: 'NO_PROXY', value: INSIDE.join(',') }]
    : variables.map(({ name, value }) => ({ name, value: exceptions.includes(name) ? [value, ...INSIDE].filter((part) => part !== '').join(',') : value }));
}
