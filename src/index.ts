export * from './aks';
export * from './alerts';
export * from './azure';
export * from './delivery';
export * from './gitlab';
export * from './runner';
export * from './warnings';
