/** Azure's severities that are used here: an error that somebody should look at now, and a warning that can wait for the morning. */
const ERROR = 1;
const WARNING = 2;

/** All alerts, by the names of their runbooks. */
export const ALERT_RULES = {
  MachineUnavailable: { severity: ERROR, summary: 'Azure reports GitLab\'s virtual machine as unavailable.' },
  GitLabUnreachable: { severity: ERROR, summary: 'GitLab does not answer from the Internet.' },
  CertificateExpiring: { severity: WARNING, summary: 'GitLab\'s certificate is not trusted, or expires within 14 days.' },
  BackupMissing: { severity: WARNING, summary: 'No backup of GitLab has arrived within six hours after it was due.' },
  BackupFailed: { severity: WARNING, summary: 'The last backup of GitLab failed.' },
  PodsPending: { severity: WARNING, summary: 'A pod has been waiting for eight minutes to start.' },
  ServiceHealth: { severity: WARNING, summary: 'Azure has an incident, a maintenance or advice for this subscription.' },
  BudgetExceeded: { severity: WARNING, summary: 'The platform costs more than its budget, or is about to.' },
} as const;

export type AlertRuleName = keyof typeof ALERT_RULES;

const RUNBOOKS = 'https://github.com/cdktf-azure-gitlab/cdktf-azure-gitlab/blob/main/docs/runbooks';

/** What a message says beside the name. */
export function describe(rule: AlertRuleName): string {
  return `${ALERT_RULES[rule].summary} What to do: ${RUNBOOKS}/${rule}.md`;
}
