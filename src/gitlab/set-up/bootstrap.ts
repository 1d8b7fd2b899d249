import { gitlabRb } from './gitlab-rb';
import { jsonText } from './literals';
import { OmnibusSettings } from './omnibus-settings';
import { stopsBefore } from './upgrade-stops';
import { assetTexts } from '../../assets';
import { ServerEndpoint } from '../endpoint/server-endpoint';
import { GitLabRunnerAccessLevel } from '../gitlab-server';
import { GitLabVersion } from '../gitlab-version';
import { GitLabHardeningOptions } from '../hardening/gitlab-hardening';
import { applicationSettings } from '../hardening/hardening';
import { RunnerOwner } from '../runners/runner-owner';
import { MailPlan } from '../smtp/mail';

/** The secret of the server vault that holds the first password of `root`. */
export const ROOT_PASSWORD_SECRET = 'gitlab-root-password';

/** The secret of the runner vault that holds the certificates which vouch for the server's, PEM. There for every https endpoint. */
export const CA_CERTIFICATE_SECRET = 'gitlab-ca-certificate';

/** A runner that the server is to know. Texts may be tokens. */
export interface RunnerRequest {
  /** What the runner is found by again, unique among this server's runners. A changed one makes a new runner and removes the old one. */
  readonly marker: string;
  /** The group or project whose jobs it takes; everybody's without. */
  readonly scope?: RunnerOwner;
  /** The secret of the runner vault that its token is written to. */
  readonly tokenSecretName: string;
  readonly description: string;
  readonly tags: string[];
  readonly runUntagged: boolean;
  readonly locked: boolean;
  readonly paused: boolean;
  readonly accessLevel: GitLabRunnerAccessLevel;
  readonly maximumTimeoutSeconds?: number;
}

/** Where backups go, and when. */
export interface BackupTarget {
  readonly accountName: string;
  readonly containerName: string;
  readonly secretsContainerName: string;
  readonly schedule: string;
  readonly excludedParts: readonly string[];
}

/** Where GitLab's objects go, and as whom. */
export interface ObjectStorageTarget {
  readonly accountName: string;
  /** The client id of the identity that opens this account and nothing else. */
  readonly identityClientId: string;
}

/** All that the scripts on the virtual machine have to know. Texts may be tokens; the user's part has been checked before. */
export interface ServerSettings {
  readonly version: GitLabVersion;
  readonly edition: 'ce' | 'ee';
  /** Whether one run may go over several versions on the way. */
  readonly upgradeThroughStopsAllowed: boolean;
  /** Ubuntu's codename, such as `noble`: each release has a package tree of its own. */
  readonly ubuntuCodename: string;
  readonly endpoint: ServerEndpoint;
  /** The client id of the user-assigned identity. */
  readonly identityClientId: string;
  readonly serverVaultName: string;
  readonly runnerVaultName: string;
  readonly dataDiskLun: number;
  /** Only so that a grown disk runs the step again; the file system always fills the disk. */
  readonly dataDiskSizeGb: number;
  /** Tuning and swap for 8 GB of memory and less. */
  readonly lowMemoryTuningEnabled: boolean;
  readonly omnibusSettings?: OmnibusSettings;
  readonly hardening?: GitLabHardeningOptions;
  readonly runners: RunnerRequest[];
  readonly backup?: BackupTarget;
  readonly mail?: MailPlan;
  /** The registry's port on the server's name. */
  readonly registryPort?: number;
  readonly objectStorage?: ObjectStorageTarget;
  /** A changed value runs all steps again. */
  readonly rerun?: string;
  /** When a script gives up by itself: the create timeout of its run command less five minutes. */
  readonly deadlineSeconds: number;
}

/** One run command. */
export interface BootstrapStep {
  readonly name: string;
  /** The files below `assets/gitlab` that make up the script, in order, joined by newlines. */
  readonly scripts: string[];
  /** Environment variables. None is empty: Azure does not set those. They still have to pass `templateText`. */
  readonly parameters: { [name: string]: string };
  /** It comes after the others, but does not run again because they did. */
  readonly standsAlone?: boolean;
}

