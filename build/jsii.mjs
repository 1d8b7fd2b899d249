// jsii, in a checkout anywhere: `node build/jsii.mjs ARGUMENT…`. It reads where a type is declared out of a name that TypeScript gives it, in which all but ASCII is
// escaped, so where the checkout's path has an umlaut it finds none of its own files.
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const require = createRequire(resolve('node_modules/jsii/bin/jsii'));
const typescript = require('typescript');
const unescaped = (name) => name.replace(/\\u([0-9A-F]{4})/g, (_, code) => String.fromCharCode(parseInt(code, 16)));

require.cache[require.resolve('typescript')].exports = {
  ...typescript,
  createIncrementalProgram(options) {
    const builder = typescript.createIncrementalProgram(options);
    const checker = builder.getProgram().getTypeChecker();
    const { getFullyQualifiedName } = checker;
    checker.getFullyQualifiedName = (symbol) => unescaped(getFullyQualifiedName(symbol));
    return builder;
  },
};
require('./jsii');
