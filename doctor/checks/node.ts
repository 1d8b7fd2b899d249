import { onServer, ServerCheck } from './check';
import { Found } from '../../preflight/finding';

/** Whether an application node serves, and the release that the server's own machine allows. */
export const NODE: ServerCheck = {
  name: 'node',
  judge({ look }) {
    const [[release] = [], [edition, installed] = [], [ready] = []] = [look.one('gate'), look.one('version'), look.one('ready')];
    if (release === undefined || installed === undefined) {
      return [{ state: 'broken', what: 'GitLab has not been set up on this node', meaning: 'the set-up step "node" has never come to its end', remedy: 'apply' }];
    }
    const own = `${installed}-${edition}`;
    if (release !== own) {
      return [resting(release, own)];
    }
    if (ready === '200') {
      return [{ state: 'ok', what: `the node serves GitLab ${installed} (${edition})` }];
    }
    // a step takes its node out of the load balancer.
    return look.has('working') ? [] : [{
      state: 'broken', what: `the node is not ready (${ready === '000' ? 'no answer' : `status ${ready}`})`,
      meaning: 'the load balancer sends it nothing, and the other nodes have its share',
      remedy: `${onServer('systemctl restart gitlab-release.service')}; if that does not help: ${onServer('gitlab-ctl status; tail -n 20 /var/log/gitlab/puma/current')}`,
    }];
  },
};

function resting(release: string, own: string): Found {
  if (release === 'none') {
    return {
      state: 'broken', what: 'the node does not reach Redis on the server\'s own machine', meaning: 'sign-in and jobs fail on it, and after a restart it does not serve',
      remedy: `see what is said of the server; then ${onServer('journalctl -u gitlab-release -n 20 --no-pager')}`,
    };
  }
  return release === 'upgrading' ? { state: 'warning', what: 'the node rests while the server\'s own machine is upgraded', remedy: 'see what is said of the server' } : {
    state: 'warning', what: `the node has GitLab ${own}, and the server's own machine ${release}`, meaning: 'it rests, and takes that release by itself within ten minutes',
    remedy: `if it lasts: ${onServer('journalctl -u gitlab-node -n 30 --no-pager')}`,
  };
}
