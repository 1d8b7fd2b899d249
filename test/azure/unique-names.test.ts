import { NetworkSecurityGroup } from '@cdktf/provider-azurerm/lib/network-security-group';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { StorageContainer } from '@cdktf/provider-azurerm/lib/storage-container';
import { TerraformIterator, TerraformStack, TerraformVariable, Token } from 'cdktf';
import { Construct } from 'constructs';
import { AksCluster, AksClusterProps, AzureProvider, AzureResourceGroup, SelfHostedGitLab, SelfHostedGitLabProps, WorkloadIdentity } from '../../src';
import { mistakes, newStack, testApp } from '../synth';

const location = 'koreacentral';

const server = (scope: Construct, id: string, props: Partial<SelfHostedGitLabProps> = {}) => new SelfHostedGitLab(scope, id, { location, ...props });
const cluster = (scope: Construct, id: string, props: Partial<AksClusterProps> = {}) => new AksCluster(scope, id, { location, ...props });

/** A mistake or none in one stack that `fill` makes. */
const made = (fill: (stack: TerraformStack) => void): string[] => {
  const stack = newStack();
  fill(stack);
  return mistakes(stack);
};

describe('is refused', () => {
  test.each<[string, (stack: TerraformStack) => void, string]>([
    ['a second server in a group, in other letters', (stack) => {
      server(stack, 'One', { resourceGroup: AzureResourceGroup.existing('shared') });
      server(stack, 'Two', { resourceGroup: AzureResourceGroup.existing('Shared') });
    }, 'virtualMachineName: taken by Test/One in the same resource group, got "gitlab-vm"; give each a name of its own (at Test/Two)'],
    ['a second server in the group of a cluster, which one names and the other refers to', (stack) => {
      const { resourceGroupName } = cluster(stack, 'Cluster');
      server(stack, 'One', { resourceGroup: AzureResourceGroup.existing(resourceGroupName) });
      server(stack, 'Two', { resourceGroup: AzureResourceGroup.existing('test-cluster-rg') });
    }, 'virtualMachineName: taken by Test/One in the same resource group, got "gitlab-vm"; give each a name of its own (at Test/Two)'],
    ['a second server in a group that only the apply knows', (stack) => {
      const group = new TerraformVariable(stack, 'group', {});
      server(stack, 'One', { resourceGroup: AzureResourceGroup.existing(group.stringValue) });
      server(stack, 'Two', { resourceGroup: AzureResourceGroup.existing(group.stringValue) });
    }, 'virtualMachineName: taken by Test/One in the same resource group, got "gitlab-vm"; give each a name of its own (at Test/Two)'],
    ['a network of a server beside that of a cluster', (stack) => {
      cluster(stack, 'Cluster', { resourceGroup: AzureResourceGroup.existing('shared'), clusterName: 'ci' });
      server(stack, 'GitLab', { resourceGroup: AzureResourceGroup.existing('shared'), virtualMachineName: 'CI' });
    }, 'virtualMachineName: the virtual network\'s name is taken by Test/Cluster in the same resource group, got "CI-vnet"; give each a name of its own '
      + '(at Test/GitLab)'],
    ['a network security group of the user\'s beside that of a cluster', (stack) => {
      new NetworkSecurityGroup(stack, 'Mine', { name: 'CI-nsg', location, resourceGroupName: 'shared' });
      cluster(stack, 'Cluster', { resourceGroup: AzureResourceGroup.existing('shared'), clusterName: 'ci' });
    }, 'clusterName: the network security group\'s name is taken by Test/Mine in the same resource group, got "ci-nsg"; give each a name of its own '
      + '(at Test/Cluster)'],
    ['two paths that differ in case alone', (stack) => {
      cluster(stack, 'Cluster');
      cluster(stack, 'cluster');
    }, 'resourceGroup: taken by Test/Cluster in the same subscription, got "test-cluster-rg"; give each a name of its own (at Test/cluster)'],
    ['a group that the user makes too', (stack) => {
      new ResourceGroup(stack, 'Mine', { name: 'Shared', location });
      cluster(stack, 'Cluster', { resourceGroup: AzureResourceGroup.create('shared') });
    }, 'resourceGroup: taken by Test/Mine in the same subscription, got "shared"; give each a name of its own (at Test/Cluster)'],
    ['a vault of two servers', (stack) => {
      server(stack, 'One', { serverKeyVaultName: 'vault-of-ours' });
      server(stack, 'Two', { runnerKeyVaultName: 'Vault-of-Ours' });
    }, 'runnerKeyVaultName: taken by Test/One in all of Azure, got "Vault-of-Ours"; give each a name of its own (at Test/Two)'],
    ['a storage account of two servers', (stack) => {
      server(stack, 'One', { backup: { storageAccountName: 'ours' } });
      server(stack, 'Two', { objectStorage: { storageAccountName: 'ours' } });
    }, 'objectStorage.storageAccountName: taken by Test/One in all of Azure, got "ours"; give each a name of its own (at Test/Two)'],
    ['a DNS label of two servers in one region', (stack) => {
      server(stack, 'One', { dnsLabel: 'ours' });
      server(stack, 'Two', { dnsLabel: 'ours' });
    }, 'dnsLabel: taken by Test/One in the same region, got "ours"; give each a name of its own (at Test/Two)'],
    ['a group of snapshots of two servers', (stack) => {
      server(stack, 'One', { dataDiskBackup: { resourceGroupName: 'snapshots' } });
      server(stack, 'Two', { dataDiskBackup: { resourceGroupName: 'snapshots' } });
    }, 'dataDiskBackup.resourceGroupName: taken by Test/One in the same subscription, got "snapshots"; give each a name of its own (at Test/Two)'],
    ['a node pool of one cluster', (stack) => {
      const ci = cluster(stack, 'Cluster');
      ci.addNodePool('Build', { nodePoolName: 'jobs' });
    }, 'nodePoolName: taken by Test/Cluster/Jobs in the same cluster, got "jobs"; give each a name of its own (at Test/Cluster/Build)'],
    ['a node pool of one cluster that was imported twice', (stack) => {
      for (const id of ['One', 'Two']) {
        AksCluster.fromAksClusterAttributes(stack, id, { clusterName: 'ci', resourceGroupName: 'ci-rg' }).addNodePool('Gpu');
      }
    }, 'nodePoolName: taken by Test/One/Gpu in the same cluster, got "gpu"; give each a name of its own (at Test/Two/Gpu)'],
    ['an identity', (stack) => {
      const ci = cluster(stack, 'Cluster');
      ['One', 'Two'].forEach((id) => new WorkloadIdentity(stack, id, ci, { namespace: 'n', serviceAccountName: id.toLowerCase(), identityName: 'jobs' }));
    }, 'identityName: taken by Test/One in the same resource group, got "jobs"; give each a name of its own (at Test/Two)'],
  ])('%s', (_, fill, mistake) => {
    expect(made(fill)).toEqual([mistake]);
  });

  test.each<[string, (app: TerraformStack[]) => void, string[]]>([
    ['a group of two stacks that name no subscription', ([one, two]) => {
      cluster(one, 'Cluster', { resourceGroup: AzureResourceGroup.create('ci') });
      cluster(two, 'Cluster', { resourceGroup: AzureResourceGroup.create('ci') });
    }, ['resourceGroup: taken by one/Cluster in the same subscription, got "ci"; give each a name of its own, or the stacks an AzureProvider each '
      + 'with its subscriptionId (at two/Cluster)']],
    ['an identity that two stacks make for the cluster of a third', ([one, two, three]) => {
      const ci = cluster(one, 'Cluster');
      [two, three].forEach((stack) => new WorkloadIdentity(stack, 'Jobs', ci, { namespace: 'n', serviceAccountName: stack.node.id, identityName: 'jobs' }));
    }, ['identityName: taken by two/Jobs in the same resource group, got "jobs"; give each a name of its own, or the stacks an AzureProvider each '
      + 'with its subscriptionId (at three/Jobs)']],
    ['a vault, whatever the subscriptions', ([one, two]) => {
      [one, two].forEach((stack, index) => {
        new AzureProvider(stack, 'Provider', { subscriptionId: `00000000-0000-0000-0000-00000000000${index}` });
        server(stack, 'GitLab', { serverKeyVaultName: 'ours' });
      });
    }, ['serverKeyVaultName: taken by one/GitLab in all of Azure, got "ours"; give each a name of its own (at two/GitLab)']],
    ['a second server in the group of another stack\'s cluster, which one refers to and the other names', ([one, two, three]) => {
      const { resourceGroupName } = cluster(one, 'Cluster');
      server(two, 'GitLab', { resourceGroup: AzureResourceGroup.existing(resourceGroupName) });
      server(three, 'GitLab', { resourceGroup: AzureResourceGroup.existing('ONE-cluster-rg') });
    }, ['virtualMachineName: taken by two/GitLab in the same resource group, got "gitlab-vm"; give each a name of its own, or the stacks an AzureProvider each '
      + 'with its subscriptionId (at three/GitLab)']],
    ['a second server in the user\'s group of another stack, which is named there too', ([one, two]) => {
      const group = new ResourceGroup(one, 'Group', { name: 'Shared', location });
      server(one, 'GitLab', { resourceGroup: AzureResourceGroup.existing('shared') });
      server(two, 'GitLab', { resourceGroup: AzureResourceGroup.existing(group.name) });
    }, ['virtualMachineName: taken by one/GitLab in the same resource group, got "gitlab-vm"; give each a name of its own, or the stacks an AzureProvider each '
      + 'with its subscriptionId (at two/GitLab)']],
    ['a second server in a group that only the apply of another stack knows', ([one, two]) => {
      const group = new TerraformVariable(one, 'group', {}).stringValue;
      server(one, 'GitLab', { resourceGroup: AzureResourceGroup.existing(group) });
      server(two, 'GitLab', { resourceGroup: AzureResourceGroup.existing(group) });
    }, ['virtualMachineName: taken by one/GitLab in the same resource group, got "gitlab-vm"; give each a name of its own, or the stacks an AzureProvider each '
      + 'with its subscriptionId (at two/GitLab)']],
  ])('over stacks: %s', (_, fill, expected) => {
    const app = testApp();
    const stacks = ['one', 'two', 'three'].map((id) => new TerraformStack(app, id));
    fill(stacks);
    expect([...new Set(stacks.flatMap(mistakes))]).toEqual(expected);
  });
});

