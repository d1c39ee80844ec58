-- Lists of hundreds of thousands: every order that is asked for has its index, so that a page costs what it shows. Only columns that rarely
-- change stand in them.
drop index actors_listed;
create index actors_listed on actors (kind, open, rank, no desc);
create index actors_by_rank on actors (kind, rank, no desc);
create index actors_by_birth on actors (kind, no);
drop index actors_of_owner;
create index actors_of_owner on actors (owner, kind, open, rank, no desc) where owner is not null;
create index actors_of_flow on actors (kind, flow, rank, no desc) where flow is not null;

create index halts_active on halts (no) where lifted_at is null;
create index halts_lifted on halts (lifted_at) where lifted_at is not null;

-- What is parked under a halt is "ready" at the end of time (Shapes.Ticks of the last one): a lift finds it without looking at every clock.
create index effects_parked on effects (lease_token) where ready = 2534023007999999999;
