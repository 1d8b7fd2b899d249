import { ApplicationSettings, FeatureStep, flag, FurtherMachine, ServerStep, SetUpPart, StepParameters } from './set-up-part';
import { stopsBefore } from './upgrade-stops';
import { scriptTexts } from '../../assets';
import { AzureCloud } from '../../azure/azure-cloud';
import { CloudHosts } from '../../azure/place/cloud-hosts';
import { ServerEndpoint } from '../endpoint/server-endpoint';
import { gitlabRb, gitlabRbContents } from '../gitlab-rb/gitlab-rb';
import { jsonText } from '../gitlab-rb/literals';
import { OmnibusSettings } from '../gitlab-rb/omnibus-settings';
import { secretReferences } from '../gitlab-rb/secret-references';
import { GitLabVersion } from '../gitlab-version';
import { RunnerOwner } from '../runners/runner-owner';

/** The secret of the server vault that holds the first password of `root`. */
export const ROOT_PASSWORD_SECRET = 'gitlab-root-password';

/** The secret of the runner vault that holds the certificates which vouch for the server's, PEM. There for every https endpoint. */
export const CA_CERTIFICATE_SECRET = 'gitlab-ca-certificate';

/** The words of GitLab's API for which branches' and tags' jobs a runner takes. */
export type AccessLevel = 'not_protected' | 'ref_protected';

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
  readonly accessLevel: AccessLevel;
  readonly maximumTimeoutSeconds?: number;
}

/** All that the scripts on the virtual machine have to know. Texts may be tokens; the user's part has been checked before. */
export interface ServerSettings {
  readonly version: GitLabVersion;
  readonly edition: 'ce' | 'ee';
  /** What the cloud calls its services. */
  readonly hosts: CloudHosts;
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
  /** Only so that another size runs the step again, which then asks the machine. */
  readonly vmSize: string;
  /** Tuning and swap for 8 GB of memory and less. */
  readonly lowMemoryTuningEnabled: boolean;
  readonly omnibusSettings?: OmnibusSettings;
  readonly runners: readonly RunnerRequest[];
  /** What the features add, in their order. */
  readonly parts: readonly SetUpPart[];
  /** A changed value runs all steps again. */
  readonly rerun?: string;
  /** When a script gives up by itself: the create timeout of its run command less five minutes. */
  readonly deadlineSeconds: number;
}

/** One run command. */
export interface BootstrapStep {
  readonly name: string;
  /** The scripts of `src/gitlab`, by name, that make up this one, in order, joined by newlines. */
  readonly scripts: string[];
  /** Environment variables. None is empty: Azure does not set those. They still have to pass `templateText`. */
  readonly parameters: { [name: string]: string };
  /** It comes after the others, but does not run again because they did. */
  readonly standsAlone?: boolean;
  /** The same, and those after it do not run again because it did, or because it is taken out. */
  readonly aside?: boolean;
}

/** The step that sets GitLab itself up. */
export const GITLAB_STEP = 'gitlab';

/** The step that makes the runners and puts their tokens into the vault. */
export const RUNNERS_STEP = 'runners';

/** How a script reaches GitLab. */
export function addressParameters(endpoint: ServerEndpoint): StepParameters {
  return { SCHEME: endpoint.certificate === 'none' ? 'http' : 'https', SERVER_HOST: endpoint.host };
}

/** What makes steps of what all of them have and what is their own. */
function stepMakers(settings: ServerSettings) {
  const { parts } = settings;
  const common: StepParameters = Object.assign({
    DEADLINE_SECONDS: String(settings.deadlineSeconds),
    IDENTITY_CLIENT_ID: settings.identityClientId,
    // the public cloud's is the scripts' own, so that nothing runs again for it.
    KEY_VAULT_DOMAIN: settings.hosts.cloud === AzureCloud.PUBLIC ? undefined : settings.hosts.keyVault,
    RERUN: settings.rerun,
  }, ...parts.map(({ everyStep }) => everyStep));
  const everyScript = parts.flatMap(({ everyStepScripts }) => everyStepScripts ?? []);
  const serverStep = (name: ServerStep, parameters: StepParameters, ...scripts: string[]) => step({
    name,
    scripts: [...everyScript, ...scripts, ...parts.flatMap(({ inSteps }) => inSteps?.[name]?.scripts ?? [])],
    parameters: Object.assign({ ...common, ...parameters }, ...parts.map(({ inSteps }) => inSteps?.[name]?.parameters)),
  });
  const ownStep = (own: FeatureStep, ...first: string[]) =>
    step({ ...own, scripts: [...everyScript, ...first, ...own.scripts], parameters: { ...common, ...own.parameters } });
  return { serverStep, ownStep };
}

