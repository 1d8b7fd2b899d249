import { existsSync, readFileSync } from 'fs';
import { join } from 'path';

const ASSEMBLY = join(__dirname, '..', '.jsii');
if (!existsSync(ASSEMBLY)) {
  throw new Error('no .jsii: run `npx projen compile` first');
}

/** One more has to be worth it to users: docs/decisions/0027-public-types.md. */
const PUBLIC_TYPES = 124;

test('there are as many public types as we mean to have', () => {
  expect(Object.keys(JSON.parse(readFileSync(ASSEMBLY, 'utf8')).types)).toHaveLength(PUBLIC_TYPES);
});
