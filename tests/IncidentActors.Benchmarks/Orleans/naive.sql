-- Grain storage. What it holds may be lost without harm: the journal is the truth.
-- A write is refused by answering with the version that came in (or nothing), never by an error.

create table snapshots (
    service text not null,
    state text not null,
    n0 bigint not null,
    n1 bigint not null,
    extension text,
    payload bytea,
    version integer not null,
    unique nulls not distinct (service, state, n0, n1, extension)
);

insert into orleansquery values ('ReadFromStorageKey', $query$
select payload as payloadbinary, version from snapshots
where service = @ServiceId and state = @GrainTypeString and n0 = @GrainIdN0 and n1 = @GrainIdN1
  and extension is not distinct from @GrainIdExtensionString
$query$);

insert into orleansquery values ('WriteToStorageKey', $query$
with changed as (
    update snapshots set payload = @PayloadBinary, version = version + 1
    where service = @ServiceId and state = @GrainTypeString and n0 = @GrainIdN0 and n1 = @GrainIdN1
      and extension is not distinct from @GrainIdExtensionString and version = @GrainStateVersion
    returning version),
born as (
    insert into snapshots (service, state, n0, n1, extension, payload, version)
    select @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, @GrainIdExtensionString, @PayloadBinary, 1
    where @GrainStateVersion is null
    on conflict do nothing
    returning version)
select version as newgrainstateversion from (select version from changed union all select version from born) written
$query$);

insert into orleansquery values ('ClearStorageKey', $query$
update snapshots set payload = null, version = version + 1
where service = @ServiceId and state = @GrainTypeString and n0 = @GrainIdN0 and n1 = @GrainIdN1
  and extension is not distinct from @GrainIdExtensionString and version = @GrainStateVersion
returning version
$query$);

insert into orleansquery values ('DeleteStorageKey', $query$
delete from snapshots
where service = @ServiceId and state = @GrainTypeString and n0 = @GrainIdN0 and n1 = @GrainIdN1
  and extension is not distinct from @GrainIdExtensionString and version = @GrainStateVersion
returning version + 1
$query$);
