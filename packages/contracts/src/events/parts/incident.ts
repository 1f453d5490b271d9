import { entityId, severity, text } from '../../fields.js';

export const incident = {
  incident_id: entityId,
  service_name: entityId,
  environment: text(255),
  severity,
};
