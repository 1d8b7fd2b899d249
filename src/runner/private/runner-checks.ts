import { IConstruct } from 'constructs';
import { checkObjectName, checkTextMap } from './prop-checks';
import { checkPlain } from './settings-checks';
import { TokenSource, VaultSource } from './token-source';
import { GitLabRunnerScope } from '../../gitlab/gitlab-runner-scope';
import { GitLabRunnerAccessLevel, GitLabRunnerOptions } from '../../gitlab/gitlab-server';
import {
  checkGiven, checkInstance, checkInteger, checkList, checkOneOf, checkPattern, checkType, checkUuid, known, Subject,
} from '../../private/checks';
import { ValidationError } from '../../private/validation-error';
import { RunnerCache } from '../runner-cache';
import { RunnerOptions } from '../runner-options';
import { RunnerToken } from '../runner-token';

const VAULT_NAME = /^(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/;
const SECRET_NAME = /^[A-Za-z0-9-]{1,127}$/;

/** Checks one runner's props, but for its pods. */
export function checkRunner(where: IConstruct | string, options: RunnerOptions): void {
  const of = (prop: string): Subject => ({ where, prop });
  checkInteger(of('limit'), options.limit, 1, 100_000);
  checkInteger(of('requestConcurrency'), options.requestConcurrency, 1, 1000);
  checkInteger(of('outputLimitKb'), options.outputLimitKb, 1, 1_048_576);
  checkTextMap(of('environment'), options.environment, /^[A-Za-z_][A-Za-z0-9_]*$/, 'a variable\'s name such as "HTTPS_PROXY"');
  checkType(of('featureFlags'), options.featureFlags, 'object');
  for (const [name, value] of Object.entries(options.featureFlags ?? {})) {
    checkPattern(of('featureFlags key'), name, /^FF_[A-Z0-9_]+$/, 'a feature flag such as "FF_TIMESTAMPS"');
    checkType(of(`featureFlags.${name}`), value ?? 'null', 'boolean');
  }
}

/** Checks GitLab's address. */
export function checkGitLabUrl(where: IConstruct | string, url: string | undefined): void {
  const subject = { where, prop: 'gitlabUrl' };
  checkGiven(subject, url);
  checkPattern(subject, url, /^https?:\/\/[A-Za-z0-9.\-_[\]:]+(\/[\w.\-~/]*[\w.\-~])?$/,
    'an address without a final slash such as "https://gitlab.example.com"');
}

/** Checks a PEM certificate, or several. */
export function checkCertificate(where: IConstruct | string, certificate: string | undefined): void {
  checkPattern({ where, prop: 'caCertificate' }, certificate, /^\s*-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----\s*$/,
    'a certificate in PEM');
}

/** Checks where a token comes from; `joined` tells that a KubernetesGitLabRunner fills in what a chart alone cannot know. */
export function checkToken(where: IConstruct | string, token: RunnerToken | undefined, joined: boolean): void {
  const subject = { where, prop: 'token' };
  checkInstance(subject, token, RunnerToken, 'make one with RunnerToken.kubernetesSecret() or one of its siblings');
  if (!joined) {
    checkGiven(subject, token);
  }
  if (known(token)) {
    checkSource(subject, token._source, joined);
  }
}

function checkSource(subject: Subject, source: TokenSource, joined: boolean): void {
  const of = (name: string): Subject => ({ where: subject.where, prop: `${subject.prop}.${name}` });
  switch (source.kind) {
    case 'gitlab':
      if (!joined) {
        throw new ValidationError(subject.where, {
          prop: subject.prop, problem: 'a chart has no GitLab to ask', got: 'RunnerToken.fromGitlab()', remedy: 'use KubernetesGitLabRunner or another source',
        });
      }
      return;
    case 'vault':
      return checkVault(of, source, joined);
    case 'secret':
      checkGiven(of('name'), source.name);
      checkObjectName(of('name'), source.name);
      return checkPattern(of('key'), source.key, /^[-._a-zA-Z0-9]{1,253}$/, 'a key of the Secret such as "runner-token"');
    case 'volume':
      checkGiven(of('volume'), source.volume);
      checkType(of('volume'), source.volume, 'object');
      checkVolumeSource(of('volume'), source.volume);
      return checkPattern(of('fileName'), source.fileName ?? '', /^(?!.*\.\.)[\w.-][\w./-]{0,250}$/, 'a relative path such as "token"');
    case 'variable':
      return checkVariable(subject, source.variable);
    case 'registration':
      checkSource(subject, source.token, joined);
      if (known(source.options.runnerScope)) {
        throw new ValidationError(subject.where, {
          prop: `${subject.prop}.options.runnerScope`, problem: 'a registration token decides by itself whose jobs its runners take', got: source.options.runnerScope,
          remedy: 'drop it, and take the token from the group or project that is meant',
        });
      }
      return checkGitLabOptions(subject.where, source.options, 'token.options.');
  }
}

function checkVolumeSource(subject: Subject, volume: { [key: string]: any }): void {
  if (known(volume) && (Object.keys(volume).length !== 1 || 'name' in volume)) {
    throw new ValidationError(subject.where, {
      prop: subject.prop, problem: 'not one kind of volume', got: Object.keys(volume), remedy: 'give one key, such as { csi: { … } }',
    });
  }
  checkPlain(subject.where, subject.prop, volume);
}

function checkVault(of: (name: string) => Subject, source: VaultSource, joined: boolean): void {
  for (const name of ['keyVaultName', 'secretName', ...joined ? [] : ['tenantId', 'clientId'] as const] as const) {
    checkGiven(of(name), source[name]);
  }
  checkPattern(of('keyVaultName'), source.keyVaultName, VAULT_NAME, 'the vault\'s name, 3 to 24 letters, digits and hyphens');
  checkPattern(of('secretName'), source.secretName, SECRET_NAME, 'the secret\'s name, letters, digits and hyphens');
  checkPattern(of('caSecretName'), source.caSecretName, SECRET_NAME, 'the secret\'s name, letters, digits and hyphens');
  checkUuid(of('tenantId'), source.tenantId);
  checkUuid(of('clientId'), source.clientId);
  checkPattern(of('keyVaultId'), source.keyVaultId, /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.KeyVault\/vaults\/[^/]+$/i,
    'the ARM id of a Key Vault');
}

function checkVariable(subject: Subject, variable: any): void {
  if (variable?.stringValue === undefined) {
    throw new ValidationError(subject.where, { prop: subject.prop, problem: 'not a TerraformVariable', got: typeof variable, remedy: 'give one' });
  }
  if (variable.sensitive !== true) {
    throw new ValidationError(subject.where, {
      prop: subject.prop, problem: 'a variable whose value Terraform would print', got: variable.node.id, remedy: 'make the variable with sensitive: true',
    });
  }
}

/** Checks what GitLab has to know of a runner; a server that makes it checks more. */
export function checkGitLabOptions(where: IConstruct | string, options: GitLabRunnerOptions, prefix = ''): void {
  const of = (prop: string): Subject => ({ where, prop: `${prefix}${prop}` });
  checkType({ where, prop: prefix.replace(/\.$/, '') }, options, 'object');
  checkPattern(of('description'), options.description, /^[^\n\r\0]{1,1024}$/, 'at most 1024 characters on one line');
  checkList(of('tags'), options.tags, (subject, tag) => checkPattern(subject, tag, /^[\w./-]{1,255}$/, 'letters, digits, "-", "_", "." and "/"'));
  checkType(of('runUntagged'), options.runUntagged, 'boolean');
  checkInstance(of('runnerScope'), options.runnerScope, GitLabRunnerScope, 'make one with GitLabRunnerScope.group() or one of its siblings');
  checkType(of('locked'), options.locked, 'boolean');
  checkType(of('paused'), options.paused, 'boolean');
  checkOneOf(of('accessLevel'), options.accessLevel, Object.values(GitLabRunnerAccessLevel));
  checkInteger(of('maximumTimeoutSeconds'), options.maximumTimeoutSeconds, 600, 2 ** 31 - 1);
  if (options.runUntagged === false && known(options.tags ?? []) && !options.tags?.length) {
    throw new ValidationError(where, { prop: of('runUntagged').prop, problem: 'false without tags: the runner would never get a job', got: false, remedy: 'give tags' });
  }
}

/** Checks where caches are; `joined` tells that storage can be made. */
export function checkCache(where: IConstruct | string, cache: RunnerCache | undefined, joined: boolean): void {
  if (!known(cache) || cache._source.kind === 'none') {
    return;
  }
  const source = cache._source;
  const of = (name: string): Subject => ({ where, prop: `cache.${name}` });
  if (source.kind === 'new' && !joined) {
    throw new ValidationError(where, {
      prop: 'cache', problem: 'a chart cannot make a storage account', got: 'RunnerCache.azureBlob()', remedy: 'use KubernetesGitLabRunner or RunnerCache.existingAzureBlob()',
    });
  }
  checkType({ where, prop: 'cache' }, source.options, 'object');
  if (source.kind === 'existing') {
    checkGiven(of('storageAccountName'), source.options?.storageAccountName);
    checkGiven(of('containerName'), source.options?.containerName);
    checkPattern(of('storageAccountId'), source.options.storageAccountId,
      /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Storage\/storageAccounts\/[^/]+$/i, 'the ARM id of a storage account');
    checkPattern(of('storageDomain'), source.options.storageDomain, /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, 'a host such as "blob.core.windows.net"');
  } else {
    checkInteger(of('expirationDays'), source.options.expirationDays, 1, 3650);
  }
  checkPattern(of('storageAccountName'), source.options.storageAccountName, /^[a-z0-9]{3,24}$/, '3 to 24 lower-case letters and digits');
  checkPattern(of('containerName'), source.options.containerName, /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, '3 to 63 lower-case letters, digits and hyphens');
  checkType(of('shared'), source.options.shared, 'boolean');
}