describe('goes through', () => {
  test.each<[string, (stack: TerraformStack) => void]>([
    ['a server and a cluster in one group', (stack) => {
      server(stack, 'GitLab', { resourceGroup: AzureResourceGroup.existing('shared') });
      cluster(stack, 'Cluster', { resourceGroup: AzureResourceGroup.existing('shared') });
    }],
    ['two servers in one group under two names', (stack) => {
      server(stack, 'One', { resourceGroup: AzureResourceGroup.existing('shared'), virtualMachineName: 'one' });
      server(stack, 'Two', { resourceGroup: AzureResourceGroup.existing('shared'), virtualMachineName: 'two' });
    }],
    ['two servers in groups that only the apply knows', (stack) => {
      ['One', 'Two'].forEach((id) => server(stack, id, {
        resourceGroup: AzureResourceGroup.existing(new TerraformVariable(stack, `group${id}`, {}).stringValue),
      }));
    }],
    ['one name in two subscriptions, by a provider with an alias', (stack) => {
      const provider = new AzurermProvider(stack, 'Elsewhere', { features: [{}], alias: 'elsewhere', subscriptionId: 'x' });
      new ResourceGroup(stack, 'Mine', { name: 'shared', location, provider });
      cluster(stack, 'Cluster', { resourceGroup: AzureResourceGroup.create('shared') });
    }],
    ['one name in a subscription that only the apply knows', (stack) => {
      const subscriptionId = new TerraformVariable(stack, 'subscription', {}).stringValue;
      const provider = new AzurermProvider(stack, 'Elsewhere', { features: [{}], alias: 'elsewhere', subscriptionId });
      new ResourceGroup(stack, 'Mine', { name: 'shared', location, provider });
      cluster(stack, 'Cluster', { resourceGroup: AzureResourceGroup.create('shared') });
    }],
    ['names that a for_each makes', (stack) => {
      cluster(stack, 'Cluster');
      ['a', 'b'].forEach((name) => {
        const forEach = TerraformIterator.fromList([name]);
        new StorageContainer(stack, `Of-${name}`, { forEach, name: Token.asString(forEach.value), storageAccountId: 'x' });
      });
    }],
  ])('%s', (_, fill) => {
    expect(made(fill)).toEqual([]);
  });

  test('one group name in two stacks with two subscriptions', () => {
    const app = testApp();
    const stacks = ['one', 'two'].map((id) => new TerraformStack(app, id));
    stacks.forEach((stack, index) => {
      new AzureProvider(stack, 'Provider', { subscriptionId: `00000000-0000-0000-0000-00000000000${index}` });
      cluster(stack, 'Cluster', { resourceGroup: AzureResourceGroup.create('ci') });
    });
    expect(stacks.flatMap(mistakes)).toEqual([]);
  });
});

