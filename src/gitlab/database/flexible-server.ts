import { PostgresqlFlexibleServer } from '@cdktf/provider-azurerm/lib/postgresql-flexible-server';
import { PostgresqlFlexibleServerActiveDirectoryAdministrator } from '@cdktf/provider-azurerm/lib/postgresql-flexible-server-active-directory-administrator';
import { PostgresqlFlexibleServerConfiguration } from '@cdktf/provider-azurerm/lib/postgresql-flexible-server-configuration';
import { PrivateEndpoint } from '@cdktf/provider-azurerm/lib/private-endpoint';
import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { AzureDatabase } from './database-choice';
import { KeyUser } from '../../azure/access/key-user';
import { partName } from '../../azure/names/part-names';
import { Placement } from '../../azure/place/placement';
import { needResourceProvider } from '../../azure/provider/resource-providers';
import { requireTerraform } from '../../private/required-terraform';

/** What GitLab's database needs and gitlab's role may not make, in the words of Azure's allow list. */
const EXTENSIONS = 'AMCHECK,BTREE_GIST,PG_TRGM';

export interface FlexibleServerProps {
  readonly placement: Placement;
  readonly serverName: string;
  readonly database: AzureDatabase;
  readonly tenantId: string;
  /** The identity that administers the server. */
  readonly administrator: { readonly principalId: string; readonly name: string };
  /** Where the endpoint gets its address, once the machine has its own. */
  readonly subnetId: string;
  readonly after: ITerraformDependable;
  readonly preventDestroy: boolean;
  /** Who encrypts with a key of the user's. */
  readonly keyUser?: KeyUser;
}

/** A database server that nobody reaches but by its private endpoint. */
export class FlexibleServer extends Construct {
  public readonly serverId: string;
  /** The endpoint's address. */
  public readonly ipAddress: string;
  /** What has to be applied before the server can be used. */
  public readonly usable: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: FlexibleServerProps) {
    super(scope, id);
    // earlier ones refuse arguments that are only written.
    requireTerraform(this, '>= 1.11');
    needResourceProvider(this, 'Microsoft.DBforPostgreSQL');
    const server = this.createServer(props);
    const administrator = new PostgresqlFlexibleServerActiveDirectoryAdministrator(this, 'Administrator', {
      serverName: server.name,
      resourceGroupName: props.placement.resourceGroupName,
      tenantId: props.tenantId,
      objectId: props.administrator.principalId,
      principalName: props.administrator.name,
      principalType: 'ServicePrincipal',
    });
    const extensions = new PostgresqlFlexibleServerConfiguration(this, 'Extensions', { serverId: server.id, name: 'azure.extensions', value: EXTENSIONS });
    const endpoint = new PrivateEndpoint(this, 'Endpoint', {
      ...props.placement,
      name: partName(scope, 'privateEndpoint', `${props.serverName}-pep`, 'database'),
      subnetId: props.subnetId,
      privateServiceConnection: {
        name: props.serverName, isManualConnection: false, privateConnectionResourceId: server.id, subresourceNames: ['postgresqlServer'],
      },
      // else it could take the address that the machine is to have.
      dependsOn: [props.after],
      // the machine knows the address without a zone; a landing zone's policy may put the name into one.
      lifecycle: { ignoreChanges: ['private_dns_zone_group'] },
    });
    this.serverId = server.id;
    this.ipAddress = endpoint.privateServiceConnection.privateIpAddress;
    this.usable = [administrator, extensions, endpoint];
  }

  private createServer({ placement, serverName, database, tenantId, preventDestroy, keyUser }: FlexibleServerProps): PostgresqlFlexibleServer {
    const { highAvailability } = database;
    return new PostgresqlFlexibleServer(this, 'Resource', {
      ...placement,
      name: serverName,
      version: String(database.postgresqlVersion),
      skuName: database.skuName,
      storageMb: database.storageSizeGb * 1024,
      backupRetentionDays: database.backupRetentionDays,
      geoRedundantBackupEnabled: database.geoRedundantBackupEnabled,
      publicNetworkAccessEnabled: false,
      authentication: { activeDirectoryAuthEnabled: true, passwordAuthEnabled: true, tenantId },
      // Azure demands one. It is only written: another value in each plan, and in no state. Nobody needs to know it.
      administratorLogin: 'gitlabadmin',
      administratorPasswordWo: '${sha256(uuid())}Aa1',
      administratorPasswordWoVersion: 1,
      highAvailability: highAvailability && { mode: highAvailability },
      // a server has a key from the first day or never: a plan that changes that is refused.
      identity: keyUser && { type: 'UserAssigned', identityIds: [keyUser.identityId] },
      customerManagedKey: keyUser && { keyVaultKeyId: keyUser.keyUrl, primaryUserAssignedIdentityId: keyUser.identityId },
      dependsOn: keyUser?.ready,
      lifecycle: {
        preventDestroy,
        // Terraform does not guard what left the program. By this it destroys the server last, and the machine, which then looks for its database in
        // vain, stops the apply before that.
        createBeforeDestroy: preventDestroy,
        // Azure chooses, and a failover swaps them. A server that was restored to a point in time names its source.
        ignoreChanges: ['zone', 'create_mode', 'source_server_id', ...highAvailability ? ['high_availability[0].standby_availability_zone'] : []],
      },
    });
  }
}
