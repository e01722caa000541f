-- Who blocks whom, longest first.
SELECT blocked.pid              AS blocked_pid,
       now() - blocked.query_start AS waiting,
       blocking.pid             AS blocking_pid,
       blocking.application_name,
       blocking.state,
       left(blocking.query, 60) AS blocking_query
  FROM pg_stat_activity AS blocked
  JOIN LATERAL unnest(pg_blocking_pids(blocked.pid)) AS b(pid) ON true
  JOIN pg_stat_activity AS blocking ON blocking.pid = b.pid
 ORDER BY waiting DESC
 LIMIT 20;

-- Sessions by service and state.
SELECT application_name, state, wait_event_type, count(*)
  FROM pg_stat_activity
 WHERE datname = 'leadgen'
 GROUP BY application_name, state, wait_event_type
 ORDER BY count(*) DESC
 LIMIT 15;
