export { asyncApiDocument } from './asyncapi.js';
export { cataloguePage } from './catalogue-page.js';
export { envelopeJsonSchema, exampleEnvelope } from './envelope-json-schema.js';
