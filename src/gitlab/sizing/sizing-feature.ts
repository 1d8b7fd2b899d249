import { warnOfUsers } from './expected-users';
import { decided, integer } from '../../private/rules/scalars';
import { Feature } from '../private/feature';

export const SIZING_FEATURE = {
  rules: { expectedUsers: decided(integer(1, 1_000_000)) },
  plan: ({ expectedUsers, vmSize }) => ({ warn: (scope) => warnOfUsers(scope, expectedUsers, vmSize) }),
} satisfies Feature;
