-- What a commit is made of: each part is one set-based function, and all of them run in one transaction. A part whose
-- assumptions do not hold raises IA002, and the transaction ends; the caller looks at what is there and decides per turn.
-- Rows are locked in the order of their ids, so that nobody waits in a circle: arrays come sorted and nested loops keep their
-- order; where the order of the turns counts, they come in that order and are sorted here.

-- First in every commit. Ordinary commits share the fence's lock, a halt has it alone: so whoever holds it reads an epoch that
-- stays true until the end of the transaction.
create function enter_commit(the_lane uuid, the_number bigint, expected_epoch bigint, raises_halt boolean) returns void
language plpgsql as $$
begin
    if raises_halt then
        perform pg_advisory_xact_lock(7310579618340464);
    else
        perform pg_advisory_xact_lock_shared(7310579618340464);
    end if;

    update lanes set number = the_number, used_at = now() where lane = the_lane and number < the_number;
    if not found then
        raise exception 'the lane has been settled or removed' using errcode = 'IA003';
    end if;

    if (select epoch from fence) <> expected_epoch then
        raise exception 'a halt was raised or lifted' using errcode = 'IA001';
    end if;
end $$;

create function refuse_unless(expected bigint, actual bigint, part text) returns void
language plpgsql as $$
begin
    if expected <> actual then
        raise exception '%: % of % are as expected', part, actual, expected using errcode = 'IA002';
    end if;
end $$;

-- Only where a commit guards actors: locks what it changes and what it read in one order. An actor that must not exist is
-- locked by adding and removing it: whoever else would add it waits until this transaction has ended.
create function guard_actors(ids text[], versions bigint[], absent text[]) returns void
language plpgsql
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
declare
    affected bigint;
begin
    select count(*) into affected from (
        select from unnest(ids, versions) as n (id, version) join actors a on a.id = n.id and a.version = n.version
        order by n.id collate "C"
        for no key update of a) as locked;
    perform refuse_unless(cardinality(ids), affected, 'actors');

    insert into actors (id, kind, version, status, open, rank, document)
    select id, '', 0, '', false, 0, 'null' from unnest(absent) as n (id)
    on conflict do nothing;
    get diagnostics affected = row_count;
    perform refuse_unless(cardinality(absent), affected, 'absent actors');
    delete from actors where id = any (absent);
end $$;

create function change_actors(
    ids text[], expected bigint[], versions bigint[], statuses text[], opens boolean[], ranks integer[], incidents text[],
    owners text[], flows text[], documents json[]) returns void
language plpgsql
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
declare
    affected bigint;
begin
    update actors a set
        version = n.version, status = n.status, open = n.open, rank = n.rank, incident = n.incident, owner = n.owner, flow = n.flow,
        document = n.document
    from unnest(ids, expected, versions, statuses, opens, ranks, incidents, owners, flows, documents)
        as n (id, expected, version, status, open, rank, incident, owner, flow, document)
    where a.id = n.id and a.version = n.expected;
    get diagnostics affected = row_count;
    perform refuse_unless(cardinality(ids), affected, 'changed actors');
end $$;

-- In the order of the turns, which is the order of birth.
create function add_actors(
    ids text[], kinds text[], versions bigint[], statuses text[], opens boolean[], ranks integer[], incidents text[],
    owners text[], flows text[], documents json[]) returns void
language plpgsql as $$
declare
    affected bigint;
    numbers bigint[];
begin
    select array_agg(nextval('births')) into numbers from generate_series(1, cardinality(ids));
    insert into actors (id, kind, version, status, open, rank, incident, owner, flow, document, born)
    select n.id, n.kind, n.version, n.status, n.open, n.rank, n.incident, n.owner, n.flow, n.document, numbers[n.place]
    from unnest(ids, kinds, versions, statuses, opens, ranks, incidents, owners, flows, documents) with ordinality
        as n (id, kind, version, status, open, rank, incident, owner, flow, document, place)
    order by n.id collate "C"
    on conflict do nothing;
    get diagnostics affected = row_count;
    perform refuse_unless(cardinality(ids), affected, 'new actors');
end $$;

-- Returns the events' positions in their order.
create function add_events(
    actors text[], versions bigint[], names text[], ats bigint[], bys text[], payloads json[], incidents text[], causes text[],
    tokens text[], traces text[]) returns bigint[]
language plpgsql as $$
declare
    places bigint[];
    this_tx bigint;
begin
    select array_agg(nextval('positions')) into places from generate_series(1, cardinality(actors));
    select era + pg_current_xact_id()::text::bigint into this_tx from fence;
    insert into events (position, actor, version, name, at, by, payload, incident, cause, token, trace, tx)
    select n.*, this_tx
    from unnest(places, actors, versions, names, ats, bys, payloads, incidents, causes, tokens, traces) as n;
    return places;
end $$;

