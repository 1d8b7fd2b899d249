import { isIP } from 'net';
import { Token } from 'cdktf';
import { reasonAgainstPattern } from './go-expressions';
import { reasonAgainstCapability } from '../../kubernetes/private/capabilities';
import { amount, reasonAgainstBytes, reasonAgainstCores } from '../../kubernetes/private/quantity';

/** What a setting may hold where it is no table. */
export interface SettingType {
  /** What stands for a reference. */
  readonly reference: (value: unknown) => unknown;
  readonly matches: (value: any) => boolean;
  /** What is wrong, where more is to be told of it than that the value does not match. */
  readonly problem?: (value: any) => string | undefined;
  readonly words: string;
  readonly plural: string;
}

const SHELLS = ['', 'bash', 'sh', 'pwsh'];
const HOSTNAME = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
/** Kubernetes leaves out a dot at the end, and takes one alone. */
const SEARCH = /^(?=.{1,254}$)(\.|[a-z0-9_]([-a-z0-9_]*[a-z0-9_])?(\.[a-z0-9_]([-a-z0-9_]*[a-z0-9_])?)*\.?)$/;
const SCHEDULES = /^(@(yearly|annually|monthly|weekly|daily|hourly)|\S+( +\S+){4})$/;

/** Go's `time.ParseDuration`; a number without a unit would be nanoseconds. */
const DURATION = /^(0|((\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h))+)$/;

/** The types of the settings' tables by their names there. Those of Kubernetes are as strict as its API, those of GitLab Runner as its program. */
export const SETTING_TYPES: { readonly [type: string]: SettingType } = {
  string: of(() => true, 'a string', 'strings'),
  cap: { matches: (value) => value === -1 || isCount(value), reference: Token.asNumber, words: 'a whole number, or -1 for no limit', plural: 'whole numbers' },
  port: { matches: (value) => isCount(value) && value > 0 && value < 65_536, reference: Token.asNumber, words: 'a port, 1 to 65535', plural: 'ports' },
  integer: { matches: isCount, reference: Token.asNumber, words: 'a whole number, 0 or more', plural: 'whole numbers' },
  boolean: { matches: (value) => typeof value === 'boolean', reference: Token.asAny, words: 'true or false', plural: 'booleans' },
  number: { matches: (value) => Number.isFinite(value) && value >= 0, reference: Token.asNumber, words: 'a number, 0 or more', plural: 'numbers' },
  duration: of((value) => DURATION.test(value), 'a duration such as "10m" or "1h30m"', 'durations'),
  pattern: { ...of(() => true, 'a Go regular expression (RE2)', 'patterns'), problem: reasonAgainstPattern },
  capability: { ...of(() => true, 'a capability such as "SYS_PTRACE"', 'capabilities such as "SYS_PTRACE"'), problem: reasonAgainstCapability },
  cores: { ...of(isQuantity, 'cores or thousandths of them such as "2" or "500m"', 'cores'), problem: reasonAgainstCores },
  bytes: { ...of(isQuantity, 'a quantity such as "500Mi" or "2Gi"', 'quantities'), problem: reasonAgainstBytes },
  name: of((value) => value === '' || HOSTNAME.test(value), 'a Kubernetes name such as "gitlab-runner"', 'Kubernetes names'),
  host: of((value) => HOSTNAME.test(value), 'a host name in lower case', 'host names in lower case'),
  search: of((value) => SEARCH.test(value), 'a domain in lower case such as "svc.cluster.local"', 'domains in lower case such as "svc.cluster.local"'),
  ip: of((value) => isIP(value) !== 0, 'an IP address', 'IP addresses'),
  id: of((value) => /^\d{1,10}$/.test(value), 'a number in quotes, such as "1000"', 'numbers in quotes, such as "1000"'),
  path: of((value) => value === '' || value.startsWith('/'), 'an absolute path', 'absolute paths'),
  url: of((value) => value === '' || /^https?:\/\/[^\s/]+/.test(value), 'an address such as "https://gitlab.example.com"', 'addresses'),
  schedule: of(isSchedule, 'a cron line of five fields such as "* 7-19 * * mon-fri"', 'cron lines of five fields such as "* 7-19 * * mon-fri"'),
  period: of(isPeriod, 'a cron line of five to seven fields such as "* * 9-17 * * mon-fri *"', 'cron lines of five to seven fields such as "* * 9-17 * * mon-fri *"'),
  zone: of(isTimeZone, 'a time zone such as "Asia/Seoul"', 'time zones'),
  pull: oneOf('always', 'if-not-present', 'never'),
  dns: oneOf('', 'none', 'default', 'cluster-first', 'cluster-first-with-host-net'),
  scheme: oneOf('', 'HTTP', 'HTTPS'),
  profile: oneOf('', 'RuntimeDefault', 'Localhost', 'Unconfined'),
  patch: oneOf('', 'strategic', 'merge', 'json'),
  procmount: of((value) => /^ *(default|unmasked)? *$/i.test(value), 'one of "default", "unmasked"', 'of "default", "unmasked"'),
  propagation: oneOf('None', 'HostToContainer', 'Bidirectional'),
  medium: of((value) => /^(Memory|HugePages(-\d+[KMG]i)?)?$/.test(value), '"Memory", or a kind of huge pages', 'media'),
  variable: of((value) => /^[^=\0]+=/.test(value), 'a variable as "NAME=value"', 'variables as "NAME=value"'),
  // Windows' are answered in other words, later on.
  flavor: of((value) => /^(alpine(3\.\d+|-latest|-edge)?|ubuntu|ubi-fips|concrete|(servercore|nanoserver).*)?$/.test(value), 'a flavor such as "alpine", "ubuntu" or "ubi-fips"', 'flavors'),
  shell: of((value) => SHELLS.includes(value), 'one of "bash", "sh", "pwsh"', 'shells'),
};

