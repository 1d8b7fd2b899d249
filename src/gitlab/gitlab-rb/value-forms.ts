import { isIP, isIPv6 } from 'net';
import { ownedName } from './owned-keys';

/** What a service of GitLab's reads where its key takes text: another text stops the service, or is passed over without a word. */
export interface ValueForm {
  readonly fits: (value: unknown) => boolean;
  readonly problem: string;
  readonly remedy: string;
}

/** PostgreSQL's units, capitals included. The templates write values without quotes, so there is neither a space nor a fraction of a unit. */
const BYTES = written(/^-?(\d+(B|kB|MB|GB|TB)?|\d+\.\d+)$/, 'not an amount that PostgreSQL reads', 'give one such as "2GB": a whole number of B, kB, MB, GB or TB, without a space');
const TIME = written(/^-?(\d+(us|ms|s|min|h|d)?|\d+\.\d+)$/, 'not a time that PostgreSQL reads', 'give one such as "30s": a whole number of us, ms, s, min, h or d, without a space');
const SWITCH = written(/^(on|off|true|false|yes|no|1|0)$/i, 'not a switch of PostgreSQL\'s', 'give "on" or "off"');
/** An address alone would need its netmask in a column of its own. */
const CLIENTS = listed((text) => isRange(text) || /^\S+ +\S+$/.test(text) || isHost(text) || /^(all|samehost|samenet)$/.test(text),
  'not a range of addresses that PostgreSQL reads', 'give one such as "10.0.0.0/16", or "10.0.0.4/32" for one address');

const SIZE = written(/^\d+[kmg]?$/i, 'not a size that nginx reads', 'give one such as "250m": k, m or g, and no B');
const PERIOD = written(/^(\d+(ms|[smhdwMy])?)+( \d+(ms|[smhdwMy])?)?$/, 'not a time that nginx reads', 'give one such as "60s": ms, s, m, h, d, w, M or y');
const ON_OFF = words('nginx', 'on', 'off');
const NGINX_LEVEL = words('nginx', 'debug', 'info', 'notice', 'warn', 'error', 'crit', 'alert', 'emerg');
const LISTENERS = listed((text) => !isIPv6(text), 'an IPv6 address that nginx cannot tell from the port behind it', 'give it in brackets, such as "[::]"');
const PROXIES = listed((text) => isAddress(text) || isHost(text) || text.startsWith('unix:'), 'not an address that nginx reads', 'give one such as "10.0.0.4" or "10.0.0.0/16"');

/** Ruby's addresses: Rails leaves out what is none, or answers with an error where it reads one. */
const ADDRESSES = listed(isAddress, 'not an address that GitLab reads', 'give one such as "10.0.0.4" or "10.0.0.0/16"');
/** Go's ranges: an address alone is none. */
const RANGES = listed(isRange, 'not a range of addresses that GitLab Workhorse reads', 'give one such as "10.0.0.0/16", or "10.0.0.4/32" for one address');
/** Go's durations, in which a number alone has no unit. */
const DURATION = written(/^(0|((\d+(\.\d*)?|\.\d+)(ns|us|ms|s|m|h))+)$/, 'not a duration that GitLab\'s services in Go read', 'give one such as "1m30s": ms, s, m or h');
const MAIL = written(/^([^\s@<>]+@[^\s@<>]+|[^<>]*<[^\s@<>]+@[^\s@<>]+>)$/, 'not an address of mail', 'give one such as "gitlab@example.com"');
const HOST = written(/^[^\s/:]+$|^\[?[\da-f]*:[\da-f:.]*:[\da-f.]*\]?$/i, 'not a host name alone', 'give one such as "mail.example.com", with the port beside it');
const KEPT = written(/^(0|3[6-9]\d\d|[4-9]\d{3}|[1-9]\d{4,})$/, 'seconds, so that each backup would delete all earlier ones', 'give 0 to keep all, or seconds such as 604800 for a week');
const SCHEDULE: ValueForm = {
  fits: (value) => typeof value !== 'string' || isSchedule(value), problem: 'not a schedule that Sidekiq reads', remedy: 'give a cron line of five fields such as "0 3 * * 6"',
};

