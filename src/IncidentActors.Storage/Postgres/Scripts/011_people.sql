-- More for people with psql (docs/SQL.md): times are timestamptz, severities and priorities have their names, and the timeline reads as one.

create function shown_time(document json, name text) returns timestamptz language sql stable as
$$ select (document ->> name)::timestamptz $$;

create or replace view incidents as
select substr(id, 10) as id, status, open, rank as severity, flow, owner, version,
    shown(document) ->> 'title' as title, shown(document) as document,
    'SEV-' || rank as sev, shown(document) ->> 'category' as category, owner as commander,
    shown_time(document, 'startedAt') as started_at, shown_time(document, 'declaredAt') as declared_at,
    shown_time(document, 'acknowledgedAt') as acknowledged_at, shown_time(document, 'mitigatedAt') as mitigated_at,
    shown_time(document, 'resolvedAt') as resolved_at, shown_time(document, 'closedAt') as closed_at
from actors where kind = 'incident';

create or replace view atps as
select substr(id, 5) as id, status, open, rank as priority, flow, owner, incident, version,
    shown(document) ->> 'title' as title, shown(document) as document,
    'P' || rank as p, shown(document) ->> 'type' as type, shown_time(document, 'createdAt') as created_at,
    shown_time(document, 'dueAt') as due_at, shown_time(document, 'closedAt') as closed_at
from actors where kind = 'atp';

create or replace view approvals as
select substr(id, 10) as id, status, open, owner, incident, version, shown(document) as document,
    owner as role, shown(document) ->> 'atpId' as atp, shown(document) ->> 'question' as question, shown_time(document, 'askedAt') as asked_at,
    shown_time(document, 'decidedAt') as decided_at, shown(document) ->> 'decidedBy' as decided_by
from actors where kind = 'approval';

create or replace view messages_view as
select id, recipient, priority, shown(sent_at) as sent_at, shown(acked_at) as acked_at, acked_by, shown(document) as document,
    'P' || priority as p, shown(document) ->> 'from' as sender, shown(document) ->> 'type' as type, shown(document) ->> 'subject' as subject,
    shown(document) ->> 'body' as body, shown(document) ->> 'atpId' as atp, shown(document) ->> 'incidentId' as incident
from messages;

create view timeline as
select incident, shown(at) as at, by, name as event, substr(actor, position('/' in actor) + 1) as what, shown(payload) as details, tx, events.position
from events where incident is not null;
