import { also, OtherNames, Rule } from '../../private/rules/rule';
import { text } from '../../private/rules/scalars';
import { known, refusal, Subject } from '../../private/rules/subject';

// one part of a constraint, and one version of it, as Helm reads them.
const PART = /^(=|!=|>=|=>|<=|=<|>|<|~>|~|\^)?v?(\d+|[xX*])(\.(\d+|[xX*])){0,2}(-[\w.-]+)?(\+[\w.-]+)?$/;
const ALWAYS = 'leave it out: it is always so';
const PATCH = 'leave it out, or override the resource: docs/escape-hatches.md';

/** What to do in place of names that the helm command and Terraform's provider have. */
export const OTHER_NAMES_OF_HELM_RELEASE: OtherNames = {
  name: 'write releaseName',
  chartVersion: 'write version',
  repo: 'write repository',
  chartName: 'write chart',
  set: 'write values',
  valueFiles: 'write values',
  valuesFile: 'write values',
  valuesFiles: 'write values',
  setSensitive: 'write sensitiveValues',
  dependsOn: 'call waitFor() of the release',
  maxHistory: 'leave it out: it is 10',
  chartAsset: 'write chart and repository: charts in folders are not supported',
  devel: 'write version, such as ">0.0.0-0"',
  ...Object.fromEntries(['createNamespace', 'wait', 'waitForJobs', 'atomic', 'cleanupOnFail'].map((name) => [name, ALWAYS])),
  ...Object.fromEntries(['repositoryUsername', 'repositoryPassword', 'dependencyUpdate', 'skipCrds', 'replace', 'verify'].map((name) => [name, PATCH])),
};

/**
 * The version of a chart, or a range of versions.
 * @see https://github.com/Masterminds/semver#checking-version-constraints
 */
export function chartVersion(): Rule<string> {
  return also(text('a version such as "0.86.0"', /^\S[^]*$/), (subject, version) => {
    const parts = version.split('||').flatMap((range) => range.replace(/([=<>!~^])\s+/g, '$1').replace(/\s-\s+(?=\S)/, ' ').split(/[\s,]+/).filter((part) => part !== ''));
    if (parts.length === 0 || !parts.every((part) => PART.test(part))) {
      throw refusal(subject, 'neither a version nor a range of versions', version, 'give one such as "0.86.0" or "~0.86", or leave it out for the latest');
    }
  });
}

/** A chart's name in its repository. */
export function chartName(): Rule<string> {
  const rule = text('the chart\'s name in the repository, such as "gitlab-runner"', /^[A-Za-z0-9][\w.\-/]*$/);
  return {
    expected: rule.expected,
    take(subject, value) {
      const [, repository, name] = /^(oci:\/\/.+)\/([\w.-]+)/.exec(String(value)) ?? [];
      if (repository !== undefined && known(value)) {
        throw refusal(subject, 'an address, and not a chart\'s name', value, `write chart: "${name}" and repository: "${repository}"`);
      }
      return rule.take(subject, value);
    },
  };
}

/** Where charts are. */
export function chartRepository(): Rule<string> {
  return also(text('a repository\'s address, "https://…" or "oci://…"', /^(https?|oci):\/\/((?![$%]\{)\S)+$/), (subject, address) => {
    if (/^\w+:\/\/[^/]*@/.test(address)) {
      throw refusal(subject, 'holds a user or a password, which would be in the state', '(hidden)', 'leave it out, and override repository_password of the resource with a sensitive variable: docs/escape-hatches.md');
    }
    if (/^oci:\/\/[^/]+\/.*[:@]/.test(address)) {
      throw refusal(subject, 'has a tag or a digest', address, 'leave it out here, and give the tag as version');
    }
    if (address.endsWith('/index.yaml')) {
      throw refusal(subject, 'the index of a repository, which Helm looks for by itself', address, 'leave out "/index.yaml"');
    }
  });
}

/** Refuses a chart by the name that a repository has on somebody's machine. */
export function refuseLocalNames(at: (prop: 'chart') => Subject, { chart, repository }: { readonly chart: string; readonly repository: string }): void {
  if (known(repository) && known(chart) && !repository.startsWith('oci:') && chart.includes('/')) {
    throw refusal(at('chart'), 'more than a chart\'s name', chart, `write "${chart.split('/').pop()}": the repository is given by its address`);
  }
}
