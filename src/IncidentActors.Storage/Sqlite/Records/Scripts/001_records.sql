-- Documents beside the journal: tokens, subscriptions, deliveries, leases.
create table records (
    kind text not null,
    key text not null,
    version integer not null,
    document text not null,
    primary key (kind, key)
) without rowid;
