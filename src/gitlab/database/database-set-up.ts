import { ExternalDatabase } from './database-choice';
import { CLIENTS_TABLE } from './database-versions';
import { secretFilePath } from '../set-up/secret-file';
import { SetUpPart, StepParameters } from '../set-up/set-up-part';

/** The certificates that Ubuntu trusts, which vouch for Azure's servers. */
const SYSTEM_AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt';
/** Where the scripts put the password of a role that they make, and an authority of the user's. */
const PASSWORD_FILE = '/etc/gitlab/database-password';
const AUTHORITY_FILE = '/etc/gitlab/database-authority.crt';

const ROLE = 'gitlab';
const DATABASE = 'gitlabhq_production';

interface Connection {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly databaseName: string;
  readonly postgresqlVersion: number;
}

export interface ManagedDatabase {
  readonly host: string;
  /** The address behind the name, which no zone has to know. */
  readonly ipAddress: string;
  readonly postgresqlVersion: number;
  /** The name of the identity that administers the server. */
  readonly administrator: string;
  /** Whom the identity's token is for. */
  readonly tokenAudience: string;
  /** The vault that the role's password is put into. */
  readonly serverVaultName: string;
}

/** A server whose role, database and extensions the scripts make. */
export function managedDatabaseSetUp(managed: ManagedDatabase): SetUpPart {
  const { host, ipAddress, postgresqlVersion, administrator, tokenAudience, serverVaultName } = managed;
  const connection = { host, port: 5432, username: ROLE, databaseName: DATABASE, postgresqlVersion };
  const part = setUp(connection, PASSWORD_FILE, SYSTEM_AUTHORITIES, {
    DATABASE_ADDRESS: ipAddress, DATABASE_ADMINISTRATOR: administrator, DATABASE_AUDIENCE: tokenAudience, SERVER_VAULT: serverVaultName,
  });
  const password = `gitlab_rails["db_password"] = File.read("${PASSWORD_FILE}", encoding: "UTF-8").chomp`;
  return { ...part, gitlabRb: { ...part.gitlabRb, lines: () => [password] } };
}

/** A server that somebody else takes care of. */
export function externalDatabaseSetUp({ password, caCertificate, ...database }: ExternalDatabase): SetUpPart {
  const authorities = caCertificate === undefined ? SYSTEM_AUTHORITIES : AUTHORITY_FILE;
  const part = setUp(database, secretFilePath(password), authorities, { DATABASE_AUTHORITY_PEM: caCertificate });
  return { ...part, gitlabRb: { fixed: { ...part.gitlabRb.fixed, gitlab_rails: { ...part.gitlabRb.fixed.gitlab_rails, db_password: password } } } };
}

function setUp(connection: Connection, passwordFile: string, authorities: string, more: StepParameters) {
  const { host, port, username, databaseName, postgresqlVersion } = connection;
  return {
    gitlabRb: {
      fixed: {
        // clients are linked by this version; the package would ask data that may be on the disk from before.
        postgresql: { enable: false, version: postgresqlVersion },
        gitlab_rails: {
          db_host: host, db_port: port, db_username: username, db_database: databaseName,
          db_sslmode: 'verify-full', db_sslrootcert: authorities,
        },
      },
    },
    everyStep: {
      DATABASE_HOST: host, DATABASE_PORT: String(port), DATABASE_USER: username, DATABASE_NAME: databaseName, DATABASE_PASSWORD_FILE: passwordFile,
      DATABASE_AUTHORITIES: authorities,
    },
    inSteps: { gitlab: { scripts: ['database-clients.sh'], parameters: { DATABASE_CLIENTS: CLIENTS_TABLE } } },
    everyStepScripts: ['external-database.sh'],
    onFurtherMachines: { scripts: ['database-server.sh', 'node-database.sh'], parameters: more },
    // before GitLab is configured; the step that installs its client calls the script once more.
    stepsBeforeGitlab: () => [{ name: 'database', scripts: ['hosts.sh', 'database-server.sh', 'move-database.sh'], parameters: { DATABASE_VERSION: String(postgresqlVersion), ...more } }],
  } satisfies SetUpPart;
}
