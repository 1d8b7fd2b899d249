import { AzureResource } from './resources';

/** What policies look at, as the provider sends it to Resource Manager; parts of resources have none, nor what only the apply knows. */
export const BODIES: { readonly [type: string]: { readonly apiVersion: string; readonly body: (given: Given) => object } } = {
  azurerm_resource_group: { apiVersion: '2021-04-01', body: () => ({}) },
  azurerm_public_ip: {
    apiVersion: '2023-11-01', body: ({ value }) => ({ sku: { name: value('sku') }, properties: { publicIPAllocationMethod: value('allocation_method') } }),
  },
  azurerm_nat_gateway: {
    apiVersion: '2023-11-01', body: ({ value, values }) => ({ sku: { name: value('sku_name') }, properties: { idleTimeoutInMinutes: values.idle_timeout_in_minutes } }),
  },
  azurerm_network_security_group: { apiVersion: '2023-11-01', body: () => ({ properties: {} }) },
  azurerm_private_dns_zone: { apiVersion: '2024-06-01', body: () => ({ location: 'global', properties: {} }) },
  azurerm_private_endpoint: {
    apiVersion: '2023-11-01',
    body: ({ values, blocks, id }) => ({
      properties: {
        subnet: { id: id(values.subnet_id) },
        privateLinkServiceConnections: blocks('private_service_connection').map(({ name, private_connection_resource_id: target, subresource_names: groupIds }) => (
          { name, properties: { privateLinkServiceId: id(target), groupIds } })),
      },
    }),
  },
  azurerm_user_assigned_identity: { apiVersion: '2023-01-31', body: () => ({}) },
  azurerm_log_analytics_workspace: {
    apiVersion: '2022-10-01',
    body: ({ values, value }) => ({
      properties: {
        sku: { name: value('sku') ?? 'PerGB2018' }, retentionInDays: values.retention_in_days,
        publicNetworkAccessForIngestion: values.internet_ingestion_enabled === false ? 'Disabled' : 'Enabled',
        publicNetworkAccessForQuery: values.internet_query_enabled === false ? 'Disabled' : 'Enabled',
      },
    }),
  },
  azurerm_network_interface: {
    apiVersion: '2023-11-01',
    body: ({ blocks, id }) => ({
      properties: {
        ipConfigurations: blocks('ip_configuration').map(({ name, subnet_id: subnet, public_ip_address_id: address }) => ({
          name, properties: { ...address ? { publicIPAddress: { id: id(address) } } : {}, subnet: { id: id(subnet) } },
        })),
      },
    }),
  },
  azurerm_virtual_network: {
    apiVersion: '2023-11-01',
    body: ({ values, blocks, id }) => ({
      properties: {
        addressSpace: { addressPrefixes: values.address_space },
        subnets: blocks('subnet').map(({ name, address_prefixes: addressPrefixes, security_group: group, ...subnet }) => ({
          name,
          properties: {
            addressPrefixes, defaultOutboundAccess: subnet.default_outbound_access_enabled,
            ...group ? { networkSecurityGroup: { id: id(group) } } : {},
          },
        })),
      },
    }),
  },
  azurerm_network_security_rule: {
    apiVersion: '2023-11-01',
    body: ({ values, value }) => ({
      properties: {
        access: value('access'), direction: value('direction'), protocol: value('protocol'), priority: values.priority,
        sourceAddressPrefix: value('source_address_prefix'), sourceAddressPrefixes: values.source_address_prefixes, sourcePortRange: value('source_port_range'),
        destinationAddressPrefix: value('destination_address_prefix'), destinationPortRange: value('destination_port_range'),
        destinationPortRanges: values.destination_port_ranges,
      },
    }),
  },
  azurerm_key_vault: {
    apiVersion: '2023-07-01',
    body: ({ value, values }) => ({
      properties: {
        sku: { family: 'A', name: value('sku_name') }, enableRbacAuthorization: values.rbac_authorization_enabled ?? false,
        enablePurgeProtection: values.purge_protection_enabled, enableSoftDelete: true, softDeleteRetentionInDays: values.soft_delete_retention_days,
        publicNetworkAccess: values.public_network_access_enabled === false ? 'Disabled' : 'Enabled',
      },
    }),
  },
  azurerm_storage_account: {
    apiVersion: '2023-05-01',
    body: ({ value, values }) => ({
      kind: value('account_kind') ?? 'StorageV2', sku: { name: `${value('account_tier')}_${value('account_replication_type')}` },
      properties: {
        publicNetworkAccess: values.public_network_access_enabled === false ? 'Disabled' : 'Enabled', allowSharedKeyAccess: values.shared_access_key_enabled ?? true,
        allowBlobPublicAccess: values.allow_nested_items_to_be_public ?? true, supportsHttpsTrafficOnly: values.https_traffic_only_enabled ?? true,
        minimumTlsVersion: value('min_tls_version') ?? 'TLS1_2',
      },
    }),
  },
  azurerm_managed_disk: {
    apiVersion: '2023-04-02',
    body: ({ value, values, id }) => ({
      sku: { name: value('storage_account_type') },
      properties: {
        ...set('diskEncryptionSetId', id(values.disk_encryption_set_id), (encryption) => ({ encryption })),
        diskSizeGB: values.disk_size_gb, networkAccessPolicy: value('network_access_policy') ?? 'AllowAll',
        publicNetworkAccess: values.public_network_access_enabled === false ? 'Disabled' : 'Enabled',
      },
    }),
  },
  azurerm_linux_virtual_machine: {
    apiVersion: '2024-07-01',
    body: ({ values, value, blocks, id }) => ({
      properties: {
        hardwareProfile: { vmSize: value('size') },
        securityProfile: { securityType: 'TrustedLaunch', encryptionAtHost: values.encryption_at_host_enabled ?? false },
        storageProfile: {
          imageReference: blocks('source_image_reference').map(({ publisher, offer, sku, version }) => ({ publisher, offer, sku, version }))[0],
          osDisk: {
            createOption: 'FromImage',
            managedDisk: {
              storageAccountType: blocks('os_disk')[0]?.storage_account_type,
              ...set('id', id(blocks('os_disk')[0]?.disk_encryption_set_id), (diskEncryptionSet) => ({ diskEncryptionSet })),
            },
          },
        },
      },
    }),
  },
  azurerm_kubernetes_cluster: {
    apiVersion: '2025-05-01',
    body: ({ values, value, blocks, id }) => ({
      sku: { name: 'Base', tier: value('sku_tier') },
      properties: {
        ...set('diskEncryptionSetID', id(values.disk_encryption_set_id)),
        kubernetesVersion: value('kubernetes_version'), enableRBAC: true, disableLocalAccounts: values.local_account_disabled ?? false,
        apiServerAccessProfile: {
          enablePrivateCluster: values.private_cluster_enabled ?? false, disableRunCommand: values.run_command_enabled === false,
          authorizedIPRanges: blocks('api_server_access_profile')[0]?.authorized_ip_ranges,
        },
        agentPoolProfiles: blocks('default_node_pool').map((pool) => ({ name: pool.name, mode: 'System', ...poolProperties(pool) })),
      },
    }),
  },
  azurerm_kubernetes_cluster_node_pool: { apiVersion: '2025-05-01', body: ({ values }) => ({ properties: poolProperties(values) }) },
  azurerm_postgresql_flexible_server: {
    apiVersion: '2024-08-01',
    body: ({ values, value }) => ({
      sku: { name: value('sku_name') },
      properties: {
        version: value('version'), network: { publicNetworkAccess: values.public_network_access_enabled === false ? 'Disabled' : 'Enabled' },
      },
    }),
  },
};

