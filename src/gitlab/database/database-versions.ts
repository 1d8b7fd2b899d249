import { Construct } from 'constructs';
import { ValidationError } from '../../private/validation-error';
import { Finding } from '../gitlab-rb/omnibus-judgement';
import { OmnibusSettings } from '../gitlab-rb/omnibus-settings';
import { valueAt, wrongValue } from '../gitlab-rb/settings-reading';
import { GitLabVersion } from '../gitlab-version';

/**
 * The major versions of PostgreSQL whose clients are in GitLab's packages, from each minor version on. The package's own script dumps the database
 * before an upgrade, and a client refuses a server that is newer than itself; an older server GitLab itself refuses.
 *
 * @see https://docs.gitlab.com/administration/package_information/postgresql_versions/
 */
const CLIENTS: readonly (readonly [from: string, versions: readonly number[]])[] = [
  ['19.3', [17, 18]], ['19.0', [17]], ['18.9', [16, 17]], ['18.0', [16]],
];

/** Those of packages that are too old for a database outside of the server. */
const EARLIER: typeof CLIENTS = [['17.4', [14, 16]], ['17.0', [14]]];

/** The same for the scripts, which judge each step of an upgrade. */
export const CLIENTS_TABLE = CLIENTS.map(([from, versions]) => `${from}:${versions.join(',')}`).join(' ');

/** Refuses a server that GitLab does not work with, before it exists. */
export function checkPostgresqlFits(scope: Construct, postgresqlVersion: number, version: GitLabVersion): void {
  const [, fitting] = CLIENTS.find(([from]) => version._reaches(from)) ?? [];
  if (fitting === undefined) {
    throw new ValidationError(scope, {
      prop: 'database', problem: 'a database outside of the server needs GitLab 18 or later', got: version.version, remedy: 'set version to GitLabVersion.V19_4, or leave it out',
    });
  }
  if (!fitting.includes(postgresqlVersion)) {
    throw new ValidationError(scope, {
      prop: 'database.postgresqlVersion', problem: `GitLab ${version.version} works with PostgreSQL ${fitting.join(' and ')}`, got: postgresqlVersion,
      remedy: `give postgresqlVersion ${fitting[fitting.length - 1]}`,
    });
  }
}

/** Finds a version of the embedded database that the package does not have: it would take another one without a word. */
export function judgePostgresqlVersion(settings: OmnibusSettings, version: GitLabVersion): Finding[] {
  const wanted = valueAt(settings, 'postgresql', 'version');
  const [, packed = []] = [...CLIENTS, ...EARLIER].find(([from]) => version._reaches(from)) ?? [];
  return wanted === undefined || packed.length === 0 || packed.includes(Number(wanted)) ? [] : [
    wrongValue(['postgresql', 'version'], `the package of GitLab ${version.version} has ${packed.join(' and ')} alone`, wanted, `leave it out, or give ${packed[packed.length - 1]}`),
  ];
}
