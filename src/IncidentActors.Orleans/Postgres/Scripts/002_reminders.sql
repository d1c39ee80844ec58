-- Reminders survive their silo. A reminder's place on the ring of silos is a signed 32-bit hash; ranges are open below and closed above.

create table reminders (
    service text not null,
    grain text not null,
    name text not null,
    starts_at timestamptz not null,
    period_ms bigint not null,
    hash integer not null,
    version integer not null default 0,
    primary key (service, grain, name)
);

create index reminders_by_hash on reminders (service, hash);

create view reminder as
select service, hash, grain as grainid, name as remindername, starts_at as starttime, period_ms as period, version from reminders;

insert into orleansquery values ('UpsertReminderRowKey', $query$
insert into reminders (service, grain, name, starts_at, period_ms, hash)
values (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash)
on conflict (service, grain, name) do update
set starts_at = excluded.starts_at, period_ms = excluded.period_ms, hash = excluded.hash, version = reminders.version + 1
returning version
$query$);

insert into orleansquery values ('ReadReminderRowsKey', $query$
select * from reminder where service = @ServiceId and grainid = @GrainId
$query$);

insert into orleansquery values ('ReadReminderRowKey', $query$
select * from reminder where service = @ServiceId and grainid = @GrainId and remindername = @ReminderName
$query$);

insert into orleansquery values ('ReadRangeRows1Key', $query$
select * from reminder where service = @ServiceId and hash > @BeginHash and hash <= @EndHash
$query$);

-- The range that passes the end of the ring; begin = end is the whole ring.
insert into orleansquery values ('ReadRangeRows2Key', $query$
select * from reminder where service = @ServiceId and (hash > @BeginHash or hash <= @EndHash)
$query$);

insert into orleansquery values ('DeleteReminderRowKey', $query$
with gone as (
    delete from reminders where service = @ServiceId and grain = @GrainId and name = @ReminderName and version = @Version returning 1)
select exists (select from gone)
$query$);

insert into orleansquery values ('DeleteReminderRowsKey', $query$
delete from reminders where service = @ServiceId
$query$);
