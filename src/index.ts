export * from './aks';
export * from './azure';
export * from './delivery';
export * from './gitlab';
export * from './runner';
export * from './warnings';
