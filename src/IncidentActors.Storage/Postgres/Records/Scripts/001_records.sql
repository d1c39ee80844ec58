-- Documents beside the journal: tokens, subscriptions, deliveries, leases.
create table records (
    kind text collate "C" not null,
    key text collate "C" not null,
    version bigint not null,
    document bytea not null,
    primary key (kind, key)
);

-- All or nothing: a write that does not meet its expected version raises IA010, and the caller's transaction ends.
create function write_record(p_kind text, p_key text, p_expected bigint, p_document bytea) returns void language plpgsql as $$
begin
    if p_document is null then
        delete from records where kind = p_kind and key = p_key and version = p_expected;
        if not found and p_expected > 0 then raise exception 'record moved' using errcode = 'IA010'; end if;
        if p_expected = 0 and exists (select 1 from records where kind = p_kind and key = p_key) then raise exception 'record moved' using errcode = 'IA010'; end if;
    elsif p_expected = 0 then
        insert into records values (p_kind, p_key, 1, p_document) on conflict do nothing;
        if not found then raise exception 'record moved' using errcode = 'IA010'; end if;
    else
        update records set version = version + 1, document = p_document where kind = p_kind and key = p_key and version = p_expected;
        if not found then raise exception 'record moved' using errcode = 'IA010'; end if;
    end if;
end $$;
