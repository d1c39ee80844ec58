-- A node that stands still in the middle of sending a commit keeps the locks that it has taken, the fence's among them, for as long as
-- it stands: no halt could be raised. Whoever beats ends such sessions; what they had begun is not applied, and the node learns that from its
-- lane. A session that waits for its client between two statements of one transaction is 'active'; COPY waits so by its nature.
create function end_stalled(after interval) returns bigint
language sql as $$
    select count(pg_terminate_backend(pid)) from pg_stat_activity
    where datname = current_database() and usename = current_user and application_name = current_setting('application_name')
        and pid <> pg_backend_pid() and state = 'active' and wait_event = 'ClientRead' and query not ilike 'copy %'
        and greatest(query_start, state_change) < clock_timestamp() - after
$$;
