import { InputError } from '../command/input-error';

/** Refuses a program that is older than it may be. */
export function requireVersion(program: string, version: string, [major, minor]: readonly [number, number]): void {
  const [ownMajor, ownMinor] = version.split('.').map(Number);
  if (ownMajor < major || ownMajor === major && ownMinor < minor) {
    throw new InputError(`${program}: version ${version} is too old; install ${major}.${minor} or later`);
  }
}