const ROTATED = written(/^\d+[kMG]?$/, 'not a size that logrotate reads', 'give one such as "200M": k, M or G, and no B');
const ROTATION: { readonly [key: string]: ValueForm } = {
  logrotate_compress: words('logrotate', 'compress', 'nocompress'),
  logrotate_frequency: words('logrotate', 'hourly', 'daily', 'weekly', 'monthly', 'yearly'),
  logrotate_maxsize: ROTATED,
  logrotate_size: ROTATED,
};

/** By sections and their keys. Those of `nginx` hold for each section of nginx's settings, those of rotation for each service that has logs. */
const VALUE_FORMS: { readonly [section: string]: { readonly [key: string]: ValueForm } } = {
  postgresql: {
    ...ofAll(BYTES, 'effective_cache_size', 'log_rotation_size', 'log_temp_files', 'maintenance_work_mem', 'max_slot_wal_keep_size', 'max_wal_size', 'min_wal_size',
      'shared_buffers', 'track_activity_query_size', 'wal_buffers', 'wal_keep_size', 'work_mem'),
    ...ofAll(TIME, 'archive_timeout', 'autovacuum_naptime', 'autovacuum_vacuum_cost_delay', 'checkpoint_timeout', 'checkpoint_warning', 'deadlock_timeout',
      'idle_in_transaction_session_timeout', 'log_autovacuum_min_duration', 'log_min_duration_statement', 'log_rotation_age', 'max_standby_archive_delay',
      'max_standby_streaming_delay', 'statement_timeout'),
    ...ofAll(SWITCH, 'autovacuum', 'hot_standby', 'hot_standby_feedback', 'log_checkpoints', 'log_disconnections', 'log_lock_waits', 'logging_collector', 'ssl',
      'track_io_timing', 'wal_log_hints'),
    ...ofAll(CLIENTS, 'md5_auth_cidr_addresses', 'trust_auth_cidr_addresses'),
    log_statement: words('PostgreSQL', 'none', 'ddl', 'mod', 'all'),
    wal_level: words('PostgreSQL', 'minimal', 'replica', 'logical', 'archive', 'hot_standby'),
  },
  nginx: {
    ...ofAll(SIZE, 'cache_max_size', 'client_max_body_size', 'proxy_custom_buffer_size'),
    ...ofAll(PERIOD, 'keepalive_time', 'keepalive_timeout', 'proxy_connect_timeout', 'proxy_read_timeout', 'ssl_session_timeout'),
    ...ofAll(ON_OFF, 'real_ip_recursive', 'sendfile', 'ssl_prefer_server_ciphers', 'ssl_session_tickets', 'tcp_nodelay', 'tcp_nopush'),
    error_log_level: NGINX_LEVEL,
    gzip_comp_level: written(/^[1-9]$/, 'not a level that nginx reads', 'give 1 to 9'),
    listen_addresses: LISTENERS,
    real_ip_trusted_addresses: PROXIES,
    ssl_protocols: written(/^(TLSv1(\.[123])?|SSLv[23])( +(TLSv1(\.[123])?|SSLv[23]))*$/, 'not versions that nginx reads', 'give some such as "TLSv1.2 TLSv1.3", with spaces between'),
    ssl_verify_client: words('nginx', 'on', 'off', 'optional', 'optional_no_ca'),
    worker_processes: written(/^(\d+|auto)$/, 'not a number of processes that nginx reads', 'give a number or "auto"'),
  },
  gitlab_rails: {
    ...ofAll(ADDRESSES, 'monitoring_whitelist', 'rack_attack_git_basic_auth.ip_whitelist', 'trusted_proxies'),
    ...ofAll(MAIL, 'gitlab_email_from', 'gitlab_email_reply_to'),
    ...ofAll(HOST, 'incoming_email_host', 'redis_host', 'service_desk_email_host', 'smtp_address'),
    backup_keep_time: KEPT,
  },
  gitlab_workhorse: {
    ...ofAll(RANGES, 'trusted_cidrs_for_propagation', 'trusted_cidrs_for_x_forwarded_for'),
    ...ofAll(DURATION, 'api_ci_long_polling_duration', 'api_queue_duration', 'proxy_headers_timeout', 'shutdown_timeout'),
  },
  gitaly: {
    ...ofAll(DURATION, 'configuration.daily_maintenance.duration', 'configuration.graceful_restart_timeout', 'configuration.pack_objects_cache.max_age'),
    'configuration.daily_maintenance.start_hour': written(/^(1?\d|2[0-3])$/, 'not an hour that Gitaly takes', 'give 0 to 23'),
    'configuration.daily_maintenance.start_minute': written(/^[1-5]?\d$/, 'not a minute that Gitaly takes', 'give 0 to 59'),
  },
  redis: {
    maxmemory: written(/^\d+([kmg]b?|b)?$/i, 'not an amount that Redis reads', 'give one such as "2gb": b, kb, mb or gb, without a space'),
    maxmemory_policy: words('Redis', 'noeviction', ...['allkeys', 'volatile'].flatMap((which) => ['lru', 'lfu', 'random'].map((how) => `${which}-${how}`)), 'volatile-ttl'),
  },
  registry: { log_formatter: words('the registry', 'text', 'json', 'logstash'), log_level: words('the registry', 'debug', 'info', 'warn', 'error') },
};

