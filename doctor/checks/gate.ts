import { onServer, ServerCheck } from './check';

/** Whether application nodes may be at work, which Redis tells them. They alone answer at port 443. */
export const GATE: ServerCheck = {
  name: 'nodes',
  judge({ look }) {
    const [release] = look.one('gate') ?? [];
    if (release === 'none') {
      return [{
        state: 'broken', what: 'Redis does not tell application nodes which release may be at work', meaning: 'a node that starts now does not serve',
        remedy: `${onServer('gitlab-ctl status redis')}; if it runs, give rerun another value and apply`,
      }];
    }
    return release !== 'upgrading' || look.has('working') ? [] : [{
      state: 'broken', what: 'application nodes are told to rest, and no upgrade is at work',
      meaning: 'nobody reaches GitLab: somebody has stopped the nodes for a restore, or an upgrade was cut off', remedy: 'give rerun another value and apply',
    }];
  },
};
