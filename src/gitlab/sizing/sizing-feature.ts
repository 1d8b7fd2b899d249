import { warnOfUsers } from './expected-users';
import { decided, integer } from '../../private/rules/scalars';
import { Feature } from '../private/feature';

export const SIZING_FEATURE = {
  rules: { expectedUsers: decided(integer(1, 1_000_000)) },
  plan: ({ expectedUsers, vmSize, applicationNodes }) => ({
    warn: (scope) => warnOfUsers(scope, expectedUsers, vmSize, applicationNodes?.count ?? 0),
  }),
} satisfies Feature;