describe('the id "Default", which cdktf leaves out of names,', () => {
  test.each<[string, (stack: TerraformStack) => void]>([
    ['a cluster', (stack) => {
      cluster(new Construct(stack, 'Default'), 'Cluster', { clusterName: 'one' });
      cluster(stack, 'Cluster', { clusterName: 'two' });
    }],
    ['a server', (stack) => {
      server(stack, 'Cluster');
      server(new Construct(stack, 'Default'), 'Cluster');
    }],
    ['a resource of the user\'s', (stack) => {
      new ResourceGroup(stack, 'Cluster', { name: 'a', location });
      new ResourceGroup(new Construct(stack, 'Default'), 'Cluster', { name: 'b', location });
      cluster(stack, 'Other');
    }],
  ])('is refused where %s would take the place of another', (_, fill) => {
    const all = made(fill);
    expect(all).toHaveLength(1);
    expect(all[0]).toMatch(/^id: Terraform leaves this id out of names, so Test\/(Default\/)?Cluster\S* and Test\/(Default\/)?Cluster\S* would be one, got "Default"; give another id \(at Test\/Default\)$/);
  });

  test('is one like others where it is alone', () => {
    expect(made((stack) => {
      cluster(stack, 'Default');
      server(new Construct(stack, 'Team'), 'Default');
    })).toEqual([]);
  });
});