create function add_answers(keys text[], hashes text[], jsons json[], ats bigint[]) returns void
language plpgsql as $$
declare
    affected bigint;
begin
    insert into answers select * from unnest(keys, hashes, jsons, ats) on conflict do nothing;
    get diagnostics affected = row_count;
    perform refuse_unless(cardinality(keys), affected, 'new keys');
end $$;

-- Only where a commit starts or stops clocks: locks every effect that is there already in one order.
create function lock_effects(ids text[]) returns void
language plpgsql
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
begin
    perform from unnest(ids) as n (id) join effects e on e.id = n.id order by n.id collate "C" for update of e;
end $$;

create function consume_effects(ids text[], tokens text[]) returns void
language plpgsql
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
declare
    affected bigint;
begin
    delete from effects e using unnest(ids, tokens) as n (id, token) where e.id = n.id and e.lease_token = n.token;
    get diagnostics affected = row_count;
    perform refuse_unless(cardinality(ids), affected, 'effects');
end $$;

create function cancel_effects(ids text[]) returns void
language plpgsql
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
begin
    delete from effects e using unnest(ids) as n (id) where e.id = n.id;
end $$;

create function take_effects(until_now bigint, at_most bigint, token text, lease_end bigint)
returns table (
    id text, target text, command json, due bigint, counted bigint, subject json, clock boolean, lease_token text, attempts integer)
language plpgsql
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
begin
    return query
    with free as (
        select f.id, f.ready from effects f where f.ready <= until_now order by f.ready, f.no limit at_most for update skip locked),
    taken as (
        update effects e set lease_token = token, ready = lease_end, attempts = e.attempts + 1
        from free where e.id = free.id
        returning free.ready as was_ready, e.*)
    select t.id, t.target, t.command, t.due, t.counted, t.subject, t.clock, t.lease_token, t.attempts
    from taken t order by t.was_ready, t.no;
end $$;

-- In the order of the turns, which is the order in which effects of one time are taken.
create function write_effects(
    ids text[], targets text[], commands json[], dues bigint[], counteds bigint[], subjects json[], clocks boolean[], tokens text[],
    readies bigint[], tries integer[]) returns void
language plpgsql as $$
declare
    numbers bigint[];
begin
    select array_agg(nextval('effect_numbers')) into numbers from generate_series(1, cardinality(ids));
    insert into effects (id, target, command, due, counted, subject, clock, lease_token, ready, attempts, no)
    select n.id, n.target, n.command, n.due, n.counted, n.subject, n.clock, n.token, n.ready, n.attempts, numbers[n.place]
    from unnest(ids, targets, commands, dues, counteds, subjects, clocks, tokens, readies, tries) with ordinality
        as n (id, target, command, due, counted, subject, clock, token, ready, attempts, place)
    order by n.id collate "C"
    on conflict (id) do update set
        no = excluded.no, target = excluded.target, command = excluded.command, due = excluded.due, counted = excluded.counted,
        subject = excluded.subject, clock = excluded.clock, lease_token = excluded.lease_token, ready = excluded.ready,
        attempts = excluded.attempts;
end $$;

create function release_claims(names text[], holders text[]) returns void
language plpgsql
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
begin
    delete from claims c using unnest(names, holders) as n (name, holder) where c.name = n.name and c.holder = n.holder;
end $$;

create function take_claims(names text[], holders text[]) returns void
language plpgsql as $$
declare
    affected bigint;
begin
    insert into claims as c select * from unnest(names, holders)
    on conflict (name) do update set holder = excluded.holder where c.holder = excluded.holder;
    get diagnostics affected = row_count;
    perform refuse_unless(cardinality(names), affected, 'claims');
end $$;

create function add_messages(ids text[], recipients text[], priorities integer[], sent_ats bigint[], documents json[]) returns void
language plpgsql as $$
begin
    insert into messages (id, recipient, priority, sent_at, document)
    select * from unnest(ids, recipients, priorities, sent_ats, documents);
end $$;

create function acknowledge_messages(ids text[], ats bigint[], bys text[], notes json[]) returns void
language plpgsql
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
begin
    update messages m set acked_at = n.at, acked_by = n.by, ack_notes = n.notes
    from unnest(ids, ats, bys, notes) as n (id, at, by, notes)
    where m.id = n.id and m.acked_at is null;
end $$;

-- Under the fence's lock alone; everybody who listens hears of it with the commit.
create function write_halt(the_id text, raised bigint, lifted bigint, the_document json) returns void
language plpgsql as $$
begin
    insert into halts (id, raised_at, lifted_at, document) values (the_id, raised, lifted, the_document)
    on conflict (id) do update set lifted_at = excluded.lifted_at, document = excluded.document;
    update effects set lease_token = null, ready = due where lease_token = 'parked:' || the_id;
    update fence set epoch = epoch + 1;
    perform pg_notify('incident_actors', 'Halt');
end $$;
