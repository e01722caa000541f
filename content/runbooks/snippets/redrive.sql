-- Writes an outbox row for each lead that has waited longer than :minutes minutes in a state of the pipeline.
BEGIN;
SET LOCAL lock_timeout = '3s';

WITH stuck AS (
  SELECT lead_id, state
    FROM lead
   WHERE received_at > now() - interval '2 days'
     AND state IN ('received', 'validated', 'enriched', 'scored', 'routed')
     AND updated_at < now() - make_interval(mins => :minutes)
   ORDER BY updated_at
   LIMIT 5000
     FOR UPDATE SKIP LOCKED
)
INSERT INTO outbox (lead_id, routing_key, reason)
SELECT lead_id, 'lead.' || state, 'redrive'
  FROM stuck
RETURNING lead_id;

COMMIT;
