/** Laid over `checks/guards.yaml`, by the same schema. */
export { guards } from '../guards.js';