const poolProperties = ({ vm_size: vmSize, node_count: count, host_encryption_enabled: encrypted }: any) =>
  ({ vmSize, count, enableEncryptionAtHost: encrypted ?? false });

/** A property that only stands there if it has a value, since policies ask whether it exists. */
function set(name: string, value: string | undefined, around: (one: object) => object = (one) => one): object {
  return value === undefined ? {} : around({ [name]: value });
}

/** What a body is made of. */
interface Given {
  readonly values: any;
  /** An argument's value, where it is known. */
  readonly value: (argument: string) => string | undefined;
  readonly blocks: (argument: string) => readonly any[];
  /** The id that a reference stands for, as far as it can be told. */
  readonly id: (reference: unknown) => string | undefined;
}

/** A resource's content, for Azure to evaluate policies on. */
export function contentOf(resource: AzureResource, type: string, all: readonly AzureResource[]): object {
  const { values, known } = resource;
  const byAddress = (address: string) => all.find((other) => other.stack === resource.stack && other.address === address);
  const id = (reference: unknown) => (typeof reference === 'string'
    ? known.text(reference.replace(/\$\{(azurerm_\w+\.[\w-]+)\.id\}/g, (whole, other) => byAddress(other)?.id ?? whole)) : undefined);
  const name = resource.type === 'azurerm_network_security_rule' ? `${known.text(values.network_security_group_name)}/${resource.name}` : resource.name;
  const tags = typeof values.tags === 'object' && values.tags !== null
    ? Object.fromEntries(Object.entries(values.tags).map(([key, value]) => [key, known.text(value) ?? 'known-after-apply'])) : undefined;
  const blocks = (argument: string) => [values[argument] ?? []].flat();
  return {
    type, name, ...resource.location ? { location: resource.location } : {}, ...tags ? { tags } : {},
    ...BODIES[resource.type].body({ values, id, blocks, value: (argument) => known.text(values[argument]) }),
  };
}