const UNIT_SECONDS: { readonly [unit: string]: number } = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

/** How long a duration is. */
export function seconds(duration: string): number {
  return [...duration.matchAll(/([\d.]+)([a-zµ]+)/g)].reduce((sum, [, count, unit]) => sum + Number(count) * UNIT_SECONDS[unit], 0);
}

function of(matches: (value: string) => boolean, words: string, plural: string): SettingType {
  return { matches: (value) => isText(value) && matches(value), reference: Token.asString, words, plural };
}

function oneOf(...allowed: readonly string[]): SettingType {
  const names = allowed.filter((one) => one !== '').map((one) => JSON.stringify(one)).join(', ');
  return of((value) => allowed.includes(value), `one of ${names}`, `of ${names}`);
}

/** Text that can be written: no half of a surrogate pair, no NUL. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && !/\p{Surrogate}|\0/u.test(value);
}

function isQuantity(value: string): boolean {
  return value === '' || amount(value) !== undefined;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isSchedule(value: string): boolean {
  return SCHEDULES.test(value) && isCron(value);
}

/** Of another program than schedules are: with seconds before the five fields, and a year behind them. */
function isPeriod(value: string): boolean {
  const fields = value.split(/\s+/).filter((field) => field !== '');
  // six fields have a year and no seconds; croner takes them the other way round.
  return fields.length < 5 ? isSchedule(value) : fields.length <= 7 && isCron((fields.length === 6 ? ['0', ...fields] : fields).join(' '));
}

function isCron(value: string): boolean {
  try {
    // loaded on use, as few programs have a schedule.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { Cron }: typeof import('croner') = require('croner');
    new Cron(value, { paused: true });
    return true;
  } catch {
    return false;
  }
}

function isTimeZone(value: string): boolean {
  if (['', 'Local'].includes(value)) {
    return true;
  }
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return !/^[+-]/.test(value);
  } catch {
    return false;
  }
}
