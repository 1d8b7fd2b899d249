export const MESSAGES: { [mistake: string]: string } = {};