/** The form of a key's values, if they have one, whichever spelling of nginx's sections it was given in. */
export function formOf(path: readonly string[]): ValueForm | undefined {
  const [section, ...rest] = ownedName(path).split('.');
  const key = rest.join('.');
  const isNginx = section === 'nginx' || section.endsWith('_nginx');
  return own(own(VALUE_FORMS, isNginx ? 'nginx' : section), key) ?? own(ROTATION, key) ?? (section === 'gitlab_rails' && /_cron(_worker)?$/.test(key) ? SCHEDULE : undefined);
}

function own<T>(map: { readonly [name: string]: T } | undefined, name: string): T | undefined {
  return map && Object.hasOwn(map, name) ? map[name] : undefined;
}

function ofAll(form: ValueForm, ...keys: readonly string[]): { [key: string]: ValueForm } {
  return Object.fromEntries(keys.map((key) => [key, form]));
}

/** Of text and numbers alone: whether others are taken is said of the key's kind. */
function written(pattern: RegExp, problem: string, remedy: string): ValueForm {
  return { fits: (value) => !['string', 'number'].includes(typeof value) || pattern.test(String(value)), problem, remedy };
}

function words(service: string, ...allowed: readonly string[]): ValueForm {
  return {
    fits: (value) => typeof value !== 'string' || allowed.includes(value),
    problem: `not a word that ${service} reads here`, remedy: `give one of ${allowed.map((word) => `"${word}"`).join(', ')}`,
  };
}

function listed(fits: (text: string) => boolean, problem: string, remedy: string): ValueForm {
  return { fits: (value) => typeof value !== 'string' || fits(value), problem, remedy };
}

function isRange(text: string): boolean {
  const [address, bits, ...rest] = text.split('/');
  const family = isIP(address);
  return family !== 0 && rest.length === 0 && /^\d{1,3}$/.test(bits ?? '') && Number(bits) <= (family === 4 ? 32 : 128);
}

/** A netmask in place of a length is one too. */
function isAddress(text: string): boolean {
  const [address, mask, ...rest] = text.split('/');
  return isRange(text) || (isIP(address) !== 0 && rest.length === 0 && (mask === undefined || isIP(mask) === isIP(address)));
}

/** What consists of numbers and dots alone is an address that is wrong. */
function isHost(text: string): boolean {
  return /^\.?[a-z0-9]([\w.-]*[a-z0-9])?$/i.test(text) && !/^[\d.]+$/.test(text);
}

const LARGEST = [59, 24, 31, 12, 7];

/** Sidekiq's reader knows words, seconds and time zones as well, which are not judged, and neither are names of days and months. */
function isSchedule(text: string): boolean {
  const fields = text.trim().split(/\s+/);
  if (fields.length === 1 ? text.trim().startsWith('@') : fields[0] === 'every') {
    return true;
  }
  return fields.length === 5
    ? fields.every((field, index) => /^[\w*,/#-]+$/.test(field) && numbers(field).every((number) => number <= LARGEST[index]))
    : fields.length > 5 && fields.length < 8;
}

/** Steps may be larger than what they step through. */
function numbers(field: string): number[] {
  return field.split(',').flatMap((part) => part.replace(/[/#].*$/, '').match(/\d+/g) ?? []).map(Number);
}
