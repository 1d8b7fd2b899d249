import { Rule } from '../../private/rules/rule';
import { text } from '../../private/rules/scalars';

/** Shorter than Azure's rule: the container for the secrets beside it needs room for its ending. */
export function backupContainerName(): Rule<string> {
  return text('3 to 55 lower-case letters, digits and single "-", not at an end', /^(?=.{3,55}$)[a-z0-9]+(-[a-z0-9]+)*$/);
}

/** The container with the secrets of a container's backups. */
export function secretsContainerOf(containerName: string): string {
  return `${containerName}-secrets`;
}
