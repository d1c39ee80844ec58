-- Ends stalled sessions as 008_stalled.sql says, and tells which: whoever ended them logs them. 008's stays for nodes of earlier versions.
-- Materialized: within one "where" the planner may end sessions before it has looked whether they are stalled.
create function end_stalled_sessions(after interval) returns table (process integer, client text, stood interval)
language sql as $$
    with stalled as materialized (
        select pid, coalesce(client_addr::text || ':' || client_port, 'this machine') as client,
            clock_timestamp() - greatest(query_start, state_change) as stood
        from pg_stat_activity
        where datname = current_database() and usename = current_user and application_name = current_setting('application_name')
            and pid <> pg_backend_pid() and state = 'active' and wait_event = 'ClientRead' and query not ilike 'copy %'
            and greatest(query_start, state_change) < clock_timestamp() - after
    )
    select pid, client, stood from stalled where pg_terminate_backend(pid)
$$;
