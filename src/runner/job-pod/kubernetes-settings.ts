import { refuseFlavorsNotBuilt } from './helper-flavors';
import { KUBERNETES_KEYS } from './kubernetes-keys';
import { isPodSpecField, refuseBrokenPatches } from './pod-patches';
import { refuseSettingsInVain } from './settings-in-vain';
import { POD_SECURITY_PROPS, SETTINGS_OF_PROPS } from './settings-of-props';
import { GitLabVersion } from '../../gitlab/gitlab-version';
import { image, jobImage } from '../../kubernetes/private/image-reference';
import { refuseWindowsHelper } from '../../kubernetes/private/linux-nodes';
import { isPlainObject, plainMap } from '../../private/rules/collections';
import { Rule } from '../../private/rules/rule';
import { known, Subject } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { inside } from '../config/plain-data';
import { OTHER_WAYS, RUNNER_KEYS } from '../config/runner-keys';
import { Settings } from '../config/settings';
import { refuseUnknownToRunner, SettingsTable, takeSettings } from '../config/settings-table';

const KUBERNETES: SettingsTable = {
  of: 'GitLab Runner\'s Kubernetes executor', keys: KUBERNETES_KEYS, open: ['affinity.'], decisions: ['namespace_per_job'], inPlaceOf,
  elsewhere: Object.fromEntries([...SETTINGS_OF_PROPS].map(([key, prop]) => [key, `use ${prop}`])),
};

const RESOURCES = 'use buildResources';
const ACCOUNT = 'use jobServiceAccount';
const VOLUMES = 'use volumes';
const DNS = 'use dns_config';

/** What other programs, other executors and other versions call what is here under another name. */
const IN_PLACE_OF: { readonly [key: string]: string } = {
  'env': 'use environment',
  'environment': 'use environment',
  ...Object.fromEntries(['resource_limits', 'resource_requests', 'resources', 'cpus', 'memory'].map((key) => [key, RESOURCES])),
  ...Object.fromEntries(['service_account_name', 'serviceAccountName', 'serviceAccount'].map((key) => [key, ACCOUNT])),
  ...Object.fromEntries(['pvc', 'host_path', 'empty_dir', 'config_map', 'secret', 'csi', 'nfs', 'shm_size'].map((key) => [key, VOLUMES])),
  ...Object.fromEntries(['dns', 'dns_search'].map((key) => [key, DNS])),
  'tolerations': 'use the prop tolerations',
  'security_context': 'use podSecurityContext',
  'securityContext': 'use podSecurityContext',
  'terminationGracePeriodSeconds': 'use podTerminationGracePeriodSeconds',
  'termination_grace_period_seconds': 'use podTerminationGracePeriodSeconds',
  'helper_image_pull_policy': 'use pullPolicies, which are the helper\'s too',
  'extra_hosts': 'use host_aliases',
  'gpus': 'use the prop gpus',
  'runtime': 'use runtime_class_name',
  'network_mode': 'use pod_spec, as { name: \'…\', patch: \'hostNetwork: true\' }',
  'services[].variables': 'use environment, as a list of "NAME=value"',
  'services[].image': 'give the image as name, and what jobs call it as alias',
  'services[].privileged': 'use service_container_security_context',
  'limit': 'use limit, which is of the runner',
  'executor': 'leave it out: it is always "kubernetes", and of the runner',
  'host_users': 'use RunnerImageBuilds.userNamespace(), or pod_spec with hostUsers',
};

