import { applicationSettings, checkVisibility, HARDENING } from './hardening';
import { warnOfHardening } from './hardening-relaxations';
import { struct } from '../../private/rules/rule';
import { Feature } from '../private/feature';

export const HARDENING_FEATURE = {
  rules: { hardening: struct(HARDENING, checkVisibility) },
  plan: ({ hardening = {} }) => ({
    warn: (scope) => warnOfHardening(scope, hardening),
    create: () => ({ setUp: { applicationSettings: applicationSettings(hardening) } }),
  }),
} satisfies Feature;
