import { checkSignIn, mailPlan, SMTP } from './mail';
import { smtpSetUp } from './smtp-set-up';
import { struct } from '../../private/rules/rule';
import { Feature } from '../private/feature';

export const SMTP_FEATURE = {
  rules: { smtp: struct(SMTP, checkSignIn) },
  plan({ smtp }) {
    const mail = smtp && mailPlan(smtp);
    return {
      create: () => ({
        vaultReaders: mail?.password ? [{ id: 'SmtpPasswordReader', vaultId: mail.password.vaultId }] : [],
        setUp: smtpSetUp(mail),
      }),
    };
  },
} satisfies Feature;
