import { Check } from './check';
import { NotTried } from '../outcome';
import { demand } from '../platform';

/** Nothing may open anything: runners' and personal tokens, private keys, and passwords that are not references. */
const SECRETS = /\bgl(?:rt|pat|cbt|dt|ptt|soat|agent)-[\w.-]{15,}|-----BEGIN [A-Z ]*PRIVATE KEY-----/;

export const APPLY: Check = {
  claim: 'apply',
  needs: [],
  doing: 'init and apply, about a quarter of an hour',
  async run({ folder, terraform, tell }) {
    await terraform.init(folder.stack);
    tell('    the providers are there');
    await terraform.apply(folder.stack);
    return `${folder.resources} resources`;
  },
};

/** Of preflight's verdict the apply decides. */
export const PREFLIGHT_CLAIM: Check = {
  claim: 'preflight',
  needs: ['apply'],
  doing: 'comparing what preflight said with the apply',
  run: async () => {},
};

export const SECOND_PLAN: Check = {
  claim: 'second-plan',
  needs: ['apply'],
  doing: 'a second plan',
  async run({ folder, terraform }) {
    const changes = await terraform.changes(folder.stack);
    demand(changes.length === 0, `the plan would ${changes.join(', ')}`);
  },
};

export const STATE_WITHOUT_SECRETS: Check = {
  claim: 'state-without-secrets',
  needs: ['apply'],
  doing: 'searching the state for secrets',
  async run({ folder }) {
    const { state } = folder;
    if (state === '') {
      throw new NotTried('the state is not in the folder');
    }
    const [found] = SECRETS.exec(state) ?? [];
    demand(found === undefined, `the state holds something that begins like a secret: ${found?.slice(0, 6)}…`);
  },
};
