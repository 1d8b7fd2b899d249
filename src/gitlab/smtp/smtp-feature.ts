import { checkSignIn, mailSettings, SMTP } from './mail';
import { OTHER_NAMES_OF_SMTP } from './other-names';
import { judgeMail } from './raw-mail';
import { struct } from '../../private/rules/rule';
import { Feature } from '../private/feature';

export const SMTP_FEATURE = {
  rules: { smtp: struct(SMTP, checkSignIn, OTHER_NAMES_OF_SMTP) },
  plan: ({ smtp, omnibusSettings }) => ({
    findings: judgeMail(omnibusSettings ?? {}, smtp),
    create: () => ({
      vaultReaders: smtp?.password ? [{ id: 'SmtpPasswordReader', vaultId: smtp.password._keyVaultId }] : [],
      setUp: { gitlabRb: { defaults: smtp && { gitlab_rails: mailSettings(smtp) } } },
    }),
  }),
} satisfies Feature;
