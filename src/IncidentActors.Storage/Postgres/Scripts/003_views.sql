-- For people with psql. Nothing in the program reads them.

create function shown(ticks bigint) returns timestamptz language sql immutable as
$$ select to_timestamp(ticks / 10000000.0) $$;

-- A document in which ->> works: PostgreSQL cannot show U+0000, here it becomes U+2400.
create function shown(document json) returns json language sql immutable as
$$ select replace(document::text, '\u0000', '\u2400')::json $$;

create view incidents as
select substr(id, 10) as id, status, open, rank as severity, flow, owner, version,
    shown(document) ->> 'title' as title, shown(document) as document
from actors where kind = 'incident';

create view atps as
select substr(id, 5) as id, status, open, rank as priority, flow, owner, incident, version,
    shown(document) ->> 'title' as title, shown(document) as document
from actors where kind = 'atp';

create view agents as
select substr(id, 7) as handle, status, open, owner, version, shown(document) ->> 'team' as team, shown(document) as document
from actors where kind = 'agent';

create view approvals as
select substr(id, 10) as id, status, open, owner, incident, version, shown(document) as document
from actors where kind = 'approval';

create view halts_view as
select id, shown(raised_at) as raised_at, shown(lifted_at) as lifted_at,
    shown(document) ->> 'scope' as scope, shown(document) ->> 'reason' as reason, shown(document) ->> 'raisedBy' as raised_by,
    shown(document) ->> 'incident' as incident
from halts;

create view events_view as
select position, actor, version, name, shown(at) as at, by, incident, cause, shown(payload) as payload from events;

create view effects_view as
select id, target, shown(due) as due, clock, lease_token, shown(ready) as ready, attempts, shown(command) as command from effects;

create view messages_view as
select id, recipient, priority, shown(sent_at) as sent_at, shown(acked_at) as acked_at, acked_by, shown(document) as document
from messages;
