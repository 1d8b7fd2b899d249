/** What is wrong with what the user gave, to be told in one line. */
export class InputError extends Error {}
