import { Fn, ITerraformDependable, Token } from 'cdktf';
import { Construct } from 'constructs';
import { assignIdentityRole } from '../../azure/access/role-assignment';
import { AzureRole } from '../../azure/azure-role';
import { isSameName } from '../../azure/names/same-name';
import { subnetCidrs, virtualNetworkOf } from '../../azure/network/existing-subnet';
import { standInOwnSubscription } from '../../azure/place/subnet-subscription';
import { digest } from '../../private/default-name';
import { remembered } from '../../private/memory';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { IAksCluster } from '../cluster';

/** What a cluster of ours has besides. */
interface Joining extends IAksCluster {
  readonly _newSubnetCidr?: string;
  readonly _controlPlanePrincipalId?: string;
  readonly _apiServerSubnetId?: string;
}

interface PoolSubnet {
  readonly cidrs: string[];
  readonly ready: ITerraformDependable[];
}

/** The subnets of a cluster's pools beside the cluster's own. */
export class PoolSubnets {
  static of(cluster: IAksCluster): PoolSubnets {
    return remembered(cluster, 'PoolSubnets', () => new PoolSubnets(cluster));
  }

  private readonly subnets = new Map<string, PoolSubnet>();
  private told = false;

  private constructor(private readonly cluster: Joining) {}

  /**
   * Puts a pool into a subnet.
   * @returns what has to be there before the pool: the control plane's right to join it. On a cluster that exists somebody else has given it.
   */
  join(pool: Construct, subnetId: string): ITerraformDependable[] {
    this.check(pool, subnetId);
    standInOwnSubscription(pool, 'subnet', subnetId);
    const key = known(subnetId) ? subnetId.toLowerCase() : subnetId;
    if (known(this.cluster.subnetId) && key === this.cluster.subnetId.toLowerCase()) {
      return [];
    }
    let subnet = this.subnets.get(key);
    if (!subnet) {
      this.refuseLate(pool, subnetId);
      subnet = this.add(pool, subnetId, key);
      this.subnets.set(key, subnet);
    }
    return subnet.ready;
  }

  /** Their blocks, for a rule that is made now. */
  tell(): string[] {
    this.told = true;
    return this.cidrs();
  }

  /** Their blocks, as far as pools are known. */
  cidrs(): string[] {
    const all = [...this.subnets.values()].map(({ cidrs }) => cidrs);
    return all.length > 0 ? Token.asList(Fn.concat(all)) : [];
  }

  /** A subnet is a part of a role's identity: two roles of one identity on the same are refused. */
  private add(pool: Construct, subnetId: string, key: string): PoolSubnet {
    const { cluster } = this;
    const [scope, suffix] = known(subnetId) ? [cluster as unknown as Construct, `-${digest(key)}`] : [pool, ''];
    const principalId = cluster._controlPlanePrincipalId;
    return {
      cidrs: subnetCidrs(scope, `PoolSubnet${suffix}`, subnetId),
      ready: principalId === undefined ? [] : [assignIdentityRole(scope, `PoolSubnetRole${suffix}`, AzureRole.NETWORK_CONTRIBUTOR, subnetId, principalId)],
    };
  }

  /** All pools of a cluster are in one virtual network. */
  private check(pool: Construct, subnetId: string): void {
    const { subnetId: own, _newSubnetCidr: newSubnet } = this.cluster;
    const refuse = (problem: string, remedy: string) => new ValidationError(pool, { prop: 'subnet', problem, got: subnetId, remedy });
    if (known(subnetId) && newSubnet !== undefined) {
      throw refuse('not in the virtual network of the cluster, which makes its own', 'give the cluster AzureSubnet.existing() of the same network, or leave it out');
    }
    if (known(subnetId) && known(own) && virtualNetworkOf(subnetId).toLowerCase() !== virtualNetworkOf(own).toLowerCase()) {
      throw refuse(`not in the virtual network of the cluster, ${virtualNetworkOf(own)}`, 'give a subnet of that network, or leave it out');
    }
    if (isSameName(subnetId, this.cluster._apiServerSubnetId)) {
      throw refuse('the API server\'s own subnet, where nothing else may be', 'give another subnet of the network, or leave it out');
    }
  }

  private refuseLate(pool: Construct, subnetId: string): void {
    if (this.told) {
      throw new ValidationError(pool, {
        prop: 'subnet', problem: 'a rule for the nodes\' subnets has been made already, which would not let this pool in', got: subnetId,
        remedy: 'add the pool before the runners and rules that name the cluster',
      });
    }
  }
}
