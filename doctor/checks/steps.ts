import { ServerCheck } from './check';
import { Found } from '../../preflight/finding';

/** What the run commands of the last applies came to, and the next apply would stumble over. */
export const STEPS: ServerCheck = {
  name: 'set-up',
  judge({ look, server }) {
    const working = look.has('working');
    // what the program no longer has is nobody's concern.
    const steps = look.all('step').filter(([step]) => server.steps.has(step));
    const found = steps.flatMap(([step, state, ...words]): Found[] => {
      if (state === 'failed') {
        return [{
          state: 'broken', what: `the set-up step ${step} failed: ${words.join(' ')}`, meaning: 'every plan fails until it has succeeded',
          remedy: `do what it says, then: terraform apply -replace=${server.steps.get(step)}`,
        }];
      }
      return state === 'good' || working ? [] : [{
        state: 'broken', what: `the set-up step ${step} was cut off before its end`, meaning: 'it is safe to run again, and goes on where it stopped',
        remedy: 'apply again; if nothing is planned for it, give rerun another value',
      }];
    });
    return [
      ...working ? [{
        state: 'warning', what: 'a set-up step, a patch or a backup is at work just now', meaning: 'an apply that changes the server waits for it, up to an hour',
        remedy: 'look again when it is done',
      } as Found] : [],
      ...found,
      ...!working && found.length === 0 && steps.length > 0 ? [{ state: 'ok', what: `set-up: all ${steps.length} steps went well` } as Found] : [],
    ];
  },
};
