/** Azure's severities that are used here: an error that somebody should look at now, and a warning that can wait for the morning. */
const ERROR = 1;
const WARNING = 2;

/** All alerts, by the names of their runbooks. */
export const ALERT_RULES = {
  MachineUnavailable: { severity: ERROR, summary: 'Azure reports GitLab\'s virtual machine as unavailable.' },
  NodeUnavailable: { severity: WARNING, summary: 'An application node does not answer the load balancer.' },
  GitLabUnreachable: { severity: ERROR, summary: 'GitLab does not answer from the Internet.' },
  CertificateExpiring: { severity: WARNING, summary: 'GitLab\'s certificate is not trusted, or expires within 14 days.' },
  BackupMissing: { severity: WARNING, summary: 'No backup of GitLab has arrived within six hours after it was due.' },
  BackupFailed: { severity: WARNING, summary: 'The last backup of GitLab failed.' },
  PodsPending: { severity: WARNING, summary: 'A pod has been waiting for eight minutes to start.' },
  RunnerGone: { severity: ERROR, summary: 'A runner\'s manager has given no metrics for ten minutes, so that jobs wait.' },
  CannotReachGitLab: { severity: ERROR, summary: 'A runner\'s manager has got no good answer from GitLab for ten minutes.' },
  TokenRefused: { severity: ERROR, summary: 'GitLab refuses the token of a runner.' },
  JobsWait: { severity: WARNING, summary: 'One of ten jobs waits for more than ten minutes until a runner takes it.' },
  PlatformFailures: { severity: WARNING, summary: 'Three jobs failed within half an hour, and not by their scripts.' },
  ImagePull: { severity: WARNING, summary: 'Three jobs failed within half an hour because of an image that could not be pulled, or a setting that cannot be.' },
  PoolAtMax: { severity: WARNING, summary: 'A node pool has had as many nodes as it may for half an hour.' },
  MetricsMissing: { severity: WARNING, summary: 'The server has told nothing of itself for half an hour.' },
  DiskFull: { severity: ERROR, summary: 'A disk of the server is nearly full, or will be within two days.' },
  BackupOld: { severity: WARNING, summary: 'The last good backup of GitLab is older than it may be.' },
  TaskFailed: { severity: WARNING, summary: 'A task that the server does by itself failed when it was last done.' },
  CertificateSoon: { severity: WARNING, summary: 'The certificate that GitLab\'s web server shows expires within 14 days.' },
  MigrationFailed: { severity: WARNING, summary: 'A background migration of GitLab\'s database has failed.' },
  JobsNotTaken: { severity: WARNING, summary: 'A CI job has been waiting for half an hour, and no runner takes it.' },
  SidekiqStuck: { severity: ERROR, summary: 'What GitLab does in the background has been waiting for half an hour.' },
  RebootDue: { severity: WARNING, summary: 'The server has needed a restart for a week.' },
  UpdatesDue: { severity: WARNING, summary: 'Security updates are there, and none has been installed for nine days.' },
  ServiceHealth: { severity: WARNING, summary: 'Azure has an incident, a maintenance or advice for this subscription.' },
  BudgetExceeded: { severity: WARNING, summary: 'The platform costs more than its budget, or is about to.' },
} as const;

export type AlertRuleName = keyof typeof ALERT_RULES;

const RUNBOOKS = 'https://github.com/cdktf-azure-gitlab/cdktf-azure-gitlab/blob/main/docs/runbooks';

/** The page that tells what to do. */
export function runbookOf(rule: AlertRuleName): string {
  return `${RUNBOOKS}/${rule}.md`;
}

/** What a message says beside the name. */
export function describe(rule: AlertRuleName): string {
  return `${ALERT_RULES[rule].summary} What to do: ${runbookOf(rule)}`;
}
