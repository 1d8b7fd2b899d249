/** A merge patch: objects are merged, all else is taken over. */
export function patched(before: any, patch: any): any {
  const plain = (value: any) => typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!plain(before) || !plain(patch)) {
    return structuredClone(patch);
  }
  const copy = structuredClone(before);
  for (const [key, value] of Object.entries(patch)) {
    // tags are replaced as a whole
    copy[key] = key === 'tags' ? value : patched(copy[key], value);
  }
  return copy;
}

/** All texts of a JSON value with the keys that lead there; a map whose keys are ids, such as identities, counts too. */
export function strings(value: any, keys: string[] = []): { keys: string[]; value: string }[] {
  if (typeof value === 'string') {
    return [{ keys, value }];
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, item]) => [
    ...key.startsWith('/subscriptions/') ? [{ keys, value: key }] : [],
    ...strings(item, Array.isArray(value) || key.startsWith('/subscriptions/') ? keys : [...keys, key]),
  ]);
}
