import { ServerCheck } from './check';
import { Found } from '../../preflight/finding';
import { duration } from '../server-look';

/** As long as GitLab itself calls a runner online. It writes down only every 40 to 55 minutes that it heard from one. */
const OFFLINE_SECONDS = 2 * 3600;
const WAITS_SECONDS = 3600;

/** The runners as GitLab sees them, which needs no way to the cluster. */
export const RUNNERS: ServerCheck = {
  name: 'runner',
  judge: ({ look }) => [
    ...look.all('runner').map(([name, state, contacted]): Found => {
      const told = `runner ${name}`;
      if (state === 'gone') {
        return {
          state: 'broken', what: `${told}: somebody has deleted it in GitLab`, meaning: 'its manager is refused, and no job of its tags runs', remedy: 'give rerun another value and apply: it is made again, with a new token',
        };
      }
      if (contacted === undefined) {
        return { state: 'broken', what: `${told}: has never asked for jobs`, meaning: 'its manager does not run, or does not reach GitLab', remedy: 'see what is said of the cluster' };
      }
      const silence = look.ageSeconds(contacted);
      if (silence > OFFLINE_SECONDS) {
        return { state: 'broken', what: `${told}: has not asked for jobs for ${duration(silence)}`, meaning: 'no job of its tags runs', remedy: 'see what is said of the cluster' };
      }
      return state === 'paused' ? { state: 'warning', what: `${told}: somebody has paused it`, meaning: 'it takes no jobs', remedy: 'in GitLab: Admin, CI/CD, Runners, Resume' }
        : { state: 'ok', what: `${told}: asks for jobs` };
    }),
    ...waiting(look.one('waiting'), (time) => look.ageSeconds(time)),
  ],
};

function waiting([count, oldest]: readonly string[] = ['0'], age: (time: string) => number): Found[] {
  return oldest === undefined || age(oldest) < WAITS_SECONDS ? [] : [{
    state: 'warning', what: `${count} ${count === '1' ? 'job waits' : 'jobs wait'} for a runner, the oldest for ${duration(age(oldest))}`,
    meaning: 'no runner has its tags, or the runners are full', remedy: 'open the job: its page says whether a runner has its tags; if so, raise concurrent or maxCount',
  }];
}
