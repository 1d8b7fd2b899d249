import { MailPlan } from './mail';
import { rubyText } from '../set-up/literals';
import { SetUpPart } from '../set-up/set-up-part';

/** Where the scripts put the password, which gitlab.rb reads from there. */
const SMTP_PASSWORD_FILE = '/etc/gitlab/smtp-password';

/** Without mail, the script still removes the password of before. */
export function smtpSetUp(mail: MailPlan | undefined): SetUpPart {
  return {
    gitlabRb: {
      defaults: mail && { gitlab_rails: mail.settings },
      // read on the machine, so that the password is in no plan and no state.
      lines: () => mail?.password ? [`gitlab_rails["smtp_password"] = File.read(${rubyText(SMTP_PASSWORD_FILE)}).chomp`] : [],
    },
    inSteps: {
      gitlab: { scripts: ['mail.sh'], parameters: { SMTP_VAULT: mail?.password?.vaultName, SMTP_SECRET: mail?.password?.secretName } },
    },
  };
}
