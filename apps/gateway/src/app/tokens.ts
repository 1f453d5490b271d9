/** What the gateway's Nest module hands out. */
export const SETTINGS = Symbol('SETTINGS');
export const LOGGER = Symbol('LOGGER');
export const METRICS = Symbol('METRICS');
export const PRODUCER = Symbol('PRODUCER');
export const INSPECTOR = Symbol('INSPECTOR');
