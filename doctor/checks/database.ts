import { ServerCheck } from './check';

/** A move of the database to another server, and what it left behind. */
export const DATABASE: ServerCheck = {
  name: 'database',
  judge({ look }) {
    // a move that is at work has not come to its end either.
    const moving = look.has('working') ? [] : look.all('moving');
    return [
      ...moving.map(([host]) => ({
        state: 'warning' as const, what: `the move of the database to ${host} has not come to its end`,
        meaning: 'GitLab goes on with the database on its data disk, or is down if the apply was killed',
        remedy: 'apply again; to give the move up, set database back to GitLabDatabase.embedded() and apply',
      })),
      ...look.all('moved').map(([megabytes]) => ({
        state: 'ok' as const, what: `the database from before its move is kept on the data disk, ${Math.ceil(Number(megabytes) / 1024)} GB`,
      })),
    ];
  },
};
