import { configureGlobal } from 'fast-check';

// the same values each time, so that a red test is the fault of the change at hand; PROPERTY_SEED looks elsewhere.
configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 1) });

export * from 'fast-check';
