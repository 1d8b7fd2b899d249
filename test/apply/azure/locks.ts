// Microsoft.Authorization: locks, which are inherited by all that is below the scope they are on. A resource that holds a locked one cannot be deleted either.
// Not checked: locks of the kind ReadOnly, and how long a lock takes to count.
import { AzureError } from './azure-error';
import { Arm } from './core';

export const LOCK = 'Microsoft.Authorization/locks';

export function addLocks(arm: Arm): void {
  arm.add({ type: LOCK, stateless: true });
}

/** Throws if a lock keeps a resource from being deleted. */
export function checkUnlocked(arm: Arm, id: string): void {
  const own = id.toLowerCase();
  if (own.includes(`/providers/${LOCK.toLowerCase()}/`)) {
    return;
  }
  const within = (inner: string, outer: string) => inner === outer || inner.startsWith(`${outer}/`);
  const locked = arm.list(LOCK).map((lock) => lock.id.toLowerCase().split(`/providers/${LOCK.toLowerCase()}/`)[0]).find((scope) => within(own, scope) || within(scope, own));
  if (locked) {
    throw new AzureError(409, 'ScopeLocked', `The scope '${id}' cannot perform delete operation because following scope(s) are locked: '${locked}'. Please remove the lock and try again.`);
  }
}
