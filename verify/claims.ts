/** Something that the library claims of Azure, and the page that does. */
export interface Claim {
  readonly id: string;
  readonly what: string;
  readonly page: string;
}

/** Those that are tried, in the order of their checks. */
export const CLAIMS: readonly Claim[] = [
  { id: 'preflight', what: 'preflight finds nothing in the way of an apply that then succeeds', page: 'docs/preflight.md' },
  { id: 'apply', what: 'one apply, without a step by hand, makes server, cluster and runner', page: 'README.md' },
  { id: 'second-plan', what: 'the next plan is empty', page: 'docs/operate.md' },
  { id: 'state-without-secrets', what: 'no usable token or password is in the state', page: 'docs/security.md' },
  { id: 'root-password', what: 'a person whom the program names can read the first password of root from the vault', page: 'docs/operate.md' },
  { id: 'https', what: 'GitLab answers over HTTPS, with a certificate of the authority on its server, and sends http there', page: 'docs/decisions/0008-https-from-the-first-minute.md' },
  { id: 'closed-ports', what: 'from outside no port is open but 80 and 443', page: 'docs/security.md' },
  { id: 'job-runner-test', what: 'a job with the tag of the runner succeeds', page: 'docs/from-the-article.md' },
  { id: 'test-pod-creation', what: 'a job gets a pod of its own, which is gone afterwards', page: 'docs/from-the-article.md' },
  { id: 'job-that-fails', what: 'a job whose script fails ends as failed, with its log', page: 'docs/runner.md' },
  { id: 'metadata-closed', what: 'a job does not reach the metadata service of its node', page: 'docs/security.md' },
  { id: 'doctor', what: 'doctor finds nothing broken on a platform that works', page: 'docs/doctor.md' },
  { id: 'manager-deleted', what: 'a deleted pod of the manager is replaced, and the next job succeeds', page: 'docs/runner.md' },
  { id: 'node-drained', what: 'the manager leaves a node that is drained, and the next job succeeds', page: 'docs/cluster.md' },
  { id: 'machine-restarted', what: 'GitLab is back by itself after a restart of its machine, and the next job succeeds', page: 'docs/operate.md' },
  { id: 'backup', what: 'a backup reaches the storage account', page: 'docs/restore.md' },
  { id: 'restore', what: 'the commands of the page on restoring bring back what the backup holds', page: 'docs/restore.md' },
  { id: 'apply-after-restore', what: 'the apply after a restore succeeds, and so does the next job', page: 'docs/restore.md' },
  { id: 'alerts-added', what: 'an apply that adds the alerts makes them all, and each is switched on', page: 'docs/alerts.md' },
  { id: 'alert-fires', what: 'an alert fires for a pod that cannot start, and is taken back once the pod is gone', page: 'docs/alerts.md' },
  { id: 'destroy', what: 'a destroy leaves nothing but deleted vaults, which cannot be purged before their time', page: 'docs/operate.md' },
];

/** A claim that is not tried here, and why. */
export interface OtherClaim {
  readonly what: string;
  readonly page: string;
  readonly why: string;
}

/** What the pages say of Azure and this does not try. */
export const OTHER_CLAIMS: readonly OtherClaim[] = [
  { what: 'recovery in another region, and how long it takes', page: 'docs/recovery.md', why: 'needs quota in a second region' },
  { what: 'the data disk from a snapshot', page: 'docs/restore-disk.md', why: 'its commands are for a person to decide on' },
  { what: 'a platform without public addresses', page: 'docs/landing-zone.md', why: 'needs a network that leads there' },
  { what: 'Azure Government and China, Azure Policy', page: 'docs/governance.md', why: 'needs such a subscription' },
  { what: 'a certificate of Let\'s Encrypt for a domain of one\'s own', page: 'docs/gitlab.md', why: 'needs a domain' },
  { what: 'sign-in with Entra ID', page: 'docs/sign-in.md', why: 'needs an application in Entra ID and a person' },
  { what: 'the other alerts, the test from outside among them', page: 'docs/alerts.md', why: 'each needs a fault of its own, and hours' },
  { what: 'GitLab\'s database on a Flexible Server', page: 'docs/database.md', why: 'the example does without' },
  { what: 'upgrades to another minor version', page: 'docs/versions.md', why: 'needs an older version first' },
  { what: 'rights of jobs in Azure, caches and image builds', page: 'docs/image-builds.md', why: 'the example does without' },
  { what: 'spot nodes, and growth from zero to many', page: 'docs/cluster.md', why: 'needs quota beyond that of a new subscription' },
  { what: 'Azure Monitor\'s metrics, and audit logs', page: 'docs/audit.md', why: 'they arrive too late to wait for' },
];
