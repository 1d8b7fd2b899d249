import { CloudHosts } from '../../azure/place/cloud-hosts';
import { ServerEndpoint } from '../endpoint/server-endpoint';
import { MetricsTarget } from '../private/watched-server';
import { addressParameters } from '../set-up/bootstrap';
import { FeatureStep, GitLabRbPart, SetUpPart } from '../set-up/set-up-part';

/** Where the script puts the token, which it knows too. */
const TOKEN_FILE = '/run/gitlab-metrics/token';

/** The series that rules and the dashboard ask for, and no more: Azure bills each. All others stay in GitLab's own Prometheus. */
const KEPT = [
  'node_filesystem_((avail|size)_bytes|files|files_free);(/|/srv/gitlab)',
  '(gitlab_server_.+|sidekiq_queue_latency_seconds|node_memory_(MemAvailable|MemTotal)_bytes|node_load5|ci_(pending|stale)_builds|up);',
];

/** What one server sends, from when somebody asks for it. */
export class ServerMetricsSetUp implements SetUpPart {
  private target?: MetricsTarget;

  constructor(private readonly endpoint: ServerEndpoint, private readonly hosts: CloudHosts, private readonly httpProxy?: string) {}

  public send(target: MetricsTarget): void {
    this.target = target;
  }

  public get gitlabRb(): GitLabRbPart | undefined {
    return this.target && {
      fixed: {
        prometheus: {
          remote_write: [{
            url: this.target.writeUrl,
            // only root may ask the metadata service, so a file has the token of the machine's identity.
            authorization: { type: 'Bearer', credentials_file: TOKEN_FILE },
            ...this.httpProxy === undefined ? {} : { proxy_url: this.httpProxy },
            write_relabel_configs: [{ source_labels: ['__name__', 'mountpoint'], regex: KEPT.join('|'), action: 'keep' }],
          }],
        },
      },
    };
  }

  public get steps(): FeatureStep[] {
    return this.target ? [{
      name: 'metrics', scripts: [], parameters: { ...addressParameters(this.endpoint), MONITOR_DOMAIN: this.hosts.monitor }, standsAlone: true,
    }] : [];
  }
}
