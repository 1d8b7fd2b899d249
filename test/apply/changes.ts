import { Outcome } from './harness/expectation';
export const EXPECTED: { [struct: string]: { [prop: string]: Outcome | string } } = {};
