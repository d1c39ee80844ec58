-- Who is in the cluster. Orleans knows only the keys, parameters and result columns of the queries below; tables are ours.
-- Every change of a member moves the cluster's version on in the same statement, and only from the version that the silo has read.

create table orleansquery (
    querykey text primary key,
    querytext text not null
);

create table clusters (
    cluster text primary key,
    version integer not null default 0
);

create table members (
    cluster text not null references clusters on delete cascade,
    address text not null,
    port integer not null,
    generation integer not null,
    silo_name text not null,
    host_name text not null,
    status integer not null,
    proxy_port integer not null,
    suspect_times text,
    started_at timestamptz not null,
    alive_at timestamptz not null,
    primary key (cluster, address, port, generation)
);

insert into orleansquery values ('InsertMembershipVersionKey', $query$
with born as (insert into clusters (cluster) values (@DeploymentId) on conflict do nothing returning 1)
select exists (select from born)
$query$);

insert into orleansquery values ('InsertMembershipKey', $query$
with moved as (
    update clusters set version = version + 1
    where cluster = @DeploymentId and version = @Version
      and not exists (select from members m where m.cluster = @DeploymentId and m.address = @Address and m.port = @Port and m.generation = @Generation)
    returning cluster),
born as (
    insert into members (cluster, address, port, generation, silo_name, host_name, status, proxy_port, started_at, alive_at)
    select cluster, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime from moved
    returning 1)
select exists (select from born)
$query$);

insert into orleansquery values ('UpdateMembershipKey', $query$
with moved as (
    update clusters set version = version + 1
    where cluster = @DeploymentId and version = @Version
      and exists (select from members m where m.cluster = @DeploymentId and m.address = @Address and m.port = @Port and m.generation = @Generation)
    returning cluster),
changed as (
    update members m set status = @Status, suspect_times = @SuspectTimes, alive_at = @IAmAliveTime
    from moved
    where m.cluster = moved.cluster and m.address = @Address and m.port = @Port and m.generation = @Generation
    returning 1)
select exists (select from changed)
$query$);

insert into orleansquery values ('UpdateIAmAlivetimeKey', $query$
update members set alive_at = @IAmAliveTime
where cluster = @DeploymentId and address = @Address and port = @Port and generation = @Generation
$query$);

-- One row even when there is no member: the version must be told.
create view membership as
select c.cluster, c.version, m.address, m.port, m.generation, m.silo_name as siloname, m.host_name as hostname, m.status,
       m.proxy_port as proxyport, m.suspect_times as suspecttimes, m.started_at as starttime, m.alive_at as iamalivetime
from clusters c left join members m using (cluster);

insert into orleansquery values ('MembershipReadAllKey', $query$
select * from membership where cluster = @DeploymentId
$query$);

insert into orleansquery values ('MembershipReadRowKey', $query$
select c.version, m.address, m.port, m.generation, m.silo_name as siloname, m.host_name as hostname, m.status,
       m.proxy_port as proxyport, m.suspect_times as suspecttimes, m.started_at as starttime, m.alive_at as iamalivetime
from clusters c left join members m
  on m.cluster = c.cluster and m.address = @Address and m.port = @Port and m.generation = @Generation
where c.cluster = @DeploymentId
$query$);

insert into orleansquery values ('DeleteMembershipTableEntriesKey', $query$
delete from clusters where cluster = @DeploymentId
$query$);

-- Dead silos only (6); one that is slow to report is not ours to forget.
insert into orleansquery values ('CleanupDefunctSiloEntriesKey', $query$
delete from members where cluster = @DeploymentId and status = 6 and alive_at < @IAmAliveTime
$query$);

insert into orleansquery values ('GatewaysQueryKey', $query$
select address, proxy_port as proxyport, generation from members where cluster = @DeploymentId and status = @Status and proxy_port > 0
$query$);
