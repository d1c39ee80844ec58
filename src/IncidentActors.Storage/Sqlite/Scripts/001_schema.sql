-- Times are 100 ns since 1970-01-01 UTC. JSON stands as the text it was given as.

-- One row per actor: its version and its document. "no" is also its birth in lists.
create table actors (
    no       integer primary key,
    kind     text    not null,
    key      text    not null,
    version  integer not null,
    status   text    not null,
    open     integer not null,
    rank     integer not null,
    incident text,
    owner    text,
    flow     text,
    document text    not null
);
create unique index actors_by_id on actors (kind, key);
create index actors_listed on actors (kind, open, rank, no);
create index actors_of_incident on actors (incident, kind) where incident is not null;
create index actors_of_owner on actors (owner, kind) where owner is not null;

create table events (
    position integer primary key,
    actor    integer not null,
    version  integer not null,
    name     text    not null,
    at       integer not null,
    by       text    not null,
    payload  text    not null,
    incident text,
    cause    text,
    token    text,
    trace    text
);
create unique index events_of_actor on events (actor, version);
create index events_of_incident on events (incident, position) where incident is not null;

-- The first answer under every idempotency key.
create table answers (
    no           integer primary key,
    key          text    not null,
    request_hash text    not null,
    json         text    not null,
    at           integer not null
);
create unique index answers_by_key on answers (key);

-- What is still to be done. "ready" is when it may be taken: due, and not leased.
create table effects (
    no          integer primary key,
    id          text    not null,
    target      text    not null,
    command     text    not null,
    due         integer not null,
    counted     integer not null,
    subject     text,
    clock       integer not null,
    lease_token text,
    ready       integer not null,
    attempts    integer not null
);
create unique index effects_by_id on effects (id);
create index effects_ready on effects (ready);

create table claims (
    name   text primary key,
    holder text not null
) without rowid;

create table messages (
    no        integer primary key,
    id        text    not null,
    recipient text    not null,
    priority  integer not null,
    sent_at   integer not null,
    document  text    not null,
    acked_at  integer,
    acked_by  text,
    ack_notes text
);
create unique index messages_by_id on messages (id);
create index messages_unread on messages (recipient, priority, sent_at, no) where acked_at is null;

create table halts (
    no        integer primary key,
    id        text    not null unique,
    raised_at integer not null,
    lifted_at integer,
    document  text    not null
);

-- Counts the halts that were raised or lifted: who evaluated coverage under another epoch does it again.
create table fence (epoch integer not null);
insert into fence values (0);
