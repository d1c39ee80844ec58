-- Lists of hundreds of thousands: every order that is asked for has its index, so that a page costs what it shows. Only columns that rarely
-- change stand in them: others would take HOT updates from every actor.
drop index actors_listed;
create index actors_listed on actors (kind, open, rank, born desc);
create index actors_by_rank on actors (kind, rank, born desc);
create index actors_by_birth on actors (kind, born);
drop index actors_of_owner;
create index actors_of_owner on actors (owner, kind, open, rank, born desc) where owner is not null;
create index actors_of_flow on actors (kind, flow, rank, born desc) where flow is not null;

create index halts_lifted on halts (lifted_at) where lifted_at is not null;

-- What is parked under a halt is "ready" at the end of time (Shapes.Ticks of the last one): a raise or lift finds it without looking at every
-- clock while it has the fence alone.
create index effects_parked on effects (lease_token) where ready = 2534023007999999999;
create or replace function write_halt(the_id text, raised bigint, lifted bigint, the_document json) returns void
language plpgsql as $$
begin
    insert into halts (id, raised_at, lifted_at, document) values (the_id, raised, lifted, the_document)
    on conflict (id) do update set lifted_at = excluded.lifted_at, document = excluded.document;
    update effects set lease_token = null, ready = due where lease_token = 'parked:' || the_id and ready = 2534023007999999999;
    update fence set epoch = epoch + 1;
    perform pg_notify('incident_actors', 'Halt');
end $$;
