import { Feature } from './feature';
import { AGENT_SERVER_FEATURE } from '../agent-server/agent-server-feature';
import { APPLICATION_NODES_FEATURE } from '../application-nodes/application-nodes-feature';
import { AUDIT_FEATURE } from '../audit/audit-feature';
import { BACKUP_FEATURE } from '../backup/backup-feature';
import { CLOSED_PORTS_FEATURE } from '../closed-ports/closed-ports-feature';
import { CUSTOM_CA_TRUST_FEATURE } from '../custom-ca-trust/custom-ca-trust-feature';
import { DATA_DISK_BACKUP_FEATURE } from '../data-disk-backup/data-disk-backup-feature';
import { DATABASE_FEATURE } from '../database/database-feature';
import { ENDPOINT_FEATURE } from '../endpoint/endpoint-feature';
import { PROXY_FEATURE } from '../endpoint/proxy-feature';
import { HARDENING_FEATURE } from '../hardening/hardening-feature';
import { HTTP_PROXY_FEATURE } from '../http-proxy/http-proxy-feature';
import { METRICS_FEATURE } from '../metrics/metrics-feature';
import { OBJECT_STORAGE_FEATURE } from '../object-storage/object-storage-feature';
import { PAGES_FEATURE } from '../pages/pages-feature';
import { RECOVERY_FEATURE } from '../recovery/recovery-feature';
import { REGISTRY_FEATURE } from '../registry/registry-feature';
import { ROOT_PASSWORD_FEATURE } from '../root-password/root-password-feature';
import { SECRETS_FEATURE } from '../secrets/secrets-feature';
import { SIGN_IN_FEATURE } from '../sign-in/sign-in-feature';
import { SIZING_FEATURE } from '../sizing/sizing-feature';
import { SMTP_FEATURE } from '../smtp/smtp-feature';
import { SSH_FEATURE } from '../ssh/ssh-feature';
import { VERSIONS_FEATURE } from '../versions/versions-feature';

/**
 * All features of a server, in the order in which they are checked, made and written to gitlab.rb. A new one comes last: its place decides
 * about the order of lines in gitlab.rb, and with it whether set-ups run again.
 */
export const FEATURES = [
  REGISTRY_FEATURE,
  ENDPOINT_FEATURE,
  ROOT_PASSWORD_FEATURE,
  SMTP_FEATURE,
  HARDENING_FEATURE,
  BACKUP_FEATURE,
  OBJECT_STORAGE_FEATURE,
  AUDIT_FEATURE,
  DATA_DISK_BACKUP_FEATURE,
  SECRETS_FEATURE,
  SIGN_IN_FEATURE,
  PAGES_FEATURE,
  SSH_FEATURE,
  PROXY_FEATURE,
  SIZING_FEATURE,
  CLOSED_PORTS_FEATURE,
  VERSIONS_FEATURE,
  HTTP_PROXY_FEATURE,
  DATABASE_FEATURE,
  RECOVERY_FEATURE,
  METRICS_FEATURE,
  APPLICATION_NODES_FEATURE,
  CUSTOM_CA_TRUST_FEATURE,
  AGENT_SERVER_FEATURE,
] as const satisfies readonly Feature[];

type All<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer I) => void ? I : never;

/** The rules of all features' props. Its type has each of them, so that the server's table still misses a prop that no feature has a rule for. */
export const FEATURE_RULES = Object.assign({}, ...FEATURES.map(({ rules }) => rules)) as All<(typeof FEATURES)[number]['rules']>;