/** The run commands of a machine beside the server's own, in the order in which they have to run. */
export function furtherMachineSteps(settings: ServerSettings, { step: last, gitlabRb: own }: FurtherMachine): BootstrapStep[] {
  const { parts } = settings;
  const { serverStep, ownStep } = stepMakers(settings);
  const further = parts.flatMap(({ onFurtherMachines }) => onFurtherMachines ?? []);
  const theirs = parts.map(({ gitlabRb: everywhere, onFurtherMachines }) => onFurtherMachines?.gitlabRb ?? everywhere ?? {});
  const rb = { ...settings, withoutDataDisk: true, parts: [...theirs, own] };
  const secrets = secretReferences(gitlabRbContents(rb));
  const before = parts.flatMap(({ stepsBeforeGitlab }) => stepsBeforeGitlab?.(secrets) ?? []).filter(({ everywhere }) => everywhere);
  return [
    serverStep('metadata', {}, 'apt.sh'),
    ...before.map((one) => ownStep(one, ...last.first ?? [])),
    ownStep({
      ...last,
      scripts: ['apt.sh', 'packages.sh', 'readiness.sh', ...last.scripts, ...further.flatMap(({ scripts }) => scripts ?? [])],
      parameters: Object.assign({
        ...addressParameters(settings.endpoint),
        SERVER_VAULT: settings.serverVaultName,
        EDITION: settings.edition,
        VERSION: settings.version.version,
        UBUNTU_CODENAME: settings.ubuntuCodename,
        GITLAB_RB: gitlabRb(rb),
        ...last.parameters,
      }, ...further.map(({ parameters }) => parameters)),
    }, ...last.first ?? []),
  ];
}

/** The run commands of the server's own machine, in the order in which they have to run. */
export function bootstrapSteps(settings: ServerSettings): BootstrapStep[] {
  const { parts } = settings;
  const { serverStep, ownStep } = stepMakers(settings);
  const rb = { ...settings, parts: parts.map(({ gitlabRb: part }) => part ?? {}) };
  const secrets = secretReferences(gitlabRbContents(rb));
  const server = {
    ...addressParameters(settings.endpoint),
    SERVER_VAULT: settings.serverVaultName,
    RUNNER_VAULT: settings.runnerVaultName,
    CERTIFICATE: settings.endpoint.certificate,
  };
  return [
    serverStep('metadata', {}, 'apt.sh'),
    serverStep('data-disk', {
      DISK_LUN: String(settings.dataDiskLun),
      DISK_SIZE_GB: String(settings.dataDiskSizeGb),
      SMALL_MACHINE: flag(settings.lowMemoryTuningEnabled),
    }),
    ...parts.flatMap(({ stepsBeforeGitlab }) => stepsBeforeGitlab?.(secrets) ?? []).map((one) => ownStep(one)),
    serverStep(GITLAB_STEP, {
      ...server,
      EDITION: settings.edition,
      VERSION: settings.version.version,
      VM_SIZE: settings.vmSize,
      UBUNTU_CODENAME: settings.ubuntuCodename,
      GITLAB_RB: gitlabRb(rb),
      UPGRADE_STOPS: stopsBefore(settings.version).join(' '),
      WALK: flag(settings.upgradeThroughStopsAllowed),
    }, 'apt.sh', 'packages.sh', 'readiness.sh', 'upgrade.sh', 'vault-files.sh', 'gitlab-secrets.sh'),
    ...parts.flatMap(({ stepsBeforeRunners }) => stepsBeforeRunners ?? []).map((one) => ownStep(one)),
    serverStep(RUNNERS_STEP, {
      ...server,
      WANTED_JSON: jsonText({
        settings: applicationSettings(parts),
        runners: settings.runners.map((runner) => ({ ...runner, maximumTimeoutSeconds: runner.maximumTimeoutSeconds ?? null })),
      }),
      RUNNERS_RB: scriptTexts('gitlab')['runners.rb'],
    }),
    ...parts.flatMap(({ steps }) => steps ?? []).map((one) => ownStep(one)),
  ];
}

function applicationSettings(parts: readonly SetUpPart[]): ApplicationSettings {
  const given = parts.flatMap((part) => part.applicationSettings ?? []);
  return { always: Object.assign({}, ...given.map(({ always }) => always)), once: Object.assign({}, ...given.map(({ once }) => once)) };
}

function step({ name, scripts, parameters, standsAlone, aside }: FeatureStep): BootstrapStep {
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '');
  return { name, scripts: ['lib.sh', 'key-vault.sh', ...scripts, `${name}.sh`], parameters: Object.fromEntries(given), standsAlone, aside };
}
