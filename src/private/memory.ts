/**
 * What the library knows of an object beyond what the object tells, made on first use. It is kept at the object and not in a map of ours,
 * which another copy of the library in the same program would not find.
 */
export function remembered<T>(object: object, what: string, make: () => T): T {
  const key = Symbol.for(`cdktf-azure-gitlab.${what}`);
  if (!Object.hasOwn(object, key)) {
    Object.defineProperty(object, key, { value: make() });
  }
  return (object as { [symbol: symbol]: T })[key];
}