/** A pod's own fields are patches' to set. */
function inPlaceOf(key: string): string | undefined {
  const field = key.replace(/_([a-z])/g, (_match, letter) => letter.toUpperCase());
  const misspelt = Object.hasOwn(KUBERNETES_KEYS, key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  const table = [IN_PLACE_OF, OTHER_WAYS].find((one) => Object.hasOwn(one, key));
  return table?.[key] ?? (Object.hasOwn(RUNNER_KEYS, key) ? 'use runnerSettings' : undefined) ?? (!misspelt && isPodSpecField(field) ? `use pod_spec, as { name: '…', patch: '${field}: …' }` : undefined);
}

/** Settings of `[runners.kubernetes]` that have no prop of their own: a copy without what is null. */
export function kubernetesSettings(): Rule<Settings> {
  const expected = 'settings by the names of config.toml';
  return {
    expected,
    take(subject, value) {
      const given = plainMap(subject, value, expected);
      refuseSettingsOfProps(subject, given);
      const settings = takeSettings(KUBERNETES, subject, given);
      takeImages(subject, settings);
      ['helper_image', 'helper_image_flavor'].forEach((key) => refuseWindowsHelper(inside(subject, `.${key}`), settings[key]));
      refuseBrokenPatches(inside(subject, '.pod_spec'), settings.pod_spec ?? []);
      refuseProfilesWithoutName(subject, settings);
      refuseBrokenHooks(inside(subject, '.container_lifecycle'), settings.container_lifecycle ?? {});
      refuseNamesWithoutServer(subject, settings);
      refuseIncompleteAliases(inside(subject, '.host_aliases'), settings.host_aliases ?? []);
      refuseSettingsInVain(subject, settings);
      return settings;
    },
  };
}

/** Refuses settings that the runner does not know yet, and what there is no more. */
export function refuseNewerSettings(subject: Subject, settings: Settings, version: GitLabVersion): void {
  refuseUnknownToRunner(KUBERNETES, subject, settings, version);
  refuseFlavorsNotBuilt(subject, settings, version);
}

/** Of what runs beside the job's own image; there are no variables in a pause pod's. */
function takeImages(subject: Subject, { helper_image: helper, services, autoscaler }: Settings): void {
  // empty is none to the runner, which writes config.toml itself like that.
  const take = (path: string, value: unknown, rule: Rule<string>) => value === undefined || value === '' || rule.take(inside(subject, path), value);
  take('.helper_image', helper, jobImage());
  (known(services) ? services as Settings[] : []).forEach(({ name }, index) => {
    const here = inside(subject, `.services[${index}].name`);
    if (name === undefined || name === '') {
      throw new ValidationError(here.where, { prop: here.prop, problem: 'missing, so that the runner would leave the service out', got: name, remedy: 'give its image' });
    }
    jobImage().take(here, name);
  });
  take('.autoscaler.pause_pod_image', known(autoscaler) ? autoscaler.pause_pod_image : undefined, image());
}

function refuseSettingsOfProps(subject: Subject, settings: Settings): void {
  for (const [key, value] of Object.entries(settings)) {
    const prop = SETTINGS_OF_PROPS.get(key);
    if (prop && value !== undefined && value !== null) {
      if (key === 'pod_security_context' && isPlainObject(value)) {
        refuseSettingsOfPodSecurity(inside(subject, `.${key}`), value);
      } else {
        throw ofProp(inside(subject, `.${key}`), value, prop);
      }
    }
  }
  if (settings.bearer_token !== undefined && settings.bearer_token !== null) {
    throw new ValidationError(subject.where, {
      prop: `${subject.prop}.bearer_token`, problem: 'a secret that would be stored in a ConfigMap and in the Terraform state', got: '(hidden)',
      remedy: 'leave it out: the manager has a token of its own',
    });
  }
}

/** SELinux, AppArmor and profiles on the node have no prop. */
function refuseSettingsOfPodSecurity(subject: Subject, context: Settings): void {
  for (const [key, value] of Object.entries(context)) {
    const prop = POD_SECURITY_PROPS.get(key);
    if (prop && value !== undefined && value !== null && !(key === 'seccomp_profile' && value.type === 'Localhost')) {
      throw ofProp(inside(subject, `.${key}`), value, `podSecurityContext.${prop}`);
    }
  }
}

function ofProp({ where, prop }: Subject, got: unknown, ofIt: string): ValidationError {
  return new ValidationError(where, { prop, problem: 'set by a prop of its own', got, remedy: `use ${ofIt}` });
}

/** The runner drops a profile of the node's without a name, and the job runs under none. */
function refuseProfilesWithoutName(subject: Subject, settings: Settings): void {
  for (const [key, context] of Object.entries(settings).filter(([name]) => name.endsWith('_security_context'))) {
    for (const name of ['seccomp_profile', 'app_armor_profile']) {
      const profile: Settings | undefined = context[name];
      if (profile?.type === 'Localhost' && !profile.localhost_profile) {
        throw new ValidationError(subject.where, {
          prop: `${subject.prop}.${key}.${name}.localhost_profile`, problem: 'missing, as the type is "Localhost"', got: profile.localhost_profile,
          remedy: 'give the profile\'s name on the node',
        });
      }
    }
  }
}

/** Kubernetes takes one handler for each hook. */
function refuseBrokenHooks(subject: Subject, hooks: Settings): void {
  for (const [hook, handlers] of Object.entries(hooks)) {
    const names = Object.keys(handlers);
    if (names.length !== 1) {
      throw new ValidationError(subject.where, {
        prop: `${subject.prop}.${hook}`, problem: 'not one handler, which Kubernetes wants', got: names, remedy: 'give one of exec, http_get and tcp_socket',
      });
    }
    const [name] = names;
    const needed = name === 'exec' ? 'command' : 'port';
    if (handlers[name][needed] === undefined) {
      throw new ValidationError(subject.where, { prop: `${subject.prop}.${hook}.${name}.${needed}`, problem: 'missing', remedy: 'give it' });
    }
  }
}

/** Without an address Kubernetes takes no pod, and without names an alias is none. */
function refuseIncompleteAliases(subject: Subject, aliases: readonly Settings[]): void {
  aliases.forEach(({ ip, hostnames }, index) => {
    const missing = ip === undefined ? 'ip' : hostnames === undefined || known(hostnames) && hostnames.length === 0 ? 'hostnames' : undefined;
    if (missing !== undefined) {
      throw new ValidationError(subject.where, {
        prop: `${subject.prop}[${index}].${missing}`, problem: 'missing', got: missing === 'ip' ? ip : hostnames, remedy: missing === 'ip' ? 'give an IP address' : 'give host names in lower case',
      });
    }
  });
}

const MOST_NAME_SERVERS = 3;

/** What Kubernetes refuses of names. */
function refuseNamesWithoutServer(subject: Subject, { dns_policy: policy, dns_config: dns = {} }: Settings): void {
  const servers: string[] | undefined = dns.nameservers;
  const here = inside(subject, '.dns_config.nameservers');
  if (policy === 'none' && (servers ?? []).length === 0) {
    throw new ValidationError(here.where, { prop: here.prop, problem: 'missing, as dns_policy is "none"', got: servers, remedy: 'give the addresses of the name servers' });
  }
  if (known(servers) && servers.length > MOST_NAME_SERVERS) {
    throw new ValidationError(here.where, { prop: here.prop, problem: 'more than Kubernetes takes', got: servers, remedy: `give at most ${MOST_NAME_SERVERS}` });
  }
  (dns.options ?? []).forEach(({ name }: Settings, index: number) => {
    if (!name) {
      const prop = inside(subject, `.dns_config.options[${index}].name`).prop;
      throw new ValidationError(subject.where, { prop, problem: 'missing', got: name, remedy: 'give an option such as "ndots"' });
    }
  });
}
