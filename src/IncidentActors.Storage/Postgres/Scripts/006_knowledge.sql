-- Full-text search over knowledge entries: a table beside the documents, because an index on them would take HOT updates from every
-- actor. Words are parted at whatever is no letter or digit, as they are in a search; a text vector holds a megabyte at most, and an
-- entry that is longer is found by its beginning.
create table knowledge (
    id    text collate "C" primary key,
    words tsvector not null
);
create index knowledge_by_words on knowledge using gin (words);

create function words_of(text) returns tsvector language sql immutable as $$
    select to_tsvector('english', regexp_replace(left(coalesce($1, ''), 100000), '[^[:alnum:]]+', ' ', 'g'))
$$;

create function index_knowledge() returns trigger language plpgsql as $$
declare
    entry json := new.document->'entry';
begin
    insert into knowledge values (
        new.id,
        setweight(words_of(entry->>'title'), 'A') || setweight(words_of(entry->>'tags'), 'B')
            || words_of(concat_ws(' ', entry->>'body', entry->>'relatedFiles', entry->>'impact')))
    on conflict (id) do update set words = excluded.words;
    return null;
end $$;

create trigger knowledge_written after insert or update on actors
    for each row when (new.kind = 'knowledge') execute function index_knowledge();