type Parameters = { [name: string]: string | undefined };

/** The step that makes the runners and puts their tokens into the vault. */
export const RUNNERS_STEP = 'runners';

/** The run commands, in the order in which they have to run. */
export function bootstrapSteps(settings: ServerSettings): BootstrapStep[] {
  const { endpoint } = settings;
  const common = {
    DEADLINE_SECONDS: String(settings.deadlineSeconds),
    IDENTITY_CLIENT_ID: settings.identityClientId,
    RERUN: settings.rerun,
  };
  const server = {
    SERVER_VAULT: settings.serverVaultName,
    RUNNER_VAULT: settings.runnerVaultName,
    SCHEME: endpoint.certificate === 'none' ? 'http' : 'https',
    SERVER_HOST: endpoint.host,
    CERTIFICATE: endpoint.certificate,
  };
  return [
    step('metadata', {
      ...common,
      OBJECTS_CLIENT_ID: settings.objectStorage?.identityClientId,
      OBJECTS_TOKEN_PY: settings.objectStorage && assetTexts('gitlab')['objects-token.py'],
    }, 'apt.sh'),
    step('data-disk', {
      ...common,
      DISK_LUN: String(settings.dataDiskLun),
      DISK_SIZE_GB: String(settings.dataDiskSizeGb),
      SMALL_MACHINE: flag(settings.lowMemoryTuningEnabled),
    }),
    step('gitlab', {
      ...common,
      ...server,
      EDITION: settings.edition,
      VERSION: settings.version.version,
      UBUNTU_CODENAME: settings.ubuntuCodename,
      GITLAB_RB: gitlabRb(settings),
      LETS_ENCRYPT: flag(endpoint.letsEncrypt !== undefined),
      CERTIFICATE_VAULT: endpoint.keyVaultCertificate?.vaultName,
      CERTIFICATE_SECRET: endpoint.keyVaultCertificate?.secretName,
      BACKUP: flag(settings.backup !== undefined),
      UPGRADE_STOPS: stopsBefore(settings.version).join(' '),
      WALK: flag(settings.upgradeThroughStopsAllowed),
      OBJECT_STORAGE: flag(settings.objectStorage !== undefined),
      SMTP_VAULT: settings.mail?.password?.vaultName,
      SMTP_SECRET: settings.mail?.password?.secretName,
    }, 'apt.sh', 'packages.sh', 'readiness.sh', 'upgrade.sh', 'certificate.sh', 'mail.sh', 'object-storage.sh'),
    step(RUNNERS_STEP, {
      ...common,
      ...server,
      WANTED_JSON: jsonText({
        settings: applicationSettings(settings.hardening),
        runners: settings.runners.map((runner) => ({ ...runner, maximumTimeoutSeconds: runner.maximumTimeoutSeconds ?? null })),
      }),
      RUNNERS_RB: assetTexts('gitlab')['runners.rb'],
    }),
    ...settings.backup ? [backupStep(settings.backup, common, server)] : [],
  ];
}

/** The last, so that a backup more or less leaves the other steps alone. */
function backupStep(backup: BackupTarget, common: Parameters, server: Parameters): BootstrapStep {
  const made = step('backup', {
    ...common,
    SCHEME: server.SCHEME,
    SERVER_HOST: server.SERVER_HOST,
    BACKUP_ACCOUNT: backup.accountName,
    BACKUP_CONTAINER: backup.containerName,
    SECRETS_CONTAINER: backup.secretsContainerName,
    BACKUP_SCHEDULE: backup.schedule,
    EXCLUDED_PARTS: backup.excludedParts.join(','),
  }, 'readiness.sh', 'blob.sh', 'restore.sh');
  return { ...made, standsAlone: true };
}

function step(name: string, parameters: Parameters, ...parts: string[]): BootstrapStep {
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '');
  return { name, scripts: ['lib.sh', ...parts, `${name}.sh`], parameters: Object.fromEntries(given) };
}

function flag(value: boolean): string | undefined {
  return value ? 'yes' : undefined;
}
