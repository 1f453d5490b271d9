'use strict';
// Loads the WASM build of Prisma's schema engine.
const { readFileSync } = require('node:fs');
const { dirname, join } = require('node:path');

const GLUE = '@prisma/schema-engine-wasm/schema_engine_bg';
/** The name under which the engine's glue looks for its panic text. */
const PANICS = 'PRISMA_WASM_PANIC_REGISTRY';

const panics = {
  message: '',
  set_message(text) {
    this.message = text;
  },
};

/** Resolves with the class of the engine. */
async function loadEngine() {
  const glue = await import(GLUE);
  const bytes = readFileSync(join(dirname(require.resolve(GLUE)), 'schema_engine_bg.wasm'));
  globalThis[PANICS] = panics;
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return glue.SchemaEngine;
}

/** What the engine said when it panicked last, or an empty text. */
const lastPanic = () => panics.message;

module.exports = { lastPanic, loadEngine };
