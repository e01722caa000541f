-- Sets a runtime flag. Services pick it up within 15 seconds.
-- kubectl -n database exec -i svc/ilg-pg-rw -c postgres -- \
--   psql -d leadgen -v ON_ERROR_STOP=1 -v flag=scoring_mode -v value=rules -v who="$USER" -f - < set-flag.sql
BEGIN;

UPDATE runtime_flag
   SET value = :'value', changed_by = :'who', changed_at = now()
 WHERE name = :'flag'
RETURNING name, value, changed_by, changed_at;

COMMIT;
