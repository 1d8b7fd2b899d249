import { FilledProps } from './filled-props';
import { isOpenToAll } from '../../private/cidr';
import { Mistake } from '../../private/validation-error';
import { EndpointPlan } from '../endpoint/endpoint-plan';
import { GitLabMaintenanceWindow } from '../machine/gitlab-maintenance-window';

/** What those have to know who watch a server from outside. */
export interface WatchedServer {
  /** Whether a test from the Internet reaches GitLab; a proxy in front may be anywhere. */
  readonly reachable: 'yes' | 'no' | 'perhaps';
  /** Whether the certificate is one that strangers should trust. */
  readonly certificateTrusted: boolean;
  /** What asks application nodes whether they serve. */
  readonly loadBalancerId?: string;
  /** When it is away without a fault. */
  readonly maintenanceWindow: Required<GitLabMaintenanceWindow>;
  readonly tags?: { readonly [name: string]: string };
}

/** Where the backups arrive. */
export interface WatchedBackup {
  readonly accountId: string;
  readonly accountName: string;
  readonly containerName: string;
  readonly schedule: string;
}

/** Where metrics go. */
export interface MetricsTarget {
  /** The address for Prometheus' remote write. */
  readonly writeUrl: string;
}

/** What the server's own metrics need. */
export interface WatchedMetrics {
  /** Why they cannot be sent. */
  readonly refusal?: Mistake;
  /** Has them sent. It is asked once, before the set-up is written. */
  send(target: MetricsTarget): void;
}

export function watchedServer(
  props: FilledProps, { server: { certificate, letsEncrypt, proxy } }: EndpointPlan, loadBalancerId?: string,
  tags?: { readonly [name: string]: string },
): WatchedServer {
  const { endpoint: { _choice: { kind } }, privateAddress, webAllowedCidrs, maintenanceWindow } = props;
  const open = privateAddress === undefined && isOpenToAll(webAllowedCidrs);
  return {
    reachable: proxy ? (proxy.frontDoorId === undefined ? 'perhaps' : 'yes') : (open ? 'yes' : 'no'),
    // Let's Encrypt may never issue one for a name in Azure's domain.
    certificateTrusted: proxy !== undefined || certificate === 'key-vault' || (kind === 'custom-domain' && letsEncrypt !== undefined),
    loadBalancerId,
    maintenanceWindow,
    tags,
  };
}
